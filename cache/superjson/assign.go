package superjson

import (
	"encoding"
	"encoding/json"
	"reflect"
)

// A decoder turns nodes into Go values.
type decoder struct {
	text  []byte
	depth int
	made  map[place]reflect.Value // what shared nodes became
	again int                     // bytes of shared nodes read so far
}

type place struct {
	n *node
	t reflect.Type
}

// enter guards the stack: references can nest deeper than the text does.
func (d *decoder) enter() error {
	if d.depth++; d.depth > 3*maxDepth { // a level of the text takes up to three: pointer, struct, value
		return &LimitError{"levels of references", maxDepth}
	}
	return nil
}

func (d *decoder) leave() { d.depth-- }

// reread counts a shared node that each of its places reads for itself. A writer
// has it in the text as often, or left out copies (dedupe); a few bytes for one
// more place must not stand for megabytes each.
func (d *decoder) reread(n *node) error {
	if !n.shared {
		return nil
	}
	d.again += n.end - n.start
	if most := 8*len(d.text) + 1<<20; d.again > most {
		return &LimitError{"bytes of copies, for a document of this size", most}
	}
	return nil
}

func (n *node) cannot(t reflect.Type) error { return &TypeError{Kind: n.what(), Type: t} }

// assign sets v, which can be set or is a pointer, to what the node is.
func (d *decoder) assign(n *node, v reflect.Value) error {
	if err := d.enter(); err != nil {
		return err
	}
	defer d.leave()
	t := v.Type()
	if t.Kind() == reflect.Interface {
		return d.dynamic(n, v)
	}
	absent := n.kind == nullNode && (n.note == "" || n.note == noteUndefined)
	if t.Kind() == reflect.Pointer {
		if absent && v.CanSet() {
			v.SetZero()
			return nil
		}
		return d.pointer(n, v)
	}
	if read, ok := leaves[t]; ok {
		return d.leaf(n, v, read)
	}
	if absent {
		switch t.Kind() {
		case reflect.Map, reflect.Slice:
			v.SetZero()
		}
		return nil
	}
	if TaggedKind(n.note) == Class || TaggedKind(n.note) == Symbol || TaggedKind(n.note) == Custom {
		return &TypeError{n.note, t, "decode it into a superjson.Tagged, or any: only the program that wrote it knows the type"}
	}
	if done, err := d.ownMethod(n, v); done {
		return err
	}
	return d.byKind(n, v)
}

// dynamic sets an interface, one with methods where the value has them.
func (d *decoder) dynamic(n *node, v reflect.Value) error {
	value, err := d.tree(n)
	if err != nil {
		return err
	}
	if value == nil {
		v.SetZero()
		return nil
	}
	if !reflect.TypeOf(value).AssignableTo(v.Type()) {
		return n.cannot(v.Type())
	}
	v.Set(reflect.ValueOf(value))
	return nil
}

func (d *decoder) pointer(n *node, v reflect.Value) error {
	at := place{n, v.Type()}
	if made, ok := d.made[at]; ok && v.CanSet() {
		v.Set(made)
		return nil
	}
	if v.IsNil() || n.shared && v.CanSet() {
		v.Set(reflect.New(v.Type().Elem()))
	}
	d.keep(at, v)
	return d.assign(n, v.Elem())
}

// keep remembers what a shared node became, for its other places.
func (d *decoder) keep(at place, v reflect.Value) {
	if at.n.shared {
		d.made[at] = reflect.ValueOf(v.Interface()) // a copy: v is a variable
	}
}

// ownMethod lets a type read itself from the plain JSON.
func (d *decoder) ownMethod(n *node, v reflect.Value) (done bool, err error) {
	if !v.CanAddr() || !v.Addr().CanInterface() {
		return false, nil
	}
	switch own := v.Addr().Interface().(type) {
	case json.Unmarshaler:
		if err := d.reread(n); err != nil {
			return true, err
		}
		err = own.UnmarshalJSON(d.text[n.start:n.end])
	case encoding.TextUnmarshaler:
		if n.kind != stringNode {
			return true, n.cannot(v.Type())
		}
		if err := d.reread(n); err != nil {
			return true, err
		}
		err = own.UnmarshalText([]byte(n.text))
	default:
		return false, nil
	}
	if err != nil { // its text may show the value
		return true, &TypeError{Kind: n.what(), Type: v.Type(), Hint: "its own method refuses it"}
	}
	return true, nil
}

func (d *decoder) byKind(n *node, v reflect.Value) error {
	switch t := v.Type(); t.Kind() {
	case reflect.Struct:
		return d.structure(n, v)
	case reflect.Map:
		return d.goMap(n, v)
	case reflect.Slice:
		return d.slice(n, v)
	case reflect.Array:
		if n.kind != arrayNode || len(n.kids) != v.Len() {
			return n.cannot(t)
		}
		return d.each(n.kids, v)
	default:
		if err := d.reread(n); err != nil {
			return err
		}
		return basic(n, v)
	}
}

func (d *decoder) structure(n *node, v reflect.Value) error {
	if n.kind != objectNode {
		return n.cannot(v.Type())
	}
	fields, err := fieldsOf(v.Type())
	if err != nil {
		return &TypeError{n.what(), v.Type(), "it has no exported fields, or one whose tag has the option string"}
	}
	for _, f := range fields {
		kid := n.member(f.name)
		if kid == nil {
			continue
		}
		target := v
		for _, i := range f.index {
			if target.Kind() == reflect.Pointer {
				if target.IsNil() {
					target.Set(reflect.New(target.Type().Elem()))
				}
				target = target.Elem()
			}
			target = target.Field(i)
		}
		if err := d.assign(kid, target); err != nil {
			return err
		}
	}
	return nil
}
