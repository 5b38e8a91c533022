// Package words stands in for upstash/command in the test of the generator.
package words

import "time"

type (
	Cmd[T any]  struct{}
	OK          struct{}
	Null[T any] struct{}
	Z           struct{}
	Options     struct{}
)

// ErrNil is a name that docs link to.
var ErrNil error

// Get returns the value, or [ErrNil]. See [Set] and [Options.Field], and
// [elsewhere] or [Unknown].
func Get(key string) Cmd[string] { return Cmd[string]{} }

// Set has nothing to say.
//
// It has a second paragraph.
func Set(key string, value any) Cmd[OK] { return Cmd[OK]{} }

// Many takes what may come.
func Many(ttl time.Duration, o Options, keys ...string) Cmd[[]Null[string]] {
	return Cmd[[]Null[string]]{}
}

// Pair has two parameters of one type.
func Pair(a, b int64, m map[string]Z) Cmd[map[string]time.Time] { return Cmd[map[string]time.Time]{} }

// Map is no constructor: it has type parameters.
func Map[T any](c Cmd[T]) Cmd[T] { return c }

// Two is no constructor: it has two results.
func Two() (Cmd[string], error) { return Cmd[string]{}, nil }

// Other is no constructor: it returns something else.
func Other() string { return "" }

// Method is no constructor: it has a receiver.
func (Options) Method() Cmd[string] { return Cmd[string]{} }

func hidden() Cmd[string] { return Cmd[string]{} }

var _ = hidden
