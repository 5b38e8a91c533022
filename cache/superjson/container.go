package superjson

import (
	"encoding"
	"reflect"
	"slices"
	"strconv"
)

// A member is one of an object on its way to the text.
type member struct {
	key   string
	value reflect.Value
}

// nest counts the levels; who calls it calls unnest afterward.
func (e *encoder) nest() error {
	if e.depth++; e.depth > maxDepth {
		return &LimitError{"levels of arrays and objects", maxDepth}
	}
	return nil
}

func (e *encoder) unnest() { e.depth-- }

// members writes an object in the order of JavaScript.
func (e *encoder) members(v reflect.Value, members []member, note string, at *step) (*out, error) {
	defer e.unnest()
	if err := e.nest(); err != nil {
		return nil, err
	}
	keys := make([]string, len(members))
	for i, m := range members {
		if keys[i] = m.key; forbidden(m.key) {
			return nil, refuse(v, "JavaScript readers refuse the keys __proto__, constructor and prototype")
		}
	}
	if order := jsOrder(keys); order != nil {
		ordered := make([]member, len(members))
		for to, from := range order {
			ordered[to], keys[to] = members[from], members[from].key
		}
		members = ordered
	}
	o := &out{keys: keys, kids: make([]*out, len(members)), note: note}
	for i, m := range members {
		kid, err := e.walk(m.value, at.down(m.key, -1))
		if err != nil {
			return nil, err
		}
		o.kids[i] = kid
	}
	return o.measured()
}

func (e *encoder) structure(v reflect.Value, at *step) (*out, error) {
	fields, err := fieldsOf(v.Type())
	if err != nil {
		return nil, err
	}
	members := make([]member, 0, len(fields))
	for _, f := range fields {
		value, err := v.FieldByIndexErr(f.index)
		if err != nil || f.omit != nil && f.omit(value) { // an embedded pointer is nil
			continue
		}
		members = append(members, member{f.name, value})
	}
	return e.members(v, members, "", at)
}

func (e *encoder) object(v reflect.Value, at *step) (*out, error) {
	members := make([]member, v.Len())
	once := make(map[string]bool, v.Len())
	for i := range members {
		m := v.Index(i)
		members[i] = member{m.Field(0).String(), m.Field(1)}
		if once[members[i].key] {
			return nil, refuse(v, "it has a key twice")
		}
		once[members[i].key] = true
	}
	return e.members(v, members, "", at)
}

// goMap writes a map in the order of its keys.
func (e *encoder) goMap(v reflect.Value, at *step) (*out, error) {
	members := make([]member, 0, v.Len())
	for each := v.MapRange(); each.Next(); {
		key, err := mapKey(v, each.Key())
		if err != nil {
			return nil, err
		}
		members = append(members, member{key, each.Value()})
	}
	slices.SortFunc(members, func(a, b member) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	for i := range members {
		if i > 0 && members[i].key == members[i-1].key {
			return nil, refuse(v, "two of its keys have the same text")
		}
	}
	return e.members(v, members, "", at)
}

func mapKey(v, key reflect.Value) (string, error) {
	if key.Kind() == reflect.Interface && !key.IsNil() {
		key = key.Elem()
	}
	if key.Kind() == reflect.String {
		return key.String(), nil
	}
	if own, ok := reflect.TypeAssert[encoding.TextMarshaler](key); ok {
		text, err := own.MarshalText()
		if err != nil {
			return "", &ValueError{Type: v.Type(), Reason: "the method of a key failed", Err: err}
		}
		return string(text), nil
	}
	switch {
	case key.CanInt():
		return strconv.FormatInt(key.Int(), 10), nil
	case key.CanUint():
		return strconv.FormatUint(key.Uint(), 10), nil
	}
	return "", refuse(v, "keys of an object are text: make it a superjson.Map")
}

// list writes arrays, and what superjson writes as one.
func (e *encoder) list(v reflect.Value, at *step) (*out, error) {
	defer e.unnest()
	if err := e.nest(); err != nil {
		return nil, err
	}
	t := v.Type()
	if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8 {
		o := &out{array: true, kids: make([]*out, v.Len()), note: composite(noteTyped, uint8Array)}
		for i, b := range v.Bytes() {
			o.kids[i] = &out{text: strconv.Itoa(int(b))}
		}
		return o.measured()
	}
	o := &out{array: true, kids: make([]*out, v.Len())}
	isMap := t.Implements(reflect.TypeFor[mapMarker]())
	for i := range o.kids {
		var kid *out
		var err error
		if below := at.down("", i); isMap {
			kid, err = e.row(v.Index(i), below)
		} else {
			kid, err = e.walk(v.Index(i), below)
		}
		if err != nil {
			return nil, err
		}
		o.kids[i] = kid
	}
	switch {
	case isMap:
		o.note = `"` + noteMap + `"`
	case t.Implements(reflect.TypeFor[setMarker]()):
		o.note = `"` + noteSet + `"`
	}
	return o.measured()
}

// row writes an entry of a Map.
func (e *encoder) row(entry reflect.Value, at *step) (*out, error) {
	defer e.unnest()
	if err := e.nest(); err != nil {
		return nil, err
	}
	o := &out{array: true, kids: make([]*out, 2)}
	for side := range o.kids {
		kid, err := e.walk(entry.Field(side), at.down("", side))
		if err != nil {
			return nil, err
		}
		o.kids[side] = kid
	}
	return o.measured()
}
