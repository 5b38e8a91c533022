// Package sse reads server-sent events, as the WHATWG specification of event
// streams says: https://html.spec.whatwg.org/multipage/server-sent-events.html
package sse

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// ErrTooLong is returned for an event that is longer than the limit. What
// follows it cannot be read any more.
var ErrTooLong = errors.New("sse: the event is longer than the limit")

// Reader reads the data of events. The protocol of this SDK uses nothing else
// of them: the fields event, id and retry, comments, and fields of other names
// are passed over. It is not safe for concurrent use.
type Reader struct {
	in  *bufio.Reader
	max int

	line    []byte
	data    []byte // of the event so far, each of its lines with a newline behind it
	begun   bool   // the first line was read
	afterCR bool   // a line feed would belong to the end of the last line
}

const (
	bufferSize = 4 << 10
	// keptSize is the largest buffer that outlives its event: one large message
	// must not hold its memory for as long as a quiet stream lasts.
	keptSize = 64 << 10
)

// NewReader returns a reader of events with at most limit bytes, in one line or
// in several.
func NewReader(r io.Reader, limit int) *Reader {
	return &Reader{in: bufio.NewReaderSize(r, bufferSize), max: limit}
}

// Next returns the data of the next event, its lines joined by newlines. An
// event is there as soon as the empty line behind it is. At the end of the
// input the error is that of the reader below, [io.EOF] for an orderly one; an
// event that was not complete is dropped, as the specification wants it.
//
// Bytes that are not UTF-8 are kept as they are.
func (r *Reader) Next() (string, error) {
	for {
		if err := r.readLine(); err != nil {
			return "", err
		}
		if len(r.line) > 0 {
			if err := r.field(); err != nil {
				return "", err
			}
			continue
		}
		if len(r.data) > 0 {
			return r.event(), nil
		}
	}
}

// field reads the line as a field of the current event.
func (r *Reader) field() error {
	name, value, _ := bytes.Cut(r.line, []byte(":")) // a comment is a field without a name
	if string(name) != "data" {
		return nil
	}
	value = bytes.TrimPrefix(value, []byte(" "))
	if len(r.data)+len(value) > r.max {
		return ErrTooLong
	}
	r.data = append(append(r.data, value...), '\n')
	return nil
}

func (r *Reader) event() string {
	text := string(r.data[:len(r.data)-1])
	r.data = emptied(r.data)
	r.line = emptied(r.line)
	return text
}

func emptied(b []byte) []byte {
	if cap(b) > keptSize {
		return nil
	}
	return b[:0]
}

// readLine reads up to the end of a line: CR, LF or both. It does not wait for
// what follows a CR, because that may be the next event.
func (r *Reader) readLine() error {
	r.line = r.line[:0]
	for {
		if _, err := r.in.Peek(1); err != nil {
			return err
		}
		chunk, _ := r.in.Peek(r.in.Buffered()) // these bytes are there
		if r.afterCR {
			r.afterCR = false
			if chunk[0] == '\n' {
				r.skip(1)
				continue
			}
		}
		end := bytes.IndexAny(chunk, "\r\n")
		if end < 0 {
			end = len(chunk)
		}
		if len(r.line)+end > r.max+len("data: ") {
			return ErrTooLong
		}
		r.line = append(r.line, chunk[:end]...)
		if end == len(chunk) {
			r.skip(end)
			continue
		}
		r.afterCR = chunk[end] == '\r'
		r.skip(end + 1)
		if !r.begun {
			r.begun = true
			r.line = bytes.TrimPrefix(r.line, []byte("\uFEFF"))
		}
		return nil
	}
}

// skip drops bytes that were peeked at.
func (r *Reader) skip(n int) {
	_, _ = r.in.Discard(n) // it has them
}
