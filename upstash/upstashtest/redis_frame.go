package upstashtest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
)

// maxFrame is the most that one reply may take in memory. Redis itself keeps no
// string of more than half of it.
const maxFrame = 1 << 30

var errBadFrame = errors.New("it does not answer in RESP2")

// readFrame appends the next RESP2 value of in to buf, byte by byte as it came:
// what a reply means is for others to see. It believes no length before the
// bytes are there.
func readFrame(in *bufio.Reader, buf *bytes.Buffer) error {
	f := framing{in: in, out: buf, left: maxFrame}
	return f.value(0)
}

// readArrayHead reads the beginning of an array, whose values are then read one
// by one. When there is another value in its place, the error is a replyError
// or errBadFrame.
func readArrayHead(in *bufio.Reader) (n int, err error) {
	var head bytes.Buffer
	f := framing{in: in, out: &head, left: maxFrame}
	line, err := f.line()
	if err != nil {
		return 0, err
	}
	switch line[0] {
	case '-':
		return 0, replyError(line[1:])
	case '*':
		if n, err := strconv.Atoi(string(line[1:])); err == nil && n >= 0 {
			return n, nil
		}
	}
	return 0, errBadFrame
}

// A replyError is what Redis said instead of what was asked for.
type replyError string

func (e replyError) Error() string { return string(e) }

type framing struct {
	in   *bufio.Reader
	out  *bytes.Buffer
	left int64 // how much more may come
}

func (f *framing) value(depth int) error {
	line, err := f.line()
	if err != nil {
		return err
	}
	kind := line[0]
	switch kind {
	case '+', '-':
		return nil
	case ':', '$', '*':
	default:
		return errBadFrame
	}
	n, err := strconv.ParseInt(string(line[1:]), 10, 64)
	switch {
	case err != nil:
		return errBadFrame
	case kind == ':', n == -1:
		return nil
	case n < 0:
		return errBadFrame
	case kind == '$':
		return f.bulk(n)
	case depth == maxNesting:
		return errBadFrame
	}
	for range n {
		if err := f.value(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

// line copies a line and returns it without its end. It has a first byte, and
// is good until the next one is read.
func (f *framing) line() ([]byte, error) {
	start := f.out.Len()
	for {
		part, err := f.in.ReadSlice('\n')
		f.out.Write(part)
		if f.left -= int64(len(part)); f.left < 0 {
			return nil, errBadFrame
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, cutShort(err)
		}
		line, ended := bytes.CutSuffix(f.out.Bytes()[start:], []byte("\r\n"))
		switch {
		case ended && len(line) == 0:
			return nil, errBadFrame
		case ended:
			return line, nil
		}
	}
}

func (f *framing) bulk(n int64) error {
	if f.left -= n + int64(len("\r\n")); n > maxFrame || f.left < 0 {
		return errBadFrame
	}
	if _, err := io.CopyN(f.out, f.in, n); err != nil {
		return cutShort(err)
	}
	end := make([]byte, len("\r\n"))
	if _, err := io.ReadFull(f.in, end); err != nil {
		return cutShort(err)
	}
	f.out.Write(end)
	if string(end) != "\r\n" {
		return errBadFrame
	}
	return nil
}

// cutShort is the error of a reader that ended in the middle of a value.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
