// Package wire turns commands into request bodies and response bodies into
// replies. Requests are JSON; replies are JSON, with base64 strings or plain
// ones, or RESP2. It knows nothing of HTTP.
package wire

import (
	"fmt"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// NotTextError says that an argument is not valid UTF-8, which JSON cannot carry.
type NotTextError struct {
	Command  string // the command's name
	Index    int    // its position in the batch
	Argument int    // the argument's position after the name, from 1
}

func (e *NotTextError) Error() string {
	return fmt.Sprintf("argument %d of %s (command %d of the request) is not valid UTF-8: JSON cannot carry it. "+
		"Only the last argument of a command that is sent on its own may hold any bytes; elsewhere encode them, for example as base64",
		e.Argument, e.Command, e.Index+1)
}

// AppendCommand appends one command as a JSON array of strings.
func AppendCommand(dst []byte, c command.Args) ([]byte, error) { return appendCommand(dst, c, 0) }

// AppendBatch appends commands as a JSON array of arrays.
func AppendBatch(dst []byte, commands []command.Args) ([]byte, error) {
	dst = append(dst, '[')
	for i, c := range commands {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendCommand(dst, c, i); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

func appendCommand(dst []byte, c command.Args, index int) ([]byte, error) {
	dst = append(dst, '[')
	for i := range c.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		word := c.At(i)
		if !utf8.ValidString(word) {
			return nil, &NotTextError{Command: c.Name(), Index: index, Argument: i}
		}
		dst = appendString(dst, word)
	}
	return append(dst, ']'), nil
}

const hexDigits = "0123456789abcdef"

// appendString escapes what RFC 8259 says must be, and nothing else.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[start:i]...)
		start = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&0xf])
		}
	}
	return append(append(dst, s[start:]...), '"')
}
