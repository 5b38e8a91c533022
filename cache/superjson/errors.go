package superjson

import (
	"errors"
	"reflect"
	"strconv"
)

// ErrNotSuperJSON says that the text is JSON, but no superjson document: it is
// no object, or has no member "json".
var ErrNotSuperJSON = errors.New(`superjson: not a superjson document: no object with a member "json"`)

// SyntaxError says where the text stops being JSON.
type SyntaxError struct {
	Offset int // in bytes
}

func (e *SyntaxError) Error() string {
	return "superjson: not JSON at byte " + strconv.Itoa(e.Offset)
}

// AnnotationError says what is wrong with the member "meta", or with a value
// that it describes. It names neither key nor value.
type AnnotationError struct {
	Kind   string // "Date", "map"...; "" where it is not known
	Number int    // of the annotation, counted from 1 in the order of the text; 0 for the frame around them
	Reason string
}

func (e *AnnotationError) Error() string {
	text := "superjson: meta"
	if e.Number > 0 {
		text = "superjson: annotation " + strconv.Itoa(e.Number)
	}
	if e.Kind != "" {
		text += " (" + e.Kind + ")"
	}
	return text + ": " + e.Reason
}

// TypeError says that the document holds another kind of value than the Go type
// can take.
type TypeError struct {
	Kind string // what the document holds
	Type reflect.Type
	Hint string // what to do, where there is something
}

func (e *TypeError) Error() string {
	text := "superjson: a " + e.Kind + " cannot be read into a Go " + typeName(e.Type)
	if e.Hint != "" {
		text += ": " + e.Hint
	}
	return text
}

// ValueError says why a Go value cannot be written.
type ValueError struct {
	Type   reflect.Type
	Reason string
	Err    error // of the value's own method, or nil
}

// Error leaves out the text of Err, which may show the value.
func (e *ValueError) Error() string {
	return "superjson: a Go " + typeName(e.Type) + " cannot be written: " + e.Reason
}

// Unwrap returns Err.
func (e *ValueError) Unwrap() error { return e.Err }

// LimitError says which bound a value or a document exceeds.
type LimitError struct {
	What string
	Max  int
}

func (e *LimitError) Error() string {
	return "superjson: more than " + strconv.Itoa(e.Max) + " " + e.What
}

// The bounds. Reading takes time and memory in proportion to the text even
// without them; they keep one document from taking a process's memory, and
// recursion from taking its stack. Writing keeps them too, so that what was
// written can be read.
const (
	maxDepth       = 1000      // levels of arrays and objects; encoding/json stops at 10,000, JavaScript at about as many
	maxAnnotations = 1 << 20   // a document of 100 MB holds about as many dates
	maxEqualities  = 1 << 20   // paths in referentialEqualities
	maxDigits      = 100_000   // of a bigint: reading one takes time in proportion to the square
	maxText        = 128 << 20 // bytes written; Redis takes a request of 10 to 100 MB. Few shared objects can fill any size
)

func typeName(t reflect.Type) string {
	if t == nil {
		return "nil"
	}
	return t.String()
}
