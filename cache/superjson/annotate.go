package superjson

import "strconv"

// An annotator applies meta to the plain JSON. Every path is looked up in the
// tree as it was written, before any reference is put in its place: so nothing
// depends on the order of references, and what npm superjson loses in sets
// (ravionhq/superjson#346) and through shared children (#361) is kept.
type annotator struct {
	root       *node
	legacy     bool
	number     int // annotations so far
	equalities int // paths of references so far
	groups     [][]slot
}

// A slot is a place for a child. The root has no parent.
type slot struct {
	parent *node
	i      int
}

func annotate(root, meta *node) error {
	if meta == nil || meta.kind == nullNode {
		return nil
	}
	if meta.kind != objectNode {
		return malformed("it is no object")
	}
	a := annotator{root: root, legacy: true}
	if v := meta.member("v"); v != nil {
		version, err := strconv.ParseFloat(v.text, 64)
		if v.kind != numberNode || err != nil {
			return malformed("its version is no number")
		}
		a.legacy = version < 1
	}
	if values := meta.member("values"); values != nil && values.kind != nullNode {
		if err := a.values(values, slot{nil, 0}, 0); err != nil {
			return err
		}
	}
	if equal := meta.member("referentialEqualities"); equal != nil && equal.kind != nullNode {
		if err := a.references(equal); err != nil {
			return err
		}
	}
	a.unite()
	return nil
}

func malformed(reason string) error { return &AnnotationError{Reason: reason} }

func (a *annotator) at(s slot) *node {
	if s.parent == nil {
		return a.root
	}
	return s.parent.kids[s.i]
}

// look follows a path down from a slot.
func (a *annotator) look(from slot, keys []string) (slot, bool) {
	for _, key := range keys {
		n := a.at(from)
		i := -1
		switch n.kind {
		case objectNode:
			i = n.find(key)
		case arrayNode:
			if index, ok := arrayIndex(key); ok && index < uint64(len(n.kids)) {
				i = int(index) //nolint:gosec // less than a length
			}
		}
		if i < 0 {
			return slot{}, false
		}
		from = slot{n, i}
	}
	return from, true
}

// values applies one node of the tree of annotations: [type], [type, children]
// or children.
func (a *annotator) values(note *node, to slot, depth int) error {
	if depth > maxDepth {
		return &LimitError{"levels of annotations", maxDepth}
	}
	switch {
	case note.kind == objectNode:
		return a.children(note, to, depth)
	case note.kind != arrayNode || len(note.kids) == 0 || len(note.kids) > 2:
		return malformed("values holds something that is no annotation")
	}
	if a.number++; a.number > maxAnnotations {
		return &LimitError{"annotations", maxAnnotations}
	}
	number := a.number
	if len(note.kids) == 2 {
		if note.kids[1].kind != objectNode {
			return malformed("values holds something that is no annotation")
		}
		if err := a.children(note.kids[1], to, depth); err != nil {
			return err
		}
	}
	n := a.at(to)
	if n.note != "" {
		return &AnnotationError{Number: number, Reason: "the value has an annotation already"}
	}
	n.number = number
	return n.mark(note.kids[0])
}

func (a *annotator) children(notes *node, to slot, depth int) error {
	for i, path := range notes.keys {
		keys, reason := splitPath(path, a.legacy)
		place, ok := a.look(to, keys)
		if reason == "" && !ok {
			reason = "its path leads nowhere"
		}
		if reason != "" {
			return &AnnotationError{Number: a.number + 1, Reason: reason}
		}
		if err := a.values(notes.kids[i], place, depth+1); err != nil {
			return err
		}
	}
	return nil
}
