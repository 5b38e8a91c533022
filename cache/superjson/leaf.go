package superjson

import (
	"encoding"
	"encoding/json"
	"math"
	"reflect"
)

func refuse(v reflect.Value, reason string) error { return &ValueError{Type: v.Type(), Reason: reason} }

func noted(text, note string) *out { return &out{text: text, note: `"` + note + `"`, notes: 1} }

func quoted(v reflect.Value, s, note string) (*out, error) {
	text, ok := appendString(make([]byte, 0, len(s)+2), s)
	switch {
	case !ok:
		return nil, refuse(v, "it is not UTF-8: make it a []byte")
	case note == "":
		return &out{text: string(text)}, nil
	}
	return noted(string(text), note), nil
}

func float(f float64, bits int) *out {
	switch {
	case math.IsNaN(f):
		return noted(`"NaN"`, noteNumber)
	case math.IsInf(f, 1):
		return noted(`"Infinity"`, noteNumber)
	case math.IsInf(f, -1):
		return noted(`"-Infinity"`, noteNumber)
	case f == 0 && math.Signbit(f):
		return noted(`"-0"`, noteNumber)
	}
	return &out{text: string(appendFloat(nil, f, bits))}
}

// ownText takes what a type writes of itself, as plain JSON.
func (e *encoder) ownText(v reflect.Value, own any) (*out, error) {
	var text []byte
	var err error
	switch own := own.(type) {
	case json.Marshaler:
		if text, err = own.MarshalJSON(); err != nil {
			break
		}
		var n *node
		if n, err = parse(text, maxDepth); err == nil {
			return e.plain(v, n)
		}
	case encoding.TextMarshaler:
		if text, err = own.MarshalText(); err == nil {
			return quoted(v, string(text), "")
		}
	}
	return nil, &ValueError{Type: v.Type(), Reason: "its own method failed", Err: err}
}

func (e *encoder) plain(v reflect.Value, n *node) (*out, error) {
	switch n.kind {
	case stringNode:
		return quoted(v, n.text, "")
	case numberNode:
		f, _ := n.float()
		if math.IsInf(f, 0) {
			return nil, refuse(v, "it holds a number that is out of range")
		}
		return &out{text: n.text}, nil
	case arrayNode, objectNode:
		defer e.unnest()
		if err := e.nest(); err != nil {
			return nil, err
		}
		o := &out{array: n.kind == arrayNode, keys: n.keys, kids: make([]*out, len(n.kids))}
		for i, kid := range n.kids {
			var err error
			if o.kids[i], err = e.plain(v, kid); err != nil {
				return nil, err
			}
		}
		return o.measured()
	}
	return &out{text: [...]string{"null", "false", "true"}[n.kind]}, nil
}
