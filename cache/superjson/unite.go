package superjson

import "math"

// references reads referentialEqualities: {path: [paths]}, or [[paths equal to
// the root], {path: [paths]}].
func (a *annotator) references(equal *node) error {
	others := equal
	if equal.kind == arrayNode {
		if len(equal.kids) == 0 || len(equal.kids) > 2 {
			return malformed("referentialEqualities has another form")
		}
		if err := a.group([]slot{{nil, 0}}, equal.kids[0]); err != nil {
			return err
		}
		if len(equal.kids) == 1 {
			return nil
		}
		others = equal.kids[1]
	}
	if others.kind != objectNode {
		return malformed("referentialEqualities has another form")
	}
	for i, path := range others.keys {
		first, err := a.equal(nil, path)
		if err != nil {
			return err
		}
		if err := a.group(first, others.kids[i]); err != nil {
			return err
		}
	}
	return nil
}

func (a *annotator) group(slots []slot, paths *node) error {
	if paths.kind != arrayNode {
		return malformed("referentialEqualities has another form")
	}
	for _, path := range paths.kids {
		if path.kind != stringNode {
			return malformed("referentialEqualities has another form")
		}
		var err error
		if slots, err = a.equal(slots, path.text); err != nil {
			return err
		}
	}
	a.groups = append(a.groups, slots)
	return nil
}

// equal looks a path up. One that leads nowhere is passed over: JavaScript
// writes such paths for functions, which have no JSON.
func (a *annotator) equal(slots []slot, path string) ([]slot, error) {
	if a.equalities++; a.equalities > maxEqualities {
		return nil, &LimitError{"paths of references", maxEqualities}
	}
	keys, reason := splitPath(path, a.legacy)
	if reason != "" {
		return nil, &AnnotationError{Kind: "reference", Number: a.equalities, Reason: reason}
	}
	if place, ok := a.look(slot{nil, 0}, keys); ok {
		slots = append(slots, place)
	}
	return slots, nil
}

// unite puts one node into all slots of each group: the first in the text that
// is not null. That is the one the writer walked through, under which its other
// paths lie; null stands for it where it contains itself, and with dedupe.
func (a *annotator) unite() {
	chosen := make([]*node, len(a.groups))
	for i, group := range a.groups {
		first := math.MaxInt
		for _, s := range group {
			n := a.at(s)
			if chosen[i] == nil || n.start < first && (n.kind != nullNode || n.note != "") {
				chosen[i] = n
			}
			if n.kind != nullNode || n.note != "" {
				first = min(first, n.start)
			}
		}
	}
	for i, group := range a.groups {
		for _, s := range group {
			if s.parent != nil {
				s.parent.kids[s.i] = chosen[i]
			}
			chosen[i].shared = true
		}
	}
}
