package wire

import (
	"errors"
	"fmt"
	"slices"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// MaxDepth is how deep arrays may nest in a reply. No command of Redis comes
// near; a script can build anything.
const MaxDepth = 64

// Format says how a body is written.
type Format uint8

// The formats of bodies.
const (
	Base64 Format = iota // JSON, with strings as the header Upstash-Encoding: base64 asks for
	Plain                // JSON, with strings as they are
	RESP2                // as the header Upstash-Response-Format: resp2 asks for
)

// Single decodes the answer to one command: {"result": ...} or {"error": "..."},
// in RESP2 one value.
func Single(body []byte, f Format) (command.Reply, error) {
	d := decoder{data: body, format: f}
	if f == RESP2 {
		return d.last(d.respValue)
	}
	d.depth = -1 // the object is not part of the reply
	return d.last(d.envelope)
}

// Batch decodes the answer to a batch. Where the server refused the request as
// a whole it answers with one error instead of an array: refused is then that
// error reply. In RESP2 the replies may also stand one after the other, without
// an array around them.
func Batch(body []byte, f Format, want int) (replies []command.Reply, refused command.Reply, err error) {
	d := decoder{data: body, format: f}
	if f == RESP2 {
		replies, refused, err = d.respBatch(want)
	} else {
		replies, refused, err = d.batch(want)
	}
	if err != nil {
		return nil, command.Reply{}, err
	}
	return replies, refused, nil
}

// Error reports whether the body is one error, {"error": "..."} or that of
// RESP2, and returns its text. No answer in JSON begins with a minus.
func Error(body []byte) (text string, ok bool) {
	f := Plain
	if len(body) > 0 && body[0] == '-' {
		f = RESP2
	}
	r, err := Single(body, f)
	if err != nil {
		return "", false
	}
	e, ok := errors.AsType[*command.Error](r.Err())
	if !ok {
		return "", false
	}
	return e.Detail(), true
}

func (d *decoder) batch(want int) (replies []command.Reply, refused command.Reply, err error) {
	d.depth = -2 // neither the array nor the object is part of a reply
	if d.peek() == '{' {
		r, err := d.last(d.envelope)
		if err == nil && r.Kind() != command.KindError {
			r, err = command.Reply{}, errors.New("one result where an array of results belongs")
		}
		return nil, r, err
	}
	replies = make([]command.Reply, 0, min(want, len(d.data)))
	err = d.array(func() error {
		if len(replies) == want {
			return errTooMany(want)
		}
		r, err := d.envelope()
		replies = append(replies, r)
		return err
	})
	if err == nil && len(replies) != want {
		err = fmt.Errorf("%d results for %d commands", len(replies), want)
	}
	if err == nil {
		err = d.end()
	}
	return replies, command.Reply{}, err
}

func errTooMany(want int) error {
	return fmt.Errorf("more than %d results for %d commands", want, want)
}

// last reads what nothing may follow.
func (d *decoder) last(read func() (command.Reply, error)) (command.Reply, error) {
	r, err := read()
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return command.Reply{}, err
	}
	return r, nil
}

// envelope reads one object with a result or an error. Members of other names
// are passed over, so that the server may add some, and a null beside the other
// outcome says nothing.
func (d *decoder) envelope() (command.Reply, error) {
	var result, failure command.Reply
	var hasResult, hasError bool
	err := d.object(func(name []byte) (err error) {
		switch string(name) {
		case "result":
			if hasResult {
				return errTwoOutcomes
			}
			hasResult = true
			result, err = d.value()
		case "error":
			if hasError {
				return errTwoOutcomes
			}
			hasError = true
			failure, err = d.failure()
		default:
			err = d.skip()
		}
		return err
	})
	switch {
	case err != nil:
		return command.Reply{}, err
	case failure.IsNil() && !hasResult:
		return command.Reply{}, errors.New("an object with neither result nor error")
	case failure.IsNil():
		return result, nil
	case !result.IsNil():
		return command.Reply{}, errTwoOutcomes
	}
	return failure, nil
}

// failure reads the text of an error, or null where there is none.
func (d *decoder) failure() (command.Reply, error) {
	if d.peek() == 'n' {
		return command.Reply{}, d.literal("null")
	}
	text, err := d.str()
	return command.ErrorReply(string(text)), err
}

var errTwoOutcomes = errors.New("an object with two outcomes")

// value reads a result. Only what RESP2 can say is a result: booleans,
// fractions and objects are not.
func (d *decoder) value() (command.Reply, error) {
	switch c := d.peek(); {
	case c == '"':
		text, err := d.text()
		return command.TextReply(text), err
	case c == '-' || c >= '0' && c <= '9':
		n, err := d.integer()
		return command.IntReply(n), err
	case c == 'n':
		return command.Reply{}, d.literal("null")
	case c == '[':
		start := len(d.items)
		err := d.array(func() error {
			item, err := d.item()
			d.items = append(d.items, item)
			return err
		})
		items := slices.Clone(d.items[start:])
		d.items = d.items[:start]
		return command.ArrayReply(items...), err
	}
	return command.Reply{}, d.unexpected("a string, an integer, null or an array")
}

// item reads an element of an array: a value, or an error that a script put there.
func (d *decoder) item() (command.Reply, error) {
	if d.peek() != '{' {
		return d.value()
	}
	r, err := d.envelope()
	if err == nil && r.Kind() != command.KindError {
		err = errors.New("an object inside a result")
	}
	return r, err
}
