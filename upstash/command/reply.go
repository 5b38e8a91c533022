package command

import (
	"math"
	"strconv"
)

// Kind is the shape of a [Reply].
type Kind uint8

// The shapes a reply can have over REST, where the protocol is RESP2.
const (
	KindNil Kind = iota
	KindText
	KindInt
	KindArray
	KindError
)

// Reply is one reply of the server before it is decoded. The zero value is nil.
// Its methods are the decoders: pass one to [New] as a method expression, for
// example command.Reply.Int.
type Reply struct {
	kind  Kind
	num   int64
	text  string
	items []Reply
}

// TextReply makes a reply of a string; bytes are kept as they are.
func TextReply(text string) Reply { return Reply{kind: KindText, text: text} }

// IntReply makes a reply of an integer.
func IntReply(n int64) Reply { return Reply{kind: KindInt, num: n} }

// ArrayReply makes a reply of a list.
func ArrayReply(items ...Reply) Reply { return Reply{kind: KindArray, items: items} }

// ErrorReply makes a reply of a server's error text.
func ErrorReply(text string) Reply { return Reply{kind: KindError, text: text} }

// Kind tells the reply's shape.
func (r Reply) Kind() Kind { return r.kind }

// IsNil reports whether the reply is nil.
func (r Reply) IsNil() bool { return r.kind == KindNil }

// Err returns the reply's error as an [*Error], or nil if it is none.
func (r Reply) Err() error {
	if r.kind != KindError {
		return nil
	}
	return NewError(r.text)
}

// String describes the shape of the reply; it shows nothing of its content.
func (r Reply) String() string {
	switch r.kind {
	case KindText:
		return "text of " + strconv.Itoa(len(r.text)) + " bytes"
	case KindInt:
		return "integer"
	case KindArray:
		return "array of " + strconv.Itoa(len(r.items))
	case KindError:
		return "error"
	default:
		return "nil"
	}
}

// GoString is [Reply.String], so that %#v shows no content either.
func (r Reply) GoString() string { return r.String() }

// mismatch is what every decoder answers to a reply of another shape.
func (r Reply) mismatch(want string) error {
	if err := r.Err(); err != nil {
		return err
	}
	return &DecodeError{Want: want, Got: r.String()}
}

// Reply returns the reply itself, or its error: the decoder of commands whose
// reply has no fixed shape, such as scripts.
func (r Reply) Reply() (Reply, error) { return r, r.Err() }

// Text decodes a string; nil is [ErrNil].
func (r Reply) Text() (string, error) {
	switch r.kind {
	case KindText:
		return r.text, nil
	case KindNil:
		return "", ErrNil
	}
	return "", r.mismatch("text")
}

// Bytes decodes a string as bytes of the caller's own; nil is [ErrNil].
func (r Reply) Bytes() ([]byte, error) {
	text, err := r.Text()
	if err != nil {
		return nil, err
	}
	return []byte(text), nil
}

// Int decodes an integer; nil is [ErrNil].
func (r Reply) Int() (int64, error) {
	switch r.kind {
	case KindInt:
		return r.num, nil
	case KindNil:
		return 0, ErrNil
	}
	return 0, r.mismatch("integer")
}

// Float decodes a number that travels as text, inf and nan among them; nil is
// [ErrNil].
func (r Reply) Float() (float64, error) {
	switch r.kind {
	case KindInt:
		return float64(r.num), nil
	case KindNil:
		return 0, ErrNil
	case KindText:
		if f, err := strconv.ParseFloat(r.text, 64); err == nil {
			return f, nil
		}
		if r.text == "-nan" {
			return math.NaN(), nil
		}
	}
	return 0, r.mismatch("number")
}

// Bool decodes 1 and 0.
func (r Reply) Bool() (bool, error) {
	if r.kind == KindInt && (r.num == 0 || r.num == 1) {
		return r.num == 1, nil
	}
	return false, r.mismatch("1 or 0")
}

// Status decodes "OK".
func (r Reply) Status() (OK, error) {
	if r.kind == KindText && r.text == "OK" {
		return OK{}, nil
	}
	return OK{}, r.mismatch("the status OK")
}

// Applied decodes "OK" as true and nil as false: the reply of a write with a
// condition.
func (r Reply) Applied() (bool, error) {
	if r.kind == KindNil {
		return false, nil
	}
	_, err := r.Status()
	return err == nil, err
}

// NullText decodes a string that may be absent.
func (r Reply) NullText() (Null[string], error) { return null(r, Reply.Text) }

// NullInt decodes an integer that may be absent.
func (r Reply) NullInt() (Null[int64], error) { return null(r, Reply.Int) }

// NullFloat decodes a number that may be absent.
func (r Reply) NullFloat() (Null[float64], error) { return null(r, Reply.Float) }

func null[T any](r Reply, decode func(Reply) (T, error)) (Null[T], error) {
	if r.kind == KindNil {
		return Null[T]{}, nil
	}
	v, err := decode(r)
	return Null[T]{V: v, Valid: err == nil}, err
}
