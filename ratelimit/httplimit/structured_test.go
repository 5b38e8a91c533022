package httplimit_test

import (
	"fmt"
	"strconv"
	"strings"
)

// item is a member of a list of structured fields: a string or an int64, with
// the integers of its parameters.
type item struct {
	Value      any
	Parameters map[string]int64
}

// reader parses structured fields by the algorithms of RFC 9651, section 4.2,
// as far as rate limits use them. It shares nothing with the package's writer.
type reader struct {
	text string
	err  error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("%s before %q", what, r.text)
	}
	r.text = ""
}

func (r *reader) take(c byte) bool {
	if r.text == "" || r.text[0] != c {
		return false
	}
	r.text = r.text[1:]
	return true
}

func (r *reader) skip(set string) { r.text = strings.TrimLeft(r.text, set) }

func (r *reader) str() string {
	var b strings.Builder
	for r.text != "" {
		c := r.text[0]
		r.text = r.text[1:]
		switch {
		case c == '"':
			return b.String()
		case c == '\\' && r.text != "" && (r.text[0] == '"' || r.text[0] == '\\'):
			b.WriteByte(r.text[0])
			r.text = r.text[1:]
		case c == '\\' || c < 0x20 || c > 0x7e:
			r.fail(fmt.Sprintf("%q in a string", c))
		default:
			b.WriteByte(c)
		}
	}
	r.fail("string not closed")
	return ""
}

func (r *reader) integer() int64 {
	end := len(r.text) - len(strings.TrimLeft(r.text, "-0123456789"))
	n, err := strconv.ParseInt(r.text[:end], 10, 64)
	if err != nil || len(strings.TrimPrefix(r.text[:end], "-")) > 15 {
		r.fail("no integer")
		return 0
	}
	r.text = r.text[end:]
	return n
}

func (r *reader) key() string {
	end := len(r.text) - len(strings.TrimLeft(r.text, "abcdefghijklmnopqrstuvwxyz0123456789_-.*"))
	if end == 0 || r.text[0] != '*' && (r.text[0] < 'a' || r.text[0] > 'z') {
		r.fail("no key")
		return ""
	}
	key := r.text[:end]
	r.text = r.text[end:]
	return key
}

func (r *reader) item() item {
	it := item{Parameters: map[string]int64{}}
	if r.take('"') {
		it.Value = r.str()
	} else {
		it.Value = r.integer()
	}
	for r.take(';') {
		r.skip(" ")
		key := r.key()
		if !r.take('=') {
			r.fail("parameter without a value")
		}
		it.Parameters[key] = r.integer()
	}
	return it
}

// members reads what stands between commas.
func (r *reader) members(one func()) error {
	r.skip(" ")
	for r.text != "" {
		one()
		if r.skip(" \t"); r.text == "" {
			break
		}
		if !r.take(',') {
			r.fail("no comma")
		}
		if r.skip(" \t"); r.text == "" {
			r.fail("nothing behind a comma")
		}
	}
	return r.err
}

// readList reads the lines of a List.
func readList(lines []string) (items []item, err error) {
	r := reader{text: strings.Join(lines, ", ")}
	err = r.members(func() { items = append(items, r.item()) })
	return items, err
}

// readDictionary reads the lines of a Dictionary of integers.
func readDictionary(lines []string) (map[string]int64, error) {
	r, dictionary := reader{text: strings.Join(lines, ", ")}, map[string]int64{}
	err := r.members(func() {
		key := r.key()
		if !r.take('=') {
			r.fail("key without a value")
		}
		dictionary[key] = r.integer()
	})
	return dictionary, err
}
