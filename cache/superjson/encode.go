package superjson

import (
	"encoding"
	"encoding/json"
	"math/big"
	"net/url"
	"reflect"
	"strconv"
	"time"
)

// An encoder walks a value in the order of npm superjson, which decides what
// the references are called.
type encoder struct {
	dedupe bool
	depth  int
	seen   map[identity]*sighting
	order  []*sighting // by first sight
}

// An out is a value on its way to the text. Like in npm superjson, one object
// in several places is one out.
type out struct {
	text  string // of a leaf
	array bool
	keys  []string // of an object
	kids  []*out
	note  string // the annotation as JSON
	notes int    // how many annotations it takes, of it and in it
	size  int    // how many bytes of text it takes at least
}

// measured adds up what it takes, so that a few lists, each twice in the next,
// are refused before they are written out.
func (o *out) measured() (*out, error) {
	o.size = len("{}") + len(o.kids)
	if o.note != "" {
		o.notes++
	}
	for i, kid := range o.kids {
		o.size += max(kid.size, len(kid.text))
		if !o.array {
			o.size += len(o.keys[i]) + len(`"":`)
		}
		if o.notes += kid.notes; o.size > maxText {
			return nil, &LimitError{"bytes of text", maxText}
		} else if o.notes > maxAnnotations {
			return nil, &LimitError{"annotations", maxAnnotations}
		}
	}
	return o, nil
}

var nothing = &out{text: "null"}

func (e *encoder) walk(v reflect.Value, at *step) (*out, error) {
	v, id, ok := resolve(v)
	if !ok {
		return nothing, nil
	}
	if id == (identity{}) {
		return e.convert(v, at)
	}
	s := e.seen[id]
	if s != nil {
		s.places = append(s.places, at)
		if s.done == nil || e.dedupe { // it contains itself, or stands elsewhere
			return nothing, nil
		}
		return s.done, nil
	}
	s = &sighting{places: []*step{at}}
	e.seen[id] = s
	e.order = append(e.order, s)
	o, err := e.convert(v, at)
	s.done = o
	return o, err
}

// addressed gives a value that a pointer of T can point to, copied where it
// must be.
func addressed[T any](v reflect.Value) *T {
	if v.CanAddr() {
		if p, ok := reflect.TypeAssert[*T](v.Addr()); ok {
			return p
		}
	}
	p := new(T)
	reflect.ValueOf(p).Elem().Set(v)
	return p
}

func asBigInt(v reflect.Value) *big.Int { return addressed[big.Int](v) }

// ownWriter finds the method with which a type writes itself.
func ownWriter(v reflect.Value) (any, bool) {
	if v.CanAddr() {
		v = v.Addr()
	}
	if !v.CanInterface() {
		return nil, false
	}
	switch own := v.Interface().(type) {
	case json.Marshaler, encoding.TextMarshaler:
		return own, true
	}
	return nil, false
}

// convert writes a value that is no pointer and not nil.
func (e *encoder) convert(v reflect.Value, at *step) (*out, error) {
	switch v.Type() {
	case reflect.TypeFor[Undefined]():
		return noted("null", noteUndefined), nil
	case reflect.TypeFor[time.Time]():
		text, ok := isoText(*addressed[time.Time](v))
		if !ok {
			return nil, refuse(v, "JavaScript has no such Date")
		}
		return noted(`"`+text+`"`, noteDate), nil
	case reflect.TypeFor[big.Int]():
		text := asBigInt(v).String()
		if len(text) > maxDigits {
			return nil, &LimitError{"digits of a bigint", maxDigits}
		}
		return noted(`"`+text+`"`, noteBigInt), nil
	case reflect.TypeFor[url.URL]():
		u := addressed[url.URL](v)
		if !u.IsAbs() {
			return nil, refuse(v, "JavaScript has no relative URL")
		}
		return quoted(v, u.String(), noteURL)
	case reflect.TypeFor[RegExp]():
		r := addressed[RegExp](v)
		if !validFlags(r.Flags) {
			return nil, refuse(v, "its flags are not those of JavaScript")
		}
		source := r.Source
		if source == "" {
			source = "(?:)" // what would be a comment otherwise
		}
		return quoted(v, "/"+source+"/"+r.Flags, noteRegExp)
	case reflect.TypeFor[Error]():
		return e.jsError(v, addressed[Error](v), at)
	case reflect.TypeFor[TypedArray]():
		a := addressed[TypedArray](v)
		return e.typedArray(v, a.Kind, a.Elements)
	case reflect.TypeFor[Tagged]():
		return e.tagged(v, addressed[Tagged](v), at)
	case reflect.TypeFor[Object]():
		return e.object(v, at)
	case reflect.TypeFor[json.Number]():
		return e.ownText(v, json.RawMessage(v.String()))
	}
	if own, ok := ownWriter(v); ok {
		return e.ownText(v, own)
	}
	return e.byKind(v, at)
}

func (e *encoder) byKind(v reflect.Value, at *step) (*out, error) {
	switch k := v.Kind(); k {
	case reflect.Bool:
		return &out{text: strconv.FormatBool(v.Bool())}, nil
	case reflect.String:
		return quoted(v, v.String(), "")
	case reflect.Struct:
		return e.structure(v, at)
	case reflect.Map:
		return e.goMap(v, at)
	case reflect.Array, reflect.Slice:
		return e.list(v, at)
	case reflect.Float32, reflect.Float64:
		return float(v.Float(), v.Type().Bits()), nil
	}
	switch {
	case v.CanInt():
		if i := v.Int(); i < -maxSafe || i > maxSafe {
			return nil, refuse(v, "JavaScript rounds integers beyond 2^53-1: make it a *big.Int")
		}
		return &out{text: strconv.FormatInt(v.Int(), 10)}, nil
	case v.CanUint():
		if v.Uint() > maxSafe {
			return nil, refuse(v, "JavaScript rounds integers beyond 2^53-1: make it a *big.Int")
		}
		return &out{text: strconv.FormatUint(v.Uint(), 10)}, nil
	}
	return nil, refuse(v, "JavaScript has nothing like it")
}
