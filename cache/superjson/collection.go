package superjson

import (
	"encoding"
	"errors"
	"reflect"
	"strings"
)

var errKey = errors.New("key")

// goMap reads an object or a JavaScript Map.
func (d *decoder) goMap(n *node, v reflect.Value) error {
	t := v.Type()
	at := place{n, t}
	if made, ok := d.made[at]; ok {
		v.Set(made)
		return nil
	}
	if n.kind != objectNode && n.note != noteMap {
		return n.cannot(t)
	}
	if v.IsNil() || n.shared {
		v.Set(reflect.MakeMapWithSize(t, len(n.kids)))
	}
	d.keep(at, v)
	for i, kid := range n.kids {
		keyNode := &node{kind: stringNode}
		if n.note == noteMap {
			var err error
			if keyNode, kid, err = n.entry(kid); err != nil {
				return err
			}
		} else {
			keyNode.text = n.keys[i]
		}
		key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		err := d.mapKey(keyNode, key, n.note == noteMap)
		if errors.Is(err, errKey) {
			return &TypeError{Kind: n.what(), Type: t, Hint: "a key does not fit"}
		}
		if err != nil {
			return err
		}
		if !key.Comparable() {
			return &TypeError{Kind: n.what(), Type: t, Hint: "Go compares no such keys: decode it into a superjson.Map"}
		}
		if err := d.assign(kid, value); err != nil {
			return err
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

// mapKey reads a key: of a JavaScript Map like any value, of an object from its
// text, which may be a number.
func (d *decoder) mapKey(n *node, key reflect.Value, isValue bool) error {
	if isValue {
		return d.assign(n, key)
	}
	if own, ok := reflect.TypeAssert[encoding.TextUnmarshaler](key.Addr()); ok {
		if own.UnmarshalText([]byte(n.text)) != nil {
			return errKey
		}
		return nil
	}
	switch k := key.Kind(); {
	case k == reflect.String:
		key.SetString(strings.Clone(n.text))
		return nil
	case k == reflect.Interface && key.NumMethod() == 0:
		key.Set(reflect.ValueOf(strings.Clone(n.text)))
		return nil
	case isInteger(k) && setInteger(n.text, key):
		return nil
	}
	return errKey
}

// slice reads arrays, sets, typed arrays, and maps into a Map.
func (d *decoder) slice(n *node, v reflect.Value) error {
	t := v.Type()
	at := place{n, t}
	if made, ok := d.made[at]; ok {
		v.Set(made)
		return nil
	}
	isMap := t.Implements(reflect.TypeFor[mapMarker]())
	if t == reflect.TypeFor[Object]() {
		if n.kind != objectNode {
			return n.cannot(t)
		}
		object := identifiable[Object](len(n.kids))
		v.Set(reflect.ValueOf(object))
		d.keep(at, v)
		return d.members(n, object)
	}
	if n.kind != arrayNode || (n.note == noteMap) != isMap && n.note != "" || n.note == noteTyped && !isNumber(t.Elem().Kind()) {
		return n.cannot(t)
	}
	v.Set(reflect.MakeSlice(t, len(n.kids), max(len(n.kids), 1)))
	d.keep(at, v)
	if !isMap {
		if n.note == noteTyped {
			if _, ok := n.elements(n.name); !ok {
				return n.wrong("an element does not fit")
			}
		}
		return d.each(n.kids, v)
	}
	for i, row := range n.kids {
		key, value, err := n.entry(row)
		if err != nil {
			return err
		}
		if err := d.assign(key, v.Index(i).Field(0)); err != nil {
			return err
		}
		if err := d.assign(value, v.Index(i).Field(1)); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) each(kids []*node, v reflect.Value) error {
	for i, kid := range kids {
		if err := d.assign(kid, v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}
