package superjson

import (
	"math"
	"reflect"
)

func (e *encoder) jsError(v reflect.Value, err *Error, at *step) (*out, error) {
	members := []member{{"name", reflect.ValueOf(err.Name)}, {"message", reflect.ValueOf(err.Message)}}
	if err.Cause != nil {
		members = append(members, member{"cause", reflect.ValueOf(err.Cause)})
	}
	once := map[string]bool{"name": true, "message": true, "cause": true}
	for _, p := range err.Props {
		if once[p.Key] {
			return nil, refuse(v, "it has a property twice")
		}
		once[p.Key] = true
		members = append(members, member{p.Key, reflect.ValueOf(p.Value)})
	}
	return e.members(v, members, `"`+noteError+`"`, at)
}

func (e *encoder) typedArray(v reflect.Value, kind string, elements []float64) (*out, error) {
	defer e.unnest()
	if err := e.nest(); err != nil {
		return nil, err
	}
	r, ok := ranges[kind]
	if !ok {
		return nil, refuse(v, "JavaScript has no such kind of array")
	}
	o := &out{array: true, kids: make([]*out, len(elements)), note: composite(noteTyped, kind)}
	for i, f := range elements {
		if !(r.low <= f && f <= r.high) || r.whole && f != math.Trunc(f) { // NaN is in no range
			return nil, refuse(v, "an element does not fit; NaN and the infinities would become 0")
		}
		o.kids[i] = &out{text: string(appendFloat(nil, f+0, 64))} // +0: plain JSON has no -0 either
	}
	return o.measured()
}

// tagged writes a registered type: of a class what is in it, else a leaf.
func (e *encoder) tagged(v reflect.Value, t *Tagged, at *step) (*out, error) {
	defer e.unnest()
	if err := e.nest(); err != nil { // it may hold itself
		return nil, err
	}
	value := reflect.ValueOf(t.Value)
	var o *out
	var err error
	switch t.Kind {
	case Class:
		var ok bool
		if value, _, ok = resolve(value); !ok {
			return nil, refuse(v, "a class holds an object")
		}
		o, err = e.convert(value, at)
		if err == nil && (o.text != "" || o.array || o.note != "") {
			return nil, refuse(v, "a class holds an object")
		}
	case Symbol, Custom:
		if _, isText := t.Value.(string); t.Kind == Symbol && !isText {
			return nil, refuse(v, "a symbol holds its description")
		}
		leaf := encoder{depth: e.depth, seen: map[identity]*sighting{}}
		o, err = leaf.walk(value, nil)
		if err == nil && o.notes > 0 {
			return nil, refuse(v, "npm superjson writes what a custom transformer returns as plain JSON")
		}
	default:
		return nil, refuse(v, "no such kind of registered type")
	}
	if err != nil {
		return nil, err
	}
	name, ok := appendString(nil, t.Name)
	if !ok {
		return nil, refuse(v, "its name is not UTF-8")
	}
	marked := *o
	marked.note = `["` + string(t.Kind) + `",` + string(name) + `]`
	marked.notes++
	return &marked, nil
}

func composite(kind, name string) string { return `["` + kind + `","` + name + `"]` }
