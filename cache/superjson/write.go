package superjson

import (
	"slices"
	"strconv"
)

// A writer is the text of a document, within its bounds.
type writer struct {
	text     []byte
	path     []byte // to the value
	base     int    // where the part begins that leads from the annotated value above
	segments int    // of that part
}

func (w *writer) add(s string) error {
	if len(w.text)+len(s) > maxText {
		return &LimitError{"bytes of text", maxText}
	}
	w.text = append(w.text, s...)
	return nil
}

func (w *writer) quote(s string) error {
	if len(w.text)+len(s) > maxText {
		return &LimitError{"bytes of text", maxText}
	}
	text, ok := appendString(w.text, s)
	if !ok {
		return &ValueError{Reason: "a key is not UTF-8"}
	}
	w.text = text
	return nil
}

// document writes both parts.
func (e *encoder) document(root *out) (Document, error) {
	var body, meta writer
	if err := body.plain(root); err != nil {
		return Document{}, err
	}
	d := Document{JSON: body.text}
	if root.notes > 0 {
		if err := meta.add(`"values":`); err != nil {
			return Document{}, err
		}
		if err := meta.values(root); err != nil {
			return Document{}, err
		}
	}
	if err := meta.references(e.order, e.dedupe); err != nil {
		return Document{}, err
	}
	if len(meta.text) > 0 {
		d.Meta = append(append([]byte{'{'}, meta.text...), `,"v":1}`...)
	}
	return d, nil
}

func (w *writer) plain(o *out) error {
	if o.text != "" {
		return w.add(o.text)
	}
	open, end := "{", "}"
	if o.array {
		open, end = "[", "]"
	}
	for i, kid := range o.kids {
		if err := w.add(open); err != nil {
			return err
		}
		if open = ","; !o.array {
			if err := w.quote(o.keys[i]); err != nil {
				return err
			}
			if err := w.add(":"); err != nil {
				return err
			}
		}
		if err := w.plain(kid); err != nil {
			return err
		}
	}
	if len(o.kids) == 0 {
		end = open + end
	}
	return w.add(end)
}

// values writes the annotation of a value, [type] or [type, children], or only
// the children of one that has none.
func (w *writer) values(o *out) error {
	if o.note == "" {
		return w.children(o)
	}
	if err := w.add("[" + o.note); err != nil {
		return err
	}
	if slices.ContainsFunc(o.kids, func(kid *out) bool { return kid.notes > 0 }) {
		if err := w.add(","); err != nil {
			return err
		}
		if err := w.children(o); err != nil {
			return err
		}
	}
	return w.add("]")
}

func (w *writer) children(o *out) error {
	base, segments := w.base, w.segments
	w.base, w.segments = len(w.path), 0
	first := "{"
	err := w.lifted(o, &first)
	w.base, w.segments = base, segments
	if err != nil {
		return err
	}
	return w.add("}")
}

// lifted writes the annotations below a value under paths that begin there.
// They are the members of a JavaScript object at every level, so keys that are
// array indexes come first.
func (w *writer) lifted(o *out, separator *string) error {
	for _, indexes := range []bool{true, false} {
		for i, kid := range o.kids {
			if kid.notes == 0 {
				continue
			}
			key := strconv.Itoa(i)
			if !o.array {
				key = o.keys[i]
			}
			_, isIndex := arrayIndex(key)
			if (isIndex && kid.note != "") != indexes {
				continue
			}
			if err := w.below(kid, key, separator); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) below(kid *out, key string, separator *string) error {
	length := len(w.path)
	if w.segments > 0 {
		w.path = append(w.path, '.')
	}
	w.path = appendSegment(w.path, key)
	w.segments++
	defer func() { w.path, w.segments = w.path[:length], w.segments-1 }()
	if kid.note == "" {
		return w.lifted(kid, separator)
	}
	if err := w.add(*separator); err != nil {
		return err
	}
	*separator = ","
	if err := w.quote(string(w.path[w.base:])); err != nil {
		return err
	}
	if err := w.add(":"); err != nil {
		return err
	}
	return w.values(kid)
}
