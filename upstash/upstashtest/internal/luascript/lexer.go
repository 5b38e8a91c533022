package luascript

import (
	"fmt"
	"strings"
)

// A lexer splits source into the tokens of Lua 5.1, like llex.c. It only looks
// for mistakes: values are left to the interpreter's own lexer.
type lexer struct {
	name, src string
	pos, line int
	lastLine  int // of the token before
	token     token
	ahead     token
	hasAhead  bool
}

// A token is a keyword or symbol as it is written, or a kind.
type token struct {
	kind string
	text string // as errors name it
	line int
}

const (
	tokEOF    = "<eof>"
	tokName   = "<name>"
	tokNumber = "<number>"
	tokString = "<string>"
)

var keywords = map[string]bool{
	"and": true, "break": true, "do": true, "else": true, "elseif": true, "end": true, "false": true,
	"for": true, "function": true, "if": true, "in": true, "local": true, "nil": true, "not": true,
	"or": true, "repeat": true, "return": true, "then": true, "true": true, "until": true, "while": true,
}

// A syntaxError leaves the lexer and the parser as a panic.
type syntaxError struct{ text string }

func (e syntaxError) Error() string { return e.text }

func (x *lexer) fail(line int, message, near string) {
	text := fmt.Sprintf("%s:%d: %s", x.name, line, message)
	if near != "" {
		text += " near '" + near + "'"
	}
	panic(syntaxError{text})
}

func (x *lexer) next() {
	x.lastLine = x.token.line
	if x.hasAhead {
		x.token, x.hasAhead = x.ahead, false
		return
	}
	x.token = x.scan()
}

func (x *lexer) peek() token {
	if !x.hasAhead {
		x.ahead, x.hasAhead = x.scan(), true
	}
	return x.ahead
}

func (x *lexer) at(i int) byte {
	if x.pos+i < len(x.src) {
		return x.src[x.pos+i]
	}
	return 0
}

func (x *lexer) newline() {
	first := x.src[x.pos]
	x.pos++
	if second := x.at(0); (second == '\n' || second == '\r') && second != first {
		x.pos++
	}
	x.line++
}

func (x *lexer) scan() token {
	for x.pos < len(x.src) {
		switch c := x.src[x.pos]; {
		case c == '\n' || c == '\r':
			x.newline()
		case c == ' ' || c == '\t' || c == '\f' || c == '\v':
			x.pos++
		case strings.HasPrefix(x.src[x.pos:], "--"):
			x.comment()
		default:
			return x.scanToken()
		}
	}
	return token{tokEOF, tokEOF, x.line}
}

func (x *lexer) comment() {
	x.pos += 2
	if level := x.longBracket(); level >= 0 {
		x.longString(level, "comment")
		return
	}
	for x.pos < len(x.src) && x.src[x.pos] != '\n' && x.src[x.pos] != '\r' {
		x.pos++
	}
}

func (x *lexer) scanToken() token {
	start, line := x.pos, x.line
	text := func() string { return x.src[start:x.pos] }
	switch c := x.src[x.pos]; {
	case isLetter(c):
		for isLetter(x.at(0)) || isDigit(x.at(0)) {
			x.pos++
		}
		if keywords[text()] {
			return token{text(), text(), line}
		}
		return token{tokName, text(), line}
	case isDigit(c) || c == '.' && isDigit(x.at(1)):
		x.number()
		return token{tokNumber, text(), line}
	case c == '"' || c == '\'':
		x.quoted(c)
		return token{tokString, text(), x.line}
	case c == '[':
		if level := x.longBracket(); level >= 0 {
			x.longString(level, "string")
			return token{tokString, text(), x.line}
		} else if level < -1 {
			x.fail(line, "invalid long string delimiter", x.src[start:x.pos-level])
		}
	}
	for _, symbol := range [...]string{"...", "..", "==", "<=", ">=", "~="} {
		if strings.HasPrefix(x.src[x.pos:], symbol) {
			x.pos += len(symbol)
			return token{symbol, symbol, line}
		}
	}
	x.pos++
	return token{text(), text(), line}
}

func (x *lexer) number() {
	start := x.pos
	for isDigit(x.at(0)) || x.at(0) == '.' {
		x.pos++
	}
	if c := x.at(0); c == 'e' || c == 'E' {
		x.pos++
		if c := x.at(0); c == '+' || c == '-' {
			x.pos++
		}
	}
	for isLetter(x.at(0)) || isDigit(x.at(0)) {
		x.pos++
	}
	text := x.src[start:x.pos]
	if _, ok := parseNumber(text); !ok {
		x.fail(x.line, "malformed number", text)
	}
}

func (x *lexer) quoted(quote byte) {
	start := x.pos
	for x.pos++; x.at(0) != quote || x.pos >= len(x.src); x.pos++ {
		switch c := x.at(0); {
		case x.pos >= len(x.src):
			x.fail(x.line, "unfinished string", tokEOF)
		case c == '\n' || c == '\r':
			x.fail(x.line, "unfinished string", x.src[start:x.pos])
		case c == '\\':
			x.escape(start)
		}
	}
	x.pos++
}

// escape steps onto the last byte of an escape sequence.
func (x *lexer) escape(start int) {
	x.pos++
	switch c := x.at(0); {
	case x.pos >= len(x.src):
		x.pos--
	case c == '\n' || c == '\r':
		x.newline()
		x.pos--
	case isDigit(c):
		value, begin := 0, x.pos
		for ; x.pos < begin+3 && isDigit(x.at(0)); x.pos++ {
			value = 10*value + int(x.at(0)-'0')
		}
		if value > 255 {
			x.fail(x.line, "escape sequence too large", unescaped(x.src[start:begin-1]))
		}
		x.pos--
	}
}

// unescaped is what the token holds so far, which is what errors show.
func unescaped(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\"`, `"`, `\'`, `'`, `\t`, "\t").Replace(text)
}

// longBracket returns the number of equal signs of a long bracket and steps over
// it, -1 for a single bracket, and less for one that is not finished.
func (x *lexer) longBracket() int {
	if x.at(0) != '[' {
		return -1
	}
	n := 1
	for x.at(n) == '=' {
		n++
	}
	if x.at(n) != '[' {
		return -n
	}
	x.pos += n + 1
	return n - 1
}

func (x *lexer) longString(level int, what string) {
	end := "]" + strings.Repeat("=", level) + "]"
	for ; x.pos < len(x.src); x.pos++ {
		switch c := x.src[x.pos]; {
		case c == '\n' || c == '\r':
			x.newline()
			x.pos--
		case level == 0 && what == "string" && strings.HasPrefix(x.src[x.pos:], "[["):
			x.fail(x.line, "nesting of [[...]] is deprecated", "[[")
		case c == ']' && strings.HasPrefix(x.src[x.pos:], end):
			x.pos += len(end)
			return
		}
	}
	x.fail(x.line, "unfinished long "+what, tokEOF)
}

func isLetter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
