package wire_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// FuzzCommandSize holds the size that is computed to the bytes that are written.
func FuzzCommandSize(f *testing.F) {
	for _, word := range []string{"", "plain", "\"\\\n\r\t", "\x00\x1f\x7f\b\f", "é日🚀\u2028", "\xff", "a\xc3"} {
		f.Add(word, "b")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, c := range []command.Args{command.NewArgs("ECHO"), command.NewArgs("ECHO", a), command.NewArgs("SET", a, b), command.NewArgs("SET", b, a), {}} {
			body, err := wire.AppendCommand(nil, c)
			size, ok := wire.CommandSize(c)
			if ok != (err == nil) || ok && size != len(body) {
				t.Errorf("%d, %v for %q, %v", size, ok, body, err)
			}
		}
	})
}
