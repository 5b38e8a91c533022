package superjson

import (
	"math"
	"math/big"
	"net/url"
	"strconv"
	"strings"
)

// The annotations.
const (
	noteUndefined = "undefined"
	noteBigInt    = "bigint"
	noteDate      = "Date"
	noteRegExp    = "regexp"
	noteURL       = "URL"
	noteError     = "Error"
	noteSet       = "set"
	noteMap       = "map"
	noteNumber    = "number"
	noteTyped     = "typed-array"
)

// carriers says what plain JSON carries each of them.
var carriers = map[string]kind{
	noteBigInt: stringNode, noteDate: stringNode, noteRegExp: stringNode, noteURL: stringNode, noteNumber: stringNode,
	noteError: objectNode, noteSet: arrayNode, noteMap: arrayNode, noteTyped: arrayNode,
}

// ranges of the typed arrays: a Go number in it is held exactly.
var ranges = map[string]struct {
	low, high float64
	whole     bool
}{
	"Int8Array":         {math.MinInt8, math.MaxInt8, true},
	"Uint8Array":        {0, math.MaxUint8, true},
	"Uint8ClampedArray": {0, math.MaxUint8, true},
	"Int16Array":        {math.MinInt16, math.MaxInt16, true},
	"Uint16Array":       {0, math.MaxUint16, true},
	"Int32Array":        {math.MinInt32, math.MaxInt32, true},
	"Uint32Array":       {0, math.MaxUint32, true},
	"Float32Array":      {-math.MaxFloat32, math.MaxFloat32, false},
	"Float64Array":      {-math.MaxFloat64, math.MaxFloat64, false},
}

const uint8Array = "Uint8Array"

// mark gives the node the annotation that stands in note.
func (n *node) mark(note *node) error {
	if note.kind == stringNode {
		carrier, ok := carriers[note.text]
		if !ok && note.text != noteUndefined || note.text == noteTyped {
			return &AnnotationError{Number: n.number, Reason: "it is unknown"}
		}
		n.note = note.text
		if ok && n.kind != carrier {
			return n.wrong("the plain JSON has another form")
		}
		return nil
	}
	if note.kind != arrayNode || len(note.kids) != 2 || note.kids[0].kind != stringNode || note.kids[1].kind != stringNode {
		return &AnnotationError{Number: n.number, Reason: "it is unknown"}
	}
	n.note, n.name = note.kids[0].text, note.kids[1].text
	switch known := TaggedKind(n.note); {
	case n.note == noteTyped:
		if _, ok := ranges[n.name]; !ok {
			return n.wrong("no such kind of array")
		}
		if n.kind != arrayNode {
			return n.wrong("the plain JSON has another form")
		}
	case known == Symbol && n.kind != stringNode || known == Class && n.kind != objectNode:
		return n.wrong("the plain JSON has another form")
	case known != Class && known != Symbol && known != Custom:
		n.note = ""
		return n.wrong("it is unknown")
	}
	return nil
}

func (n *node) wrong(reason string) error {
	return &AnnotationError{Kind: n.note, Number: n.number, Reason: reason}
}

// number is a number as JavaScript holds it.
func (n *node) float() (float64, bool) {
	if n.note == noteNumber {
		switch n.text {
		case "NaN":
			return math.NaN(), true
		case "Infinity":
			return math.Inf(1), true
		case "-Infinity":
			return math.Inf(-1), true
		case "-0":
			return math.Copysign(0, -1), true
		}
		return 0, false
	}
	f, _ := strconv.ParseFloat(n.text, 64) // out of range is infinite, as in JavaScript
	return f, n.kind == numberNode && n.note == ""
}

// bigInt reads a bigint.
func bigInt(text string) (*big.Int, bool) {
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || len(digits) > maxDigits || strings.Trim(digits, "0123456789") != "" {
		return nil, false
	}
	return new(big.Int).SetString(text, 10)
}

// regExp reads "/source/flags".
func regExp(text string) (RegExp, bool) {
	end := strings.LastIndexByte(text, '/')
	if end < 1 || text[0] != '/' {
		return RegExp{}, false
	}
	r := RegExp{Source: strings.Clone(text[1:end]), Flags: strings.Clone(text[end+1:])}
	return r, validFlags(r.Flags)
}

// validFlags tells flags of a regular expression, each once.
func validFlags(flags string) bool {
	for i, c := range flags {
		if !strings.ContainsRune("dgimsuvy", c) || strings.ContainsRune(flags[:i], c) {
			return false
		}
	}
	return true
}

// absoluteURL reads a URL. JavaScript knows no relative ones.
func absoluteURL(text string) (*url.URL, bool) {
	u, err := url.Parse(text)
	return u, err == nil && u.IsAbs()
}

// typed reads the elements of a typed array. null is what NaN and the infinities
// became there; JavaScript reads it as 0, and so does this.
func (n *node) elements(kind string) ([]float64, bool) {
	r := ranges[kind]
	elements := make([]float64, len(n.kids))
	for i, kid := range n.kids {
		if kid.kind == nullNode && kid.note == "" {
			continue
		}
		f, ok := kid.float()
		if !ok || f < r.low || f > r.high || r.whole && f != math.Trunc(f) {
			return nil, false
		}
		elements[i] = f
	}
	return elements, true
}

// what names the node in errors.
func (n *node) what() string {
	if n.note != "" {
		return n.note
	}
	return [...]string{"null", "boolean", "boolean", "number", "string", "array", "object"}[n.kind]
}
