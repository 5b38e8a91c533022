package wire

import (
	"fmt"
	"strconv"
	"strings"
)

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

func (d *decoder) take(c byte, want string) error {
	if d.peek() != c {
		return d.unexpected(want)
	}
	d.pos++
	return nil
}

func (d *decoder) literal(word string) error {
	if !strings.HasPrefix(string(d.data[d.pos:min(d.pos+len(word), len(d.data))]), word) {
		return d.unexpected(word)
	}
	d.pos += len(word)
	return nil
}

func (d *decoder) array(element func() error) error {
	if err := d.take('[', "an array"); err != nil {
		return err
	}
	return d.list(']', element)
}

// object calls member for each name; the name is valid until the next string is read.
func (d *decoder) object(member func(name []byte) error) error {
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
	for first := true; d.peek() != closing || !first; first = false {
		if err := element(); err != nil {
			return err
		}
		if c := d.peek(); c == closing {
			break
		} else if c != ',' {
			return d.unexpected("a comma or the end of the list")
		}
		d.pos++
	}
	d.pos++
	d.depth--
	return nil
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
		return d.object(func([]byte) error { return d.skip() })
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
