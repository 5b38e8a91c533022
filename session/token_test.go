package session_test

import (
	"context"
	"encoding/base64"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestS1ModelOfFairCoins: 256 bits, each as often one as the other, and none of
// the secrets twice. UPSTASH_LONG=1 looks at a million.
func TestS1ModelOfFairCoins(t *testing.T) {
	t.Parallel()
	yes := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
		return []command.Reply{command.IntReply(1)}, nil
	})
	m := managerOver[int](t, newServer(t), yes, session.Options{})
	n := steps(10_000, 1_000_000)
	seen := make(map[[32]byte]bool, n)
	var ones [256]int
	for range n {
		b := ok(base64.RawURLEncoding.DecodeString(string(ok(m.Create(t.Context(), "", 0))(t).Token())))(t)
		bits := [32]byte(b[27:59])
		seen[bits] = true
		for i := range ones {
			ones[i] += int(bits[i/8]>>(i%8)) & 1
		}
	}
	check(t, "secrets", n, len(seen))
	for i, count := range ones {
		// 6 standard deviations of a fair coin, sqrt(n)/2 each: with 256 bits one
		// run in two million fails by chance.
		if off := count - n/2; off*off > 36*n/4 {
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
