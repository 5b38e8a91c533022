package superjson

import "slices"

// references writes referentialEqualities: every object that was seen twice or
// more under the shortest of its paths, the root in a form of its own.
func (w *writer) references(seen []*sighting, dedupe bool) error {
	var root *sighting
	var paths []string
	var objects []*sighting
	total, length := 0, 0
	for _, s := range seen {
		if len(s.places) < 2 {
			continue
		}
		if total += len(s.places); total > maxEqualities {
			return &LimitError{"paths of references", maxEqualities}
		}
		if !dedupe { // with it, only the first place holds the object
			slices.SortStableFunc(s.places, func(a, b *step) int { return a.length() - b.length() })
		}
		if s.places[0] == nil {
			root = s
			continue
		}
		path := s.places[0].path()
		if length += len(path); length > maxText {
			return &LimitError{"bytes of text", maxText}
		}
		paths, objects = append(paths, path), append(objects, s)
	}
	if root == nil && objects == nil {
		return nil
	}
	text := `"referentialEqualities":`
	if len(w.text) > 0 {
		text = "," + text
	}
	if root != nil {
		text += "["
	}
	if err := w.add(text); err != nil {
		return err
	}
	separator := "{"
	if root != nil {
		if err := w.equal(root); err != nil {
			return err
		}
		separator = ",{"
	}
	order := jsOrder(paths)
	for i := range objects {
		if order != nil {
			i = order[i]
		}
		if err := w.add(separator); err != nil {
			return err
		}
		if err := w.quote(paths[i]); err != nil {
			return err
		}
		if err := w.add(":"); err != nil {
			return err
		}
		if err := w.equal(objects[i]); err != nil {
			return err
		}
		separator = ","
	}
	if objects != nil {
		if err := w.add("}"); err != nil {
			return err
		}
	}
	if root != nil {
		return w.add("]")
	}
	return nil
}

// equal writes the other paths of an object.
func (w *writer) equal(s *sighting) error {
	separator := "["
	for _, place := range s.places[1:] {
		if err := w.add(separator); err != nil {
			return err
		}
		if err := w.quote(place.path()); err != nil {
			return err
		}
		separator = ","
	}
	return w.add("]")
}
