package luascript

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func jsonDecode(L *lua.LState) int {
	if L.GetTop() != 1 {
		argError(L, 1, "expected 1 argument")
	}
	text := checkString(L, 1)
	if len(text) >= 2 && (text[0] == 0 || text[1] == 0) {
		throw(L, "JSON parser does not support UTF-16 or UTF-32")
	}
	r := of(L)
	r.grow(L, 2*len(text))
	d := jsonDecoder{L: L, run: r, text: text}
	v := d.value(d.next(), 0)
	if token := d.next(); token.kind != "T_END" {
		d.wrong("the end", token)
	}
	L.Push(v)
	return 1
}

type jsonDecoder struct {
	L     *lua.LState
	run   *run
	text  string
	pos   int
	steps int
}

// A jsonToken has a kind as cjson's errors name it. An error has a kind of its
// own, which is what errors show.
type jsonToken struct {
	kind  string
	index int
	value lua.LValue
}

func (d *jsonDecoder) wrong(expected string, found jsonToken) {
	throw(d.L, "Expected %s but found %s at character %d", expected, found.kind, found.index+1)
}

func (d *jsonDecoder) value(token jsonToken, depth int) lua.LValue {
	if d.steps++; d.steps%4096 == 0 {
		d.run.alive(d.L)
	}
	switch token.kind {
	case "T_STRING", "T_NUMBER", "T_BOOLEAN", "T_NULL":
		return token.value
	case "T_OBJ_BEGIN":
		d.descend(depth + 1)
		return d.object(depth + 1)
	case "T_ARR_BEGIN":
		d.descend(depth + 1)
		return d.array(depth + 1)
	}
	d.wrong("value", token)
	return nil
}

func (d *jsonDecoder) descend(depth int) {
	if depth > d.run.json.decodeDepth || depth > maxJSONDepth {
		throw(d.L, "Found too many nested data structures (%d) at character %d", depth, d.pos)
	}
}

func (d *jsonDecoder) object(depth int) lua.LValue {
	t := newTable()
	token := d.next()
	if token.kind == "T_OBJ_END" {
		return t
	}
	for {
		if token.kind != "T_STRING" {
			d.wrong("object key string", token)
		}
		key := token.value
		if token = d.next(); token.kind != "T_COLON" {
			d.wrong("colon", token)
		}
		t.RawSet(key, d.value(d.next(), depth))
		switch token = d.next(); token.kind {
		case "T_OBJ_END":
			return t
		case "T_COMMA":
			token = d.next()
		default:
			d.wrong("comma or object end", token)
		}
	}
}

func (d *jsonDecoder) array(depth int) lua.LValue {
	t := newTable()
	token := d.next()
	if token.kind == "T_ARR_END" {
		return t
	}
	for i := 1; ; i++ {
		t.RawSetInt(i, d.value(token, depth))
		switch token = d.next(); token.kind {
		case "T_ARR_END":
			return t
		case "T_COMMA":
			token = d.next()
		default:
			d.wrong("comma or array end", token)
		}
	}
}

var jsonSymbols = map[byte]string{
	'{': "T_OBJ_BEGIN", '}': "T_OBJ_END", '[': "T_ARR_BEGIN", ']': "T_ARR_END", ',': "T_COMMA", ':': "T_COLON",
}

var jsonWords = []struct {
	word  string
	token jsonToken
}{
	{"true", jsonToken{kind: "T_BOOLEAN", value: lua.LTrue}},
	{"false", jsonToken{kind: "T_BOOLEAN", value: lua.LFalse}},
	{"null", jsonToken{kind: "T_NULL", value: jsonNull}},
}

func (d *jsonDecoder) next() jsonToken {
	for d.pos < len(d.text) && strings.IndexByte(" \t\r\n", d.text[d.pos]) >= 0 {
		d.pos++
	}
	start := d.pos
	rest := d.text[d.pos:]
	if rest == "" || rest[0] == 0 {
		return jsonToken{kind: "T_END", index: start}
	}
	if kind := jsonSymbols[rest[0]]; kind != "" {
		d.pos++
		return jsonToken{kind: kind, index: start}
	}
	for _, w := range jsonWords {
		if strings.HasPrefix(rest, w.word) {
			d.pos += len(w.word)
			w.token.index = start
			return w.token
		}
	}
	switch {
	case rest[0] == '"':
		return d.string()
	case rest[0] == '-' || isDigit(rest[0]):
		if d.run.json.decodeInvalid == "off" && invalidNumber(rest) {
			return jsonToken{kind: "invalid number", index: start}
		}
		return d.number()
	case strings.IndexByte("+iInN", rest[0]) >= 0 && d.run.json.decodeInvalid == "on" && invalidNumber(rest):
		return d.number()
	}
	return jsonToken{kind: "invalid token", index: start}
}

// invalidNumber recognizes the numbers that C reads and JSON does not have.
func invalidNumber(text string) bool {
	if text[0] == '+' {
		return true
	}
	text = strings.TrimPrefix(text, "-")
	if strings.HasPrefix(text, "0") {
		return len(text) > 1 && (text[1]|0x20 == 'x' || isDigit(text[1]))
	}
	return hasWord(text, "inf") || hasWord(text, "nan")
}

// hasWord compares the beginning of a text without regard to case.
func hasWord(text, word string) bool {
	return len(text) >= len(word) && strings.EqualFold(text[:len(word)], word)
}

// number reads as much as C's strtod would.
func (d *jsonDecoder) number() jsonToken {
	start := d.pos
	n := numberLength(d.text[start:])
	f, ok := parseNumber(d.text[start : start+n])
	if n == 0 || !ok {
		return jsonToken{kind: "invalid number", index: start}
	}
	d.pos += n
	return jsonToken{"T_NUMBER", start, lua.LNumber(f)}
}

// numberLength returns how long the number at the beginning of a text is.
func numberLength(text string) int {
	n := 0
	if text != "" && (text[0] == '-' || text[0] == '+') {
		n++
	}
	for _, word := range [...]string{"infinity", "inf", "nan"} {
		if hasWord(text[n:], word) {
			return n + len(word)
		}
	}
	digits, exponent := "0123456789", byte('e')
	if hasWord(text[n:], "0x") && len(text) > n+2 && strings.IndexByte("0123456789abcdefABCDEF.", text[n+2]) >= 0 {
		n, digits, exponent = n+2, "0123456789abcdefABCDEF", 'p'
	}
	whole := span(text[n:], digits)
	n += whole
	if n < len(text) && text[n] == '.' {
		fraction := span(text[n+1:], digits)
		whole += fraction
		n += 1 + fraction
	}
	if whole == 0 {
		return 0
	}
	if n < len(text) && text[n]|0x20 == exponent {
		power := n + 1
		if power < len(text) && (text[power] == '+' || text[power] == '-') {
			power++
		}
		if length := span(text[power:], "0123456789"); length > 0 {
			n = power + length
		}
	}
	return n
}

// span returns how many bytes at the beginning are among some.
func span(text, among string) int {
	return len(text) - len(strings.TrimLeft(text, among))
}
