package command

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Cmd is one command whose reply decodes to T. It is a value: safe to store, to
// copy, to send many times and to use from several goroutines.
type Cmd[T any] struct {
	args   Args
	decode func(Reply) (T, error)
}

// New makes a command from a decoder and its words, for anything this package
// does not spell itself. Methods of [Reply] serve as decoders:
//
//	command.New(command.Reply.Texts, "NEWCMD", "key", 42)
//
// Its class is [Once] until [Cmd.WithClass] says otherwise.
func New[T any](decode func(Reply) (T, error), name string, args ...any) Cmd[T] {
	return Cmd[T]{args: NewArgs(name, args...), decode: decode}
}

// Args returns the command's words.
func (c Cmd[T]) Args() Args { return c.args }

// Err returns why the command cannot be sent, or nil.
func (c Cmd[T]) Err() error { return c.args.Err() }

// WithClass returns the command with another answer to "may it be repeated?".
func (c Cmd[T]) WithClass(class Class) Cmd[T] {
	c.args.class = class
	return c
}

// Decode reads a reply to this command. A reply that is an error comes back as
// that error; a reply of another shape is a [*DecodeError].
func (c Cmd[T]) Decode(r Reply) (T, error) {
	if err := r.Err(); err != nil || c.decode == nil {
		var zero T
		return zero, err
	}
	return c.decode(r)
}

// String names the command and counts its arguments; it shows none of them.
func (c Cmd[T]) String() string { return c.args.String() }

// GoString is [Cmd.String], so that %#v shows no argument either.
func (c Cmd[T]) GoString() string { return c.args.String() }

// Map returns c with f applied to its decoded reply.
func Map[A, B any](c Cmd[A], f func(A) (B, error)) Cmd[B] {
	return Cmd[B]{args: c.args, decode: func(r Reply) (B, error) {
		a, err := c.Decode(r)
		if err != nil {
			var zero B
			return zero, err
		}
		return f(a)
	}}
}

// JSON reads the text that c returns as a JSON document, as a TypeScript
// neighbor stores its values. Text that is not a T is a [*DecodeError].
func JSON[T any](c Cmd[string]) Cmd[T] {
	return Map(c, func(text string) (T, error) {
		var v T
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			// The cause may quote the stored value: it is there to unwrap, not to print.
			var zero T
			return zero, &DecodeError{Want: fmt.Sprintf("JSON text of type %v", reflect.TypeFor[T]()), Got: "other text", err: err}
		}
		return v, nil
	})
}

func read[T any](decode func(Reply) (T, error), name string, args ...any) Cmd[T] {
	return New(decode, name, args...).WithClass(ReadOnly)
}

func idempotent[T any](decode func(Reply) (T, error), name string, args ...any) Cmd[T] {
	return New(decode, name, args...).WithClass(Idempotent)
}

func once[T any](decode func(Reply) (T, error), name string, args ...any) Cmd[T] {
	return New(decode, name, args...)
}
