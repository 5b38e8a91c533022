package session_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// The defects of the seed in what it stores, and in tokens.

// TestSeedD5IDInTheClear: who reads the database, or the commands on their way,
// as a dump, a backup or MONITOR does, finds nothing that gets them in.
func TestSeedD5IDInTheClear(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		token := ok(p.create(ctx, "jo", admin))(t)
		noErr(t, p.keep(ctx, token))
		ok(p.read(ctx, token))(t)
		noErr(t, p.destroy(ctx, ok(p.create(ctx, "jo", admin))(t)))
		var bad []string
		if strings.Contains(dump(t, p.srv), token) {
			bad = append(bad, "the database")
		}
		for _, r := range p.srv.Requests() {
			if strings.Contains(fmt.Sprint(r.Commands), token) {
				bad = append(bad, "the commands")
				break
			}
		}
		return strings.Join(bad, " and ")
	})
}

// TestSeedD7NoRotation: who gains a privilege gets another token and the old one
// is worth nothing, whatever happens on the way: at each instant the user has
// one session.
func TestSeedD7NoRotation(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		guest := badge{Email: "jo@example.com", Role: "user"}
		for k := 1; k <= 8; k++ {
			p.srv.Flush()
			before := ok(p.create(ctx, "jo", guest))(t)
			after, err := p.over(&crashing{p.srv.Client(), k}).elevate(ctx, before, "jo", admin)
			if n := ok(p.listed(ctx, "jo"))(t); n != 1 {
				return fmt.Sprintf("a crash after request %d leaves the user %d sessions", k, n)
			}
			if err != nil {
				continue
			}
			if after == before || p.isAlive(t, before) || ok(p.read(ctx, after))(t).Role != "admin" {
				return "the old token is as good as the new one"
			}
			return ""
		}
		t.Fatal("it never came to an end")
		return ""
	})
}

// TestSeedD12UserIDInKeys: no key tells who its user is, whatever the ID.
func TestSeedD12UserIDInKeys(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		rng := rand.New(rand.NewPCG(1, 2))
		users := []string{"jo@example.com", "jo:al", "a*b?c[d]", "{tag}"}
		for range 200 {
			var name strings.Builder
			for range 4 + rng.IntN(12) {
				name.WriteByte(":{}*abcXYZ019@.- "[rng.IntN(17)])
			}
			users = append(users, name.String()+"é")
		}
		tokens := map[string]string{}
		for _, user := range users {
			tokens[user] = ok(p.create(ctx, user, badge{Email: user}))(t)
		}
		for _, user := range users { // nobody is taken for another one
			check(t, "email", user, ok(p.read(ctx, tokens[user]))(t).Email)
			check(t, "sessions", 1, ok(p.listed(ctx, user))(t))
		}
		for _, key := range p.keys(t) {
			for _, user := range users {
				if strings.Contains(key, user) {
					return "a key names its user"
				}
			}
		}
		return ""
	})
}

// TestSeedD13PayloadWithoutRules: payloads have a limit, and come back as they
// went in. How cookies are set is for the tests of the middleware.
func TestSeedD13PayloadWithoutRules(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		var bad []string
		if _, err := p.create(ctx, "jo", badge{Email: strings.Repeat("x", 1<<20)}); err == nil {
			bad = append(bad, "a payload of 1 MiB is taken")
		}
		rng := rand.New(rand.NewPCG(3, 4))
		changed := 0
		for range 100 {
			want := badge{Email: strconv.FormatInt(rng.Int64(), 10), Role: "1e3", Number: rng.Int64()}
			if ok(p.read(ctx, ok(p.create(ctx, "jo", want))(t)))(t) != want {
				changed++
			}
		}
		if changed > 0 {
			bad = append(bad, fmt.Sprintf("%d of 100 payloads change", changed))
		}
		return strings.Join(bad, ", ")
	})
}
