package superjson

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string; without escapes it is a part of the text.
func (p *parser) str() (string, error) {
	p.at++
	from := p.at
	for ; p.at < len(p.text); p.at++ {
		switch c := p.text[p.at]; {
		case c == '"':
			p.at++
			return p.text[from : p.at-1], nil
		case c == '\\':
			return p.escaped([]byte(p.text[from:p.at]))
		case c < ' ':
			return "", p.wrong()
		}
	}
	return "", p.wrong()
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (p *parser) escaped(b []byte) (string, error) {
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch {
		case c == '"':
			p.at++
			return string(b), nil
		case c < ' ':
			return "", p.wrong()
		case c != '\\':
			b = append(b, c)
			p.at++
			continue
		}
		if p.at+1 == len(p.text) {
			return "", p.wrong()
		}
		if plain := escapes[p.text[p.at+1]]; plain != 0 {
			b = append(b, plain)
			p.at += 2
			continue
		}
		unit, ok := p.unit()
		if !ok {
			return "", p.wrong()
		}
		p.at += len(`\u0000`)
		if utf16.IsSurrogate(unit) {
			if low, ok := p.unit(); ok {
				if r := utf16.DecodeRune(unit, low); r != utf8.RuneError {
					unit = r
					p.at += len(`\u0000`)
				}
			}
		}
		b = appendUnit(b, unit)
	}
	return "", p.wrong()
}

// unit looks at an escape of the form \u0000.
func (p *parser) unit() (rune, bool) {
	rest := p.text[p.at:]
	if len(rest) < len(`\u0000`) || rest[:2] != `\u` {
		return 0, false
	}
	unit, err := strconv.ParseUint(rest[2:6], 16, 16)
	return rune(unit), err == nil
}
