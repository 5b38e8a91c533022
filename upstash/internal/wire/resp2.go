package wire

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var lineBreak = []byte("\r\n")

// shortest is the length of the shortest RESP2 value, an empty status.
const shortest = len("+\r\n")

// respBatch reads the replies to a pipeline. The documentation does not say
// whether an array is around them, as around those of EXEC and of the JSON form,
// or whether they follow one another as on a TCP connection. For two commands or
// more the two cannot be mistaken for each other in a whole body, and that it is
// whole HTTP has checked. A value that is alone is that array, or the error that
// refuses all.
func (d *decoder) respBatch(want int) (replies []command.Reply, refused command.Reply, err error) {
	d.depth = -1 // the array is not part of a reply
	first, err := d.respValue()
	switch {
	case err != nil:
		return nil, command.Reply{}, err
	case d.pos < len(d.data):
		d.depth = 0 // only the first of them may nest one deeper, which is as well bounded
		replies, err = d.respMore(first, want)
	case first.Kind() == command.KindError:
		return nil, first, nil
	case first.Kind() == command.KindArray:
		replies, err = first.Array()
	default:
		err = errors.New("one result where an array of results belongs")
	}
	if err == nil && len(replies) != want {
		err = fmt.Errorf("%d results for %d commands", len(replies), want)
	}
	return replies, command.Reply{}, err
}

// respMore reads the replies after the first one.
func (d *decoder) respMore(first command.Reply, want int) ([]command.Reply, error) {
	replies := append(make([]command.Reply, 0, min(want, d.rest()/shortest+1)), first)
	for d.pos < len(d.data) {
		if len(replies) >= want {
			return nil, errTooMany(want)
		}
		r, err := d.respValue()
		if err != nil {
			return nil, err
		}
		replies = append(replies, r)
	}
	return replies, nil
}

func (d *decoder) respValue() (command.Reply, error) {
	if d.pos >= len(d.data) {
		return command.Reply{}, d.unexpected("a value")
	}
	kind := d.data[d.pos]
	switch kind {
	case '+', '-', ':', '$', '*':
	default:
		return command.Reply{}, d.unexpected("a value")
	}
	d.pos++
	start := d.pos
	line, err := d.line()
	switch {
	case err != nil:
		return command.Reply{}, err
	case kind == '+':
		return command.TextReply(d.texts.add(line, d.rest())), nil
	case kind == '-':
		return command.ErrorReply(string(line)), nil
	case kind == ':':
		n, err := strconv.ParseInt(string(line), 10, 64)
		if err != nil {
			return command.Reply{}, fmt.Errorf("the number at byte %d is not a 64-bit integer", start)
		}
		return command.IntReply(n), nil
	case string(line) == "-1":
		return command.Reply{}, nil
	}
	n, err := strconv.ParseUint(string(line), 10, 31) // an int holds it on every platform
	if err != nil {
		return command.Reply{}, fmt.Errorf("the length at byte %d is not one", start)
	}
	if kind == '$' {
		return d.bulk(int(n))
	}
	return d.respArray(int(n), start)
}

// line takes what is left of the line, and its end.
func (d *decoder) line() ([]byte, error) {
	n := bytes.Index(d.data[d.pos:], lineBreak)
	if n < 0 {
		d.pos = len(d.data)
		return nil, d.unexpected("the end of a line")
	}
	line := d.data[d.pos : d.pos+n]
	d.pos += n + len(lineBreak)
	return line, nil
}

// bulk reads a string of n bytes.
func (d *decoder) bulk(n int) (command.Reply, error) {
	if n > d.rest() {
		d.pos = len(d.data)
		return command.Reply{}, d.unexpected("the rest of a string")
	}
	text := d.data[d.pos : d.pos+n]
	d.pos += n
	if !bytes.HasPrefix(d.data[d.pos:], lineBreak) {
		return command.Reply{}, d.unexpected("a line break after a string")
	}
	d.pos += len(lineBreak)
	return command.TextReply(d.texts.add(text, d.rest())), nil
}

// respArray reads an array of n values. It makes room for them only if the rest
// of the body can hold them beside those that the arrays around it are still to
// get: otherwise a short body of nested lengths would ask for any memory.
func (d *decoder) respArray(n, start int) (command.Reply, error) {
	if n > d.rest()/shortest-d.owed {
		return command.Reply{}, fmt.Errorf("the body ends after %d bytes, too early for the array that is declared at byte %d", len(d.data), start)
	}
	if err := d.nest(); err != nil {
		return command.Reply{}, err
	}
	d.owed += n
	items := make([]command.Reply, n)
	for i := range items {
		d.owed--
		var err error
		if items[i], err = d.respValue(); err != nil {
			return command.Reply{}, err
		}
	}
	d.depth--
	return command.ArrayReply(items...), nil
}
