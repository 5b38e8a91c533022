package session_test

import (
	"context"
	"encoding/base64"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestSecretsAreRandom: none twice, and every bit as often one as the other.
func TestSecretsAreRandom(t *testing.T) {
	t.Parallel()
	yes := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
		return []command.Reply{command.IntReply(1)}, nil
	})
	m := managerOver[int](t, newServer(t), yes, session.Options{})
	const n = 20_000
	seen := map[session.Token]bool{}
	known := map[string]bool{}
	var ones [256]int
	for range n {
		s := ok(m.Create(t.Context(), "", 0))(t)
		seen[s.Token()], known[s.ID] = true, true
		b := ok(base64.RawURLEncoding.DecodeString(string(s.Token())))(t)
		for i := range ones {
			ones[i] += int(b[27+i/8]>>(i%8)) & 1
		}
	}
	check(t, "tokens and IDs", []int{n, n}, []int{len(seen), len(known)})
	for i, count := range ones {
		// 6 standard deviations of a fair coin, which are 70.7 each: one run in
		// two million fails by chance.
		if count < n/2-425 || count > n/2+425 {
			t.Errorf("bit %d is set %d times of %d", i, count, n)
		}
	}
}

// TestTokenIsFitForACookie: the characters that a cookie carries as they are.
func TestTokenIsFitForACookie(t *testing.T) {
	t.Parallel()
	_, m := newManager(t, session.Options{Secret: secret})
	token := string(ok(m.Create(t.Context(), "u", jo))(t).Token())
	check(t, "length", 100, len(token))
	for _, c := range token {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			t.Errorf("character %q", c)
		}
	}
}
