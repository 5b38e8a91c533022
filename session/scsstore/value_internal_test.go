package scsstore

import (
	"bytes"
	"testing"
)

// FuzzValue: whatever may stand in the database, taking it apart never panics,
// gives no token that was not sealed there, and gives back what was joined.
func FuzzValue(f *testing.F) {
	r, err := newRing([][]byte{bytes.Repeat([]byte("k"), tokenKey)})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"", "0.", "1.", "1..", "1.AA.", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.AA", "0.?", "0.AB", "2.AA"} {
		f.Add(seed, []byte("data"))
	}
	f.Fuzz(func(t *testing.T, text string, data []byte) {
		if sealed, rest, ok := cut(text); ok {
			if len(sealed)+len(rest) >= len(text) {
				t.Error("more came out than was in it")
			}
			if _, opened := r.open("key", sealed); opened {
				t.Error("a token that was not sealed was opened")
			}
		}
		token := text
		for _, ring := range []ring{nil, r} {
			sealed, rest, ok := cut(ring.join("key", token, data))
			if !ok || !bytes.Equal(rest, data) {
				t.Error("the data changed")
			}
			if got, opened := r.open("key", sealed); opened != (ring != nil) || opened && got != token {
				t.Error("the token changed")
			}
			if _, opened := r.open("another key", sealed); opened {
				t.Error("it was opened elsewhere")
			}
		}
	})
}
