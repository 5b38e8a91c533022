// Package superjson reads and writes the wire format of the npm package
// superjson (2.2), so that Go and TypeScript services share values that JSON
// alone does not carry: dates, big integers, sets, maps, bytes, undefined, NaN,
// and objects that refer to each other.
//
//	text, err := superjson.Marshal(order) // in TypeScript: superjson.parse(text)
//	err = superjson.Unmarshal(text, &order)
//
// A document is {"json": <plain JSON>, "meta": <what the plain JSON means>}.
// Other members of it are passed over; [Document] serves who adds some.
//
// # Go and JavaScript
//
//	JavaScript          Go                       in a target of type any
//	undefined           Undefined                Undefined
//	null                nil                      nil
//	boolean, string     bool, string             bool, string
//	number              integers, floats         float64
//	bigint              *big.Int                 *big.Int
//	Date                time.Time                *time.Time
//	RegExp, URL, Error  RegExp, *url.URL, Error  *RegExp, *url.URL, *Error
//	Array               slices, arrays           []any
//	object              structs, maps, Object    Object
//	Set, Map            Set[T], Map[K, V]        Set[any], Map[any, any]
//	Uint8Array          []byte                   []byte
//	other typed array   TypedArray               *TypedArray
//	registered types    Tagged                   *Tagged
//
// Struct fields take their names and the options omitempty and omitzero from
// the tag "json"; names are compared exactly. Types with MarshalJSON or
// MarshalText, and their counterparts, are used as in encoding/json and see
// plain JSON.
//
// When reading, the target decides: a time.Time takes a Date and ISO text, a
// Set an annotated or a plain array, a Go map an object or a Map, an integer a
// number or a bigint that fits, a string whatever is written as text.
//
// A time is written in UTC, cut to milliseconds. An integer beyond 2^53-1 is
// refused: as a number JavaScript would round it; make it a *big.Int. Strings
// are UTF-8; a half of a surrogate pair, which JavaScript allows, is in Go the
// three bytes that UTF-8 would have for it.
//
// # Identity
//
// Two places that hold the same pointer, map or slice are written as what they
// are, the same object, and so are cycles; reading them gives the same pointer,
// map or slice again. In a tree of type any everything that has an identity in
// JavaScript is therefore a pointer or a slice.
//
// # Bounds
//
// Documents may come from anywhere: nesting, annotations and references are
// bounded (see [LimitError]), time and memory are proportional to the text, and
// no error shows a value or a key.
package superjson
