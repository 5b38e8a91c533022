package wire

import (
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Size is an upper bound for the encoded batch where nothing needs an escape:
// a buffer of that size is seldom grown.
func Size(commands []command.Args) int {
	n := 2
	for _, c := range commands {
		n += 3
		for i := range c.Len() {
			n += len(c.At(i)) + 3
		}
	}
	return n
}

// CommandSize is the length of what [AppendCommand] appends, and false when it
// refuses the command.
func CommandSize(c command.Args) (n int, ok bool) {
	n = 2 + max(0, c.Len()-1) // brackets and commas
	for i := range c.Len() {
		word := c.At(i)
		if !utf8.ValidString(word) {
			return 0, false
		}
		n += stringSize(word)
	}
	return n, true
}

// stringSize is the length of what appendString appends.
func stringSize(s string) int {
	n := len(s) + 2
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"', c == '\\', c == '\n', c == '\r', c == '\t':
			n++
		case c < ' ':
			n += len(`\u0000`) - 1
		}
	}
	return n
}
