package wire

import (
	"errors"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// MaxDepth is how deep arrays may nest in a reply. No command of Redis comes
// near; a script can build anything.
const MaxDepth = 64

// Format says how strings inside results are written.
type Format uint8

// The formats of strings inside results.
const (
	Base64 Format = iota // as the header Upstash-Encoding: base64 asks for
	Plain
)

// Single decodes the answer to one command: {"result": ...} or {"error": "..."}.
func Single(body []byte, f Format) (command.Reply, error) {
	d := decoder{data: body, format: f, depth: -1} // the object is not part of the reply
	return d.last()
}

// Batch decodes the answer to a batch. Where the server refused the request as
// a whole it answers with one object instead of an array: refused is then that
// object's error reply.
func Batch(body []byte, f Format, want int) (replies []command.Reply, refused command.Reply, err error) {
	d := decoder{data: body, format: f, depth: -2}
	if d.peek() == '{' {
		r, err := d.last()
		if err == nil && r.Kind() != command.KindError {
			r, err = command.Reply{}, errors.New("one result where an array of results belongs")
		}
		return nil, r, err
	}
	replies = make([]command.Reply, 0, min(want, len(body)))
	err = d.array(func() error {
		if len(replies) == want {
			return fmt.Errorf("more than %d results for %d commands", want, want)
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
	if err != nil {
		return nil, command.Reply{}, err
	}
	return replies, command.Reply{}, nil
}

// Error decodes {"error": "..."} and reports whether the body is that.
func Error(body []byte) (text string, ok bool) {
	d := decoder{data: body}
	r, err := d.last()
	if err != nil {
		return "", false
	}
	e, ok := errors.AsType[*command.Error](r.Err())
	if !ok {
		return "", false
	}
	return e.Detail(), true
}

// last reads an object after which nothing may follow.
func (d *decoder) last() (command.Reply, error) {
	r, err := d.envelope()
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
	err := d.object(func(name string) (err error) {
		switch {
		case name == "result" && !hasResult:
			hasResult = true
			result, err = d.value()
		case name == "error" && !hasError:
			hasError = true
			failure, err = d.failure()
		case name == "result", name == "error":
			err = errTwoOutcomes
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
	return command.ErrorReply(text), err
}

var errTwoOutcomes = errors.New("an object with two outcomes")

// value reads a result. Only what RESP2 can say is a result: booleans,
// fractions and objects are not.
func (d *decoder) value() (command.Reply, error) {
	switch c := d.peek(); {
	case c == '"':
		text, err := d.str()
		if err == nil && d.format == Base64 {
			text, err = decodeText(text)
		}
		return command.TextReply(text), err
	case c == '-' || c >= '0' && c <= '9':
		n, err := d.integer()
		return command.IntReply(n), err
	case c == 'n':
		return command.Reply{}, d.literal("null")
	case c == '[':
		var items []command.Reply
		err := d.array(func() error {
			item, err := d.item()
			items = append(items, item)
			return err
		})
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
