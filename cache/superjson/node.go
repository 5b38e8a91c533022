package superjson

import "slices"

// A node is a place in the plain JSON, together with what meta says of it.
// References turn the tree into a graph, where two parents share a child.
type node struct {
	kind       kind
	text       string // of a string; of a number as it is written
	keys       []string
	kids       []*node
	index      map[string]int // of keys, once there are many
	start, end int            // in the text

	note   string // the annotation, "" where there is none
	name   string // its second part, for typed arrays and registered types
	number int    // of the annotation, for errors

	shared bool // it stands in several places
	made   bool // value is what this shared node became in a tree of type any
	value  any
}

type kind byte

const (
	nullNode kind = iota
	falseNode
	trueNode
	numberNode
	stringNode
	arrayNode
	objectNode
)

// manyKeys is where a map becomes faster than looking through the keys.
const manyKeys = 8

func (n *node) find(key string) int {
	if n.index == nil {
		return slices.Index(n.keys, key)
	}
	if i, ok := n.index[key]; ok {
		return i
	}
	return -1
}

func (n *node) member(key string) *node {
	if i := n.find(key); i >= 0 {
		return n.kids[i]
	}
	return nil
}

// add puts a member where JavaScript would: in the place of one with this key.
func (n *node) add(key string, kid *node) {
	if i := n.find(key); i >= 0 {
		n.kids[i] = kid
		return
	}
	n.keys, n.kids = append(n.keys, key), append(n.kids, kid)
	switch {
	case n.index != nil:
		n.index[key] = len(n.keys) - 1
	case len(n.keys) > manyKeys:
		n.reindex()
	}
}

func (n *node) reindex() {
	n.index = make(map[string]int, len(n.keys))
	for i, key := range n.keys {
		n.index[key] = i
	}
}
