package superjson

import (
	"encoding/json"
	"math"
	"math/big"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// leaves are the types that this package reads as a whole. A function returns
// nil where the node is of another kind.
var leaves = map[reflect.Type]func(*decoder, *node) (any, error){
	reflect.TypeFor[time.Time](): textual(noteDate, func(text string) (any, bool) {
		t, ok := parseISO(text)
		return t, ok
	}),
	reflect.TypeFor[url.URL](): textual(noteURL, func(text string) (any, bool) {
		u, ok := absoluteURL(text)
		if !ok {
			return nil, false
		}
		return *u, true
	}),
	reflect.TypeFor[RegExp](): textual(noteRegExp, func(text string) (any, bool) {
		r, ok := regExp(text)
		return r, ok
	}),
	reflect.TypeFor[big.Int]():    readBigInt,
	reflect.TypeFor[Undefined]():  readUndefined,
	reflect.TypeFor[Error]():      pointed[Error](noteError),
	reflect.TypeFor[TypedArray](): pointed[TypedArray](noteTyped),
	reflect.TypeFor[Tagged]():     pointed[Tagged](string(Class), string(Symbol), string(Custom)),
}

func (d *decoder) leaf(n *node, v reflect.Value, read func(*decoder, *node) (any, error)) error {
	if n.kind == nullNode && v.Type() != reflect.TypeFor[Undefined]() {
		return nil
	}
	if err := d.reread(n); err != nil {
		return err
	}
	value, err := read(d, n)
	if err != nil {
		return err
	}
	if value == nil {
		return n.cannot(v.Type())
	}
	v.Set(reflect.ValueOf(value))
	return nil
}

// textual reads an annotated value, or plain text of that form.
func textual(note string, read func(string) (any, bool)) func(*decoder, *node) (any, error) {
	return func(_ *decoder, n *node) (any, error) {
		if n.kind != stringNode || n.note != note && n.note != "" {
			return nil, nil
		}
		value, ok := read(n.text)
		switch {
		case ok:
			return value, nil
		case n.note != "":
			return nil, n.wrong("the text has another form")
		}
		return nil, nil
	}
}

// readBigInt reads a bigint, or a whole number, or decimal digits in a string.
func readBigInt(_ *decoder, n *node) (any, error) {
	if n.kind != stringNode && n.kind != numberNode || n.note != noteBigInt && n.note != "" {
		return nil, nil
	}
	i, ok := bigInt(n.text)
	switch {
	case ok:
		return *i, nil
	case n.note != "":
		return nil, n.wrong("it is no decimal number of at most " + strconv.Itoa(maxDigits) + " digits")
	}
	return nil, nil
}

func readUndefined(_ *decoder, n *node) (any, error) {
	if n.note != noteUndefined && n.kind != nullNode {
		return nil, nil
	}
	return Undefined{}, nil
}

// pointed reads what a tree of type any holds by a pointer.
func pointed[T any](notes ...string) func(*decoder, *node) (any, error) {
	return func(d *decoder, n *node) (any, error) {
		for _, note := range notes {
			if n.note != note {
				continue
			}
			value, err := d.tree(n)
			if p, ok := value.(*T); ok && err == nil {
				return *p, nil
			}
			return nil, err
		}
		return nil, nil
	}
}

// basic reads booleans, strings and numbers.
func basic(n *node, v reflect.Value) error {
	switch k := v.Kind(); {
	case k == reflect.Bool && n.note == "" && (n.kind == trueNode || n.kind == falseNode):
		v.SetBool(n.kind == trueNode)
		return nil
	case k == reflect.String && n.kind == stringNode && n.note != noteNumber:
		v.SetString(strings.Clone(n.text))
		return nil
	case n.kind == numberNode && v.Type() == reflect.TypeFor[json.Number]():
		v.SetString(strings.Clone(n.text))
		return nil
	case isInteger(k):
		return integer(n, v)
	case isNumber(k):
		f, ok := n.float()
		if !ok || k == reflect.Float32 && v.OverflowFloat(f) && !math.IsInf(f, 0) {
			return n.cannot(v.Type())
		}
		v.SetFloat(f)
		return nil
	}
	return n.cannot(v.Type())
}

func isInteger(k reflect.Kind) bool { return reflect.Int <= k && k <= reflect.Uintptr }

func isNumber(k reflect.Kind) bool {
	return isInteger(k) || k == reflect.Float32 || k == reflect.Float64
}

// integer reads a whole number without passing through a float64, or a bigint.
// A number written like 1e3 is whole up to 2^53.
func integer(n *node, v reflect.Value) error {
	text := n.text
	if n.kind != numberNode && n.note != noteBigInt && n.note != noteNumber {
		return n.cannot(v.Type())
	}
	if n.note != noteBigInt && strings.ContainsAny(text, ".eE-") {
		if f, ok := n.float(); ok && f == math.Trunc(f) && math.Abs(f) <= maxSafe {
			text = strconv.FormatInt(int64(f), 10)
		}
	}
	if !setInteger(text, v) {
		return n.cannot(v.Type())
	}
	return nil
}

func setInteger(text string, v reflect.Value) bool {
	if v.CanInt() {
		i, err := strconv.ParseInt(text, 10, v.Type().Bits())
		if err == nil {
			v.SetInt(i)
		}
		return err == nil
	}
	u, err := strconv.ParseUint(text, 10, v.Type().Bits())
	if err == nil {
		v.SetUint(u)
	}
	return err == nil
}

// maxSafe is Number.MAX_SAFE_INTEGER: JavaScript rounds integers beyond it.
const maxSafe = 1<<53 - 1
