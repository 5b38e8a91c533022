package upstashtest

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"
)

// maxNesting bounds the depth of arrays in a reply, and with it the stack.
const maxNesting = 1000

var errBadReply = errors.New("upstashtest: malformed reply from the engine")

// appendReply appends one RESP2 reply as a result or error object. On an error
// what it appended is to be thrown away.
func appendReply(dst, resp []byte, b64 bool) ([]byte, error) {
	if len(resp) > 0 && resp[0] == '-' {
		dst, rest, err := appendValue(dst, resp, b64, 0)
		return dst, complete(rest, err)
	}
	dst = append(dst, `{"result":`...)
	dst, rest, err := appendValue(dst, resp, b64, 0)
	return append(dst, '}'), complete(rest, err)
}

func complete(rest []byte, err error) error {
	if err == nil && len(rest) > 0 {
		return errBadReply
	}
	return err
}

// appendValue appends the first RESP2 value of resp and returns what follows
// it. There is no documented form for an error inside an array; here it is the
// object that an error is elsewhere.
func appendValue(dst, resp []byte, b64 bool, depth int) (out, rest []byte, err error) {
	line, rest, ok := bytes.Cut(resp, []byte("\r\n"))
	if !ok || len(line) == 0 || depth > maxNesting {
		return dst, nil, errBadReply
	}
	kind, text := line[0], line[1:]
	switch kind {
	case '+':
		return appendText(dst, text, b64), rest, nil
	case '-':
		dst = append(dst, `{"error":`...)
		return append(appendString(dst, text), '}'), rest, nil
	case ':', '$', '*':
	default:
		return dst, nil, errBadReply
	}

	n, err := strconv.ParseInt(string(text), 10, 64)
	switch {
	case err != nil:
		return dst, nil, errBadReply
	case kind == ':':
		return strconv.AppendInt(dst, n, 10), rest, nil
	case n == -1:
		return append(dst, "null"...), rest, nil
	case n < 0:
		return dst, nil, errBadReply
	case kind == '$':
		return appendBulk(dst, rest, n, b64)
	}

	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, rest, err = appendValue(dst, rest, b64, depth+1); err != nil {
			return dst, nil, err
		}
	}
	return append(dst, ']'), rest, nil
}

func appendBulk(dst, resp []byte, n int64, b64 bool) (out, rest []byte, err error) {
	if n > int64(len(resp)) || !bytes.HasPrefix(resp[n:], []byte("\r\n")) {
		return dst, nil, errBadReply
	}
	return appendText(dst, resp[:n], b64), resp[n+2:], nil
}

// appendText appends a string of a result. In base64 mode only the exact string
// OK stays as it is, which is not base64 and so cannot be mistaken.
func appendText(dst, text []byte, b64 bool) []byte {
	if !b64 || string(text) == "OK" {
		return appendString(dst, text)
	}
	dst = append(dst, '"')
	dst = base64.StdEncoding.AppendEncode(dst, text)
	return append(dst, '"')
}
