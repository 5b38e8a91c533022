package superjson

import "encoding/json"

// Undefined is JavaScript's undefined.
type Undefined struct{}

// MarshalJSON writes null, as far as plain JSON goes.
func (Undefined) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Object is a JavaScript object whose members keep their order. JavaScript puts
// keys that are array indexes first, in ascending order, and so does Marshal.
type Object []Member

// Member is one member of an [Object].
type Member struct {
	Key   string
	Value any
}

// Get returns the value of a member, or false where there is none.
func (o Object) Get(key string) (any, bool) {
	for _, m := range o {
		if m.Key == key {
			return m.Value, true
		}
	}
	return nil, false
}

// Set is a JavaScript Set in its order. It is a slice: JavaScript leaves out
// what is in it twice.
type Set[T any] []T

func (Set[T]) set() {}

// Map is a JavaScript Map, whose keys may be anything, in its order. It is a
// slice: of two entries with one key JavaScript keeps the later value.
type Map[K, V any] []Entry[K, V]

func (Map[K, V]) entries() {}

// Entry is one entry of a [Map].
type Entry[K, V any] struct {
	Key   K
	Value V
}

// RegExp is a JavaScript regular expression. Its syntax is not that of package
// regexp, so it stays text.
type RegExp struct {
	Source string // between the slashes, a slash escaped
	Flags  string
}

// Error is a JavaScript Error, which travels without its stack.
type Error struct {
	Name    string
	Message string
	Cause   any    // nil: none
	Props   Object // what the writer was allowed to add (allowErrorProps)
}

// Error returns what JavaScript shows: name and message.
func (e *Error) Error() string { return e.Name + ": " + e.Message }

// TypedArray is a JavaScript typed array other than Uint8Array, which is
// []byte.
type TypedArray struct {
	Kind     string // Int8Array, Uint8ClampedArray, Float64Array...
	Elements []float64
}

// Tagged is a value of a class, a symbol or a custom transformer that the
// JavaScript side has registered, in its written form.
type Tagged struct {
	Kind  TaggedKind
	Name  string // under which it is registered
	Value any    // class: an object; symbol: its description; custom: what serialize returned
}

// TaggedKind says which registry of superjson knows a [Tagged] value.
type TaggedKind string

// The registries: registerClass, registerSymbol, registerCustom.
const (
	Class  TaggedKind = "class"
	Symbol TaggedKind = "symbol"
	Custom TaggedKind = "custom"
)

// The markers tell the generic types apart by reflection.
type (
	setMarker interface{ set() }
	mapMarker interface{ entries() }
)

var (
	_ json.Marshaler = Undefined{}
	_ error          = (*Error)(nil)
)
