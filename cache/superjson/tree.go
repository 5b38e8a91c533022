package superjson

import (
	"math/big"
	"net/url"
	"strings"
	"time"
)

// tree returns what a node is in a target of type any. A shared node becomes one
// pointer or slice for all its places; made before its children are, so that
// they may refer to it.
func (d *decoder) tree(n *node) (any, error) {
	if n.made {
		return n.value, nil
	}
	if err := d.enter(); err != nil {
		return nil, err
	}
	defer d.leave()
	switch n.note {
	case "":
		return d.plain(n)
	case noteUndefined:
		return Undefined{}, nil
	case noteSet:
		set := identifiable[Set[any]](len(n.kids))
		return keep(n, set), d.fill(n.kids, set)
	case noteMap:
		return d.pairs(n)
	case noteError:
		e := new(Error)
		return keep(n, e), d.jsError(n, e)
	case noteTyped:
		return typedArray(n)
	case string(Class), string(Symbol), string(Custom):
		t := new(Tagged)
		return keep(n, t), d.tagged(n, t)
	}
	value, err := scalar(n)
	return keep(n, value), err
}

func keep[T any](n *node, value T) T {
	if n.shared {
		n.value, n.made = value, true
	}
	return value
}

// identifiable makes a slice that differs from every other, even when empty.
func identifiable[S ~[]E, E any](n int) S { return make(S, n, max(n, 1)) }

func (d *decoder) plain(n *node) (any, error) {
	switch n.kind {
	case falseNode, trueNode:
		return n.kind == trueNode, nil
	case numberNode:
		f, _ := n.float()
		return f, nil
	case stringNode:
		return keep(n, strings.Clone(n.text)), nil
	case arrayNode:
		array := identifiable[[]any](len(n.kids))
		return keep(n, array), d.fill(n.kids, array)
	case objectNode:
		object := identifiable[Object](len(n.kids))
		return keep(n, object), d.members(n, object)
	}
	return nil, nil
}

func (d *decoder) fill(kids []*node, values []any) error {
	for i, kid := range kids {
		var err error
		if values[i], err = d.tree(kid); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) members(n *node, object Object) error {
	for i, kid := range n.kids {
		value, err := d.tree(kid)
		if err != nil {
			return err
		}
		object[i] = Member{strings.Clone(n.keys[i]), value}
	}
	return nil
}

func (d *decoder) pairs(n *node) (any, error) {
	m := identifiable[Map[any, any]](len(n.kids))
	keep(n, m)
	for i, row := range n.kids {
		key, value, err := n.entry(row)
		if err != nil {
			return nil, err
		}
		if m[i].Key, err = d.tree(key); err != nil {
			return nil, err
		}
		if m[i].Value, err = d.tree(value); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// entry takes a row of a map apart.
func (n *node) entry(row *node) (key, value *node, err error) {
	if row.kind != arrayNode || row.note != "" || len(row.kids) != 2 {
		return nil, nil, n.wrong("a row is no pair of key and value")
	}
	return row.kids[0], row.kids[1], nil
}

func (d *decoder) jsError(n *node, e *Error) error {
	for i, kid := range n.kids {
		value, err := d.tree(kid)
		if err != nil {
			return err
		}
		text, isText := value.(string)
		switch key := n.keys[i]; key {
		case "name", "message":
			if !isText {
				return n.wrong("name and message are strings")
			}
			if key == "name" {
				e.Name = text
			} else {
				e.Message = text
			}
		case "cause":
			// npm superjson gives every Error that it reads a cause, undefined.
			if e.Cause = value; value == any(Undefined{}) {
				e.Cause = nil
			}
		default:
			e.Props = append(e.Props, Member{strings.Clone(key), value})
		}
	}
	return nil
}

func typedArray(n *node) (any, error) {
	elements, ok := n.elements(n.name)
	if !ok {
		return nil, n.wrong("an element does not fit")
	}
	if n.name == uint8Array {
		b := identifiable[[]byte](len(elements))
		for i, element := range elements {
			b[i] = byte(element)
		}
		return keep(n, b), nil
	}
	return keep(n, &TypedArray{Kind: strings.Clone(n.name), Elements: elements}), nil
}

func (d *decoder) tagged(n *node, t *Tagged) error {
	t.Kind, t.Name = TaggedKind(n.note), strings.Clone(n.name)
	var err error
	t.Value, err = d.plain(&node{kind: n.kind, text: n.text, keys: n.keys, kids: n.kids})
	return err
}

// scalar reads what is written as text.
func scalar(n *node) (any, error) {
	var value any
	var ok bool
	switch n.note {
	case noteNumber:
		value, ok = n.float()
	case noteBigInt:
		var i *big.Int
		i, ok = bigInt(n.text)
		value = i
	case noteDate:
		var t time.Time
		t, ok = parseISO(n.text)
		value = &t
	case noteRegExp:
		var r RegExp
		r, ok = regExp(n.text)
		value = &r
	case noteURL:
		var u *url.URL
		u, ok = absoluteURL(n.text)
		value = u
	}
	if !ok {
		return nil, n.wrong("the text has another form")
	}
	return value, nil
}
