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
	d := decoder{data: body, format: f}
	r, err := d.envelope()
	if err != nil {
		return command.Reply{}, err
	}
	return r, d.end()
}

// Batch decodes the answer to a batch. Where the server refused the request as
// a whole it answers with one object instead of an array: refused is then that
// object's error reply.
func Batch(body []byte, f Format, want int) (replies []command.Reply, refused command.Reply, err error) {
	d := decoder{data: body, format: f}
	if d.peek() == '{' {
		r, err := d.envelope()
		if err != nil {
			return nil, command.Reply{}, err
		}
		if r.Kind() != command.KindError {
			return nil, command.Reply{}, errors.New("one result where an array of results belongs")
		}
		return nil, r, d.end()
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
	if err != nil {
		return nil, command.Reply{}, err
	}
	if len(replies) != want {
		return nil, command.Reply{}, fmt.Errorf("%d results for %d commands", len(replies), want)
	}
	return replies, command.Reply{}, d.end()
}

// Error decodes {"error": "..."} and reports whether the body is that.
func Error(body []byte) (text string, ok bool) {
	d := decoder{data: body}
	r, err := d.envelope()
	if err != nil || d.end() != nil || r.Kind() != command.KindError {
		return "", false
	}
	var e *command.Error
	if errors.As(r.Err(), &e) {
		return e.Detail(), true
	}
	return "", false
}

// envelope reads one object with a result or an error. Members of other names
// are passed over, so that the server may add some.
func (d *decoder) envelope() (command.Reply, error) {
	var reply command.Reply
	found := false
	err := d.object(func(name string) error {
		var err error
		switch name {
		case "result":
			if found {
				return errors.New("an object with two outcomes")
			}
			found = true
			reply, err = d.value()
		case "error":
			if d.peek() == 'n' { // {"result": ..., "error": null}
				_, err = d.value()
				return err
			}
			if found && !reply.IsNil() {
				return errors.New("an object with two outcomes")
			}
			found = true
			var text string
			text, err = d.str()
			reply = command.ErrorReply(text)
		default:
			err = d.skip()
		}
		return err
	})
	if err == nil && !found {
		err = errors.New("an object with neither result nor error")
	}
	return reply, err
}

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
