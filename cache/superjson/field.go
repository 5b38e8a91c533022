package superjson

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// A field is a struct field as a member of an object.
type field struct {
	name   string
	index  []int
	tagged bool
	omit   func(reflect.Value) bool // nil: never
}

var fieldCache sync.Map // reflect.Type to []field

// fieldsOf returns the fields of a struct, by the rules of encoding/json:
// those of embedded structs are its own, the least nested wins, then the one
// with a tag, and where there are still two there is none.
func fieldsOf(t reflect.Type) ([]field, error) {
	if cached, ok := fieldCache.Load(t); ok {
		if fields, ok := cached.([]field); ok {
			return fields, nil
		}
	}
	found, err := collect(t)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 && t.NumField() > 0 {
		return nil, &ValueError{Type: t, Reason: "it has no exported fields"}
	}
	byName := map[string][]field{}
	for _, f := range found {
		byName[f.name] = append(byName[f.name], f)
	}
	var fields []field
	for _, f := range found {
		rivals := byName[f.name]
		if !slices.ContainsFunc(rivals, func(r field) bool { return !slices.Equal(r.index, f.index) && !f.beats(r) }) {
			fields = append(fields, f)
		}
	}
	slices.SortFunc(fields, func(a, b field) int { return slices.Compare(a.index, b.index) })
	fieldCache.Store(t, fields)
	return fields, nil
}

func (f field) beats(other field) bool {
	if c := cmp.Compare(len(f.index), len(other.index)); c != 0 {
		return c < 0
	}
	return f.tagged && !other.tagged
}

func collect(root reflect.Type) ([]field, error) {
	type level struct {
		t     reflect.Type
		index []int
	}
	var found []field
	seen := map[reflect.Type]bool{root: true}
	for queue := []level{{root, nil}}; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		for i := range at.t.NumField() {
			sf := at.t.Field(i)
			tag, hasTag := sf.Tag.Lookup("json")
			name, options, _ := strings.Cut(tag, ",")
			index := append(slices.Clone(at.index), i)
			embedded := sf.Type
			if embedded.Kind() == reflect.Pointer && sf.IsExported() {
				embedded = embedded.Elem()
			}
			_, leaf := leaves[embedded]
			switch {
			case hasTag && tag == "-":
				continue
			case sf.Anonymous && name == "" && embedded.Kind() == reflect.Struct && !leaf:
				if !seen[embedded] {
					seen[embedded] = true
					queue = append(queue, level{embedded, index})
				}
				continue
			case !sf.IsExported():
				continue
			}
			f := field{name: cmp.Or(name, sf.Name), index: index, tagged: name != ""}
			for option := range strings.SplitSeq(options, ",") {
				switch option {
				case "omitempty":
					f.omit = isEmpty
				case "omitzero":
					f.omit = isZero
				case "string":
					return nil, &ValueError{Type: root, Reason: `the option "string" of a tag has no meaning here`}
				}
			}
			found = append(found, f)
		}
	}
	return found, nil
}

func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func isZero(v reflect.Value) bool {
	if own, ok := reflect.TypeAssert[interface{ IsZero() bool }](v); ok && (v.Kind() != reflect.Pointer || !v.IsNil()) {
		return own.IsZero()
	}
	return v.IsZero()
}
