package luascript

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"
)

var jsonEscapes = map[byte]byte{
	'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t',
}

// string reads a string. As in cjson a control character may stand in it, and a
// zero byte ends the text.
func (d *jsonDecoder) string() jsonToken {
	start := d.pos
	var out []byte
	for i := start + 1; ; {
		if i >= len(d.text) || d.text[i] == 0 {
			return jsonToken{kind: "unexpected end of string", index: i}
		}
		switch c := d.text[i]; c {
		case '"':
			d.pos = i + 1
			return jsonToken{"T_STRING", start, lua.LString(out)}
		case '\\':
			r, n := escapedRune(d.text[i:])
			if n == 0 {
				kind := "invalid escape code"
				if i+1 < len(d.text) && d.text[i+1] == 'u' {
					kind = "invalid unicode escape code"
				}
				return jsonToken{kind: kind, index: i}
			}
			out = utf8.AppendRune(out, r)
			i += n
		default:
			out = append(out, c)
			i++
		}
	}
}

// escapedRune reads an escape sequence and returns its length, 0 when it is
// invalid.
func escapedRune(text string) (r rune, n int) {
	if len(text) < 2 {
		return 0, 0
	}
	if c, ok := jsonEscapes[text[1]]; ok {
		return rune(c), 2
	}
	r, ok := hexRune(text)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 6
	}
	low, ok := hexRune(text[6:])
	if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
		return 0, 0
	}
	return r, 12
}

func hexRune(text string) (r rune, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(text[2:6], 16, 16)
	return rune(n), err == nil
}
