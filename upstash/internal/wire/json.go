package wire

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder walks a JSON text once. It builds nothing but what the caller asks
// for, and its errors name positions, never content.
type decoder struct {
	data   []byte
	pos    int
	depth  int
	format Format
}

// peek skips white space and returns the next byte, or 0 at the end.
func (d *decoder) peek() byte {
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; c {
		case ' ', '\t', '\r', '\n':
			d.pos++
		default:
			return c
		}
	}
	return 0
}

func (d *decoder) unexpected(want string) error {
	if d.pos >= len(d.data) {
		return fmt.Errorf("the body ends after %d bytes where %s belongs", len(d.data), want)
	}
	return fmt.Errorf("byte %d begins something else where %s belongs", d.pos, want)
}

func (d *decoder) take(c byte, want string) error {
	if d.peek() != c {
		return d.unexpected(want)
	}
	d.pos++
	return nil
}

func (d *decoder) end() error {
	if d.peek() != 0 || d.pos < len(d.data) {
		return fmt.Errorf("something follows the reply at byte %d", d.pos)
	}
	return nil
}

func (d *decoder) literal(word string) error {
	if !strings.HasPrefix(string(d.data[d.pos:min(d.pos+len(word), len(d.data))]), word) {
		return d.unexpected(word)
	}
	d.pos += len(word)
	return nil
}

func (d *decoder) nest() error {
	if d.depth++; d.depth > MaxDepth {
		return fmt.Errorf("nested deeper than %d", MaxDepth)
	}
	return nil
}

func (d *decoder) array(element func() error) error {
	if err := d.take('[', "an array"); err != nil {
		return err
	}
	return d.list(']', element)
}

func (d *decoder) object(member func(name string) error) error {
	if err := d.take('{', "an object"); err != nil {
		return err
	}
	return d.list('}', func() error {
		d.peek()
		name, err := d.str()
		if err != nil {
			return err
		}
		if err := d.take(':', "a colon"); err != nil {
			return err
		}
		return member(name)
	})
}

// list reads what is between brackets, the opening one taken already.
func (d *decoder) list(closing byte, element func() error) error {
	if err := d.nest(); err != nil {
		return err
	}
	defer func() { d.depth-- }()
	if d.peek() == closing {
		d.pos++
		return nil
	}
	for {
		if err := element(); err != nil {
			return err
		}
		switch d.peek() {
		case ',':
			d.pos++
		case closing:
			d.pos++
			return nil
		default:
			return d.unexpected("a comma or the end of the list")
		}
	}
}

// skip passes over any value.
func (d *decoder) skip() error {
	switch d.peek() {
	case '"':
		_, err := d.str()
		return err
	case '[':
		return d.array(d.skip)
	case '{':
		return d.object(func(string) error { return d.skip() })
	case 't':
		return d.literal("true")
	case 'f':
		return d.literal("false")
	case 'n':
		return d.literal("null")
	}
	_, err := d.number()
	return err
}

// number takes a number as RFC 8259 writes it: strconv would also read 007 and +1.
func (d *decoder) number() (text []byte, err error) {
	start := d.pos
	d.accept("-")
	if !d.accept("0") && !d.digits() {
		return nil, d.unexpected("a value")
	}
	if d.accept(".") && !d.digits() {
		return nil, d.unexpected("a digit")
	}
	if d.accept("eE") {
		d.accept("+-")
		if !d.digits() {
			return nil, d.unexpected("a digit")
		}
	}
	return d.data[start:d.pos], nil
}

// accept takes the next byte if it is one of these.
func (d *decoder) accept(bytes string) bool {
	if d.pos < len(d.data) && strings.IndexByte(bytes, d.data[d.pos]) >= 0 {
		d.pos++
		return true
	}
	return false
}

func (d *decoder) digits() bool {
	start := d.pos
	for d.pos < len(d.data) && d.data[d.pos] >= '0' && d.data[d.pos] <= '9' {
		d.pos++
	}
	return d.pos > start
}

func (d *decoder) integer() (int64, error) {
	start := d.pos
	text, err := d.number()
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the number at byte %d is not a 64-bit integer", start)
	}
	return n, nil
}

func (d *decoder) str() (string, error) {
	if d.pos >= len(d.data) || d.data[d.pos] != '"' {
		return "", d.unexpected("a string")
	}
	d.pos++
	start := d.pos
	for d.pos < len(d.data) {
		switch c := d.data[d.pos]; {
		case c == '"':
			s := string(d.data[start:d.pos])
			d.pos++
			return s, nil
		case c == '\\':
			return d.escaped(start)
		case c < ' ':
			return "", fmt.Errorf("a control character in a string at byte %d", d.pos)
		}
		d.pos++
	}
	return "", d.unexpected("the end of a string")
}

// escaped finishes a string in which the first escape was met.
func (d *decoder) escaped(start int) (string, error) {
	var b strings.Builder
	b.Write(d.data[start:d.pos])
	for d.pos < len(d.data) {
		c := d.data[d.pos]
		d.pos++
		switch {
		case c == '"':
			return b.String(), nil
		case c < ' ':
			return "", fmt.Errorf("a control character in a string at byte %d", d.pos)
		case c != '\\':
			b.WriteByte(c)
			continue
		}
		if d.pos >= len(d.data) {
			break
		}
		c = d.data[d.pos]
		d.pos++
		if c == 'u' {
			r, ok := d.codeUnits()
			if !ok {
				return "", fmt.Errorf("a broken \\u escape at byte %d", d.pos)
			}
			b.WriteRune(r)
			continue
		}
		i := strings.IndexByte(`"\/bfnrt`, c)
		if i < 0 {
			return "", fmt.Errorf("an escape that JSON does not know at byte %d", d.pos)
		}
		b.WriteByte("\"\\/\b\f\n\r\t"[i])
	}
	return "", d.unexpected("the end of a string")
}

// codeUnits reads the digits of a \u escape, and of a second one where the two
// make one character. Half of a pair on its own is U+FFFD.
func (d *decoder) codeUnits() (rune, bool) {
	first, ok := d.hex4(d.pos)
	if !ok {
		return 0, false
	}
	d.pos += 4
	if !utf16.IsSurrogate(first) {
		return first, true
	}
	if d.pos+2 <= len(d.data) && d.data[d.pos] == '\\' && d.data[d.pos+1] == 'u' {
		if second, ok := d.hex4(d.pos + 2); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				d.pos += 6
				return r, true
			}
		}
	}
	return utf8.RuneError, true
}

func (d *decoder) hex4(at int) (rune, bool) {
	if at+4 > len(d.data) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(d.data[at:at+4]), 16, 16)
	return rune(n), err == nil
}

// decodeText undoes base64. Only the status OK comes as it is; it is not valid
// base64, so the two cannot be mistaken for each other.
func decodeText(s string) (string, error) {
	if s == "OK" || s == "" {
		return s, nil
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(s)))
	n, err := base64.StdEncoding.Strict().Decode(out, []byte(s))
	// The decoder of the standard library passes over line breaks; a reply has none.
	if err != nil || strings.ContainsAny(s, "\r\n") {
		return "", errors.New("a string is not base64, which was asked for: does the server know the header Upstash-Encoding?")
	}
	return string(out[:n]), nil
}
