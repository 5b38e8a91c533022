package wire

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a string of a result.
func (d *decoder) text() (string, error) {
	s, err := d.str()
	switch {
	case err != nil:
		return "", err
	case d.format != Base64 || string(s) == "OK":
		// Only the status OK comes as it is; it is not valid base64, so the two
		// cannot be mistaken for each other.
		return d.texts.add(s, d.rest()), nil
	}
	text, ok := d.texts.addBase64(s, d.rest())
	if !ok {
		return "", errors.New("a string is not base64, which was asked for: does the server know the header Upstash-Encoding?")
	}
	return text, nil
}

// str reads a string. What it returns is a part of the body or of the scratch
// space, valid until the next call.
func (d *decoder) str() ([]byte, error) {
	if d.pos >= len(d.data) || d.data[d.pos] != '"' {
		return nil, d.unexpected("a string")
	}
	d.pos++
	start := d.pos
	for i, c := range d.data[start:] {
		switch {
		case c == '"':
			d.pos += i + 1
			return d.data[start : start+i], nil
		case c == '\\':
			d.pos += i
			return d.escaped(start)
		case c < ' ':
			return nil, fmt.Errorf("a control character in a string at byte %d", start+i)
		}
	}
	d.pos = len(d.data)
	return nil, d.unexpected("the end of a string")
}

// escaped finishes a string in which the first escape was met.
func (d *decoder) escaped(start int) ([]byte, error) {
	s := append(d.scratch[:0], d.data[start:d.pos]...)
	defer func() { d.scratch = s }() // it may have grown
	for d.pos < len(d.data) {
		c := d.data[d.pos]
		d.pos++
		switch {
		case c == '"':
			return s, nil
		case c < ' ':
			return nil, fmt.Errorf("a control character in a string at byte %d", d.pos-1)
		case c != '\\':
			s = append(s, c)
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
				return nil, fmt.Errorf("a broken \\u escape at byte %d", d.pos)
			}
			s = utf8.AppendRune(s, r)
			continue
		}
		i := strings.IndexByte(`"\/bfnrt`, c)
		if i < 0 {
			return nil, fmt.Errorf("an escape that JSON does not know at byte %d", d.pos)
		}
		s = append(s, "\"\\/\b\f\n\r\t"[i])
	}
	return nil, d.unexpected("the end of a string")
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
