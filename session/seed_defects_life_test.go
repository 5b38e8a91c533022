package session_test

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// The defects of the seed in the lives of sessions.

const day = 24 * time.Hour

// TestSeedD2IndexEndsBeforeTheSession: signed in on day 0, active on day 6, and
// "sign out everywhere" on day 8.
func TestSeedD2IndexEndsBeforeTheSession(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		token := ok(p.create(ctx, "jo", admin))(t)
		p.srv.Advance(6 * day)
		noErr(t, p.keep(ctx, token))
		p.srv.Advance(2 * day)
		if !p.isAlive(t, token) {
			t.Fatal("the session should still be there")
		}
		noErr(t, p.destroyAll(ctx, "jo"))
		if p.isAlive(t, token) {
			return "signed out everywhere, and the session goes on"
		}
		return ""
	})
}

// TestSeedD3IndexGrows: a user signs in every day for a thousand days and never
// signs out. The index holds what lives, and no more.
func TestSeedD3IndexGrows(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		var tokens []string
		for range 1000 {
			p.srv.Advance(day)
			tokens = append(tokens, ok(p.create(ctx, "jo", admin))(t))
		}
		alive := 0
		for _, token := range tokens[len(tokens)-20:] {
			if p.isAlive(t, token) {
				alive++
			}
		}
		if n := ok(p.listed(ctx, "jo"))(t); n != alive || alive != 7 {
			return fmt.Sprintf("%d entries in the index, and %d sessions are alive", n, alive)
		}
		return ""
	})
}

// TestSeedD4RefreshOfNothingSucceeds: who keeps a session alive that has ended
// must be told.
func TestSeedD4RefreshOfNothingSucceeds(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		for name, end := range map[string]func(token string){
			"destroyed": func(token string) { noErr(t, p.destroy(ctx, token)) },
			"expired":   func(string) { p.srv.Advance(week) },
		} {
			token := ok(p.create(ctx, "jo", admin))(t)
			noErr(t, p.keep(ctx, token))
			end(token)
			if err := p.keep(ctx, token); !errors.Is(err, errGone) {
				return fmt.Sprintf("a session that was %s is kept alive: the error is %v", name, err)
			}
		}
		return ""
	})
}

// TestSeedD6NoAbsoluteLifetime: whoever has the cookie uses it every day for a
// year.
func TestSeedD6NoAbsoluteLifetime(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		token := ok(p.create(t.Context(), "jo", admin))(t)
		for n := range 365 {
			p.srv.Advance(day)
			if !p.isAlive(t, token) {
				check(t, "days", 27, n) // four weeks, as it was set
				return ""
			}
			noErr(t, p.keep(t.Context(), token))
		}
		return "a year later the session is still alive"
	})
}

// TestSeedD11RoleIsACopy: a demotion reaches the sessions that are open.
func TestSeedD11RoleIsACopy(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		tokens := []string{ok(p.create(ctx, "jo", admin))(t), ok(p.create(ctx, "jo", admin))(t)}
		bystander := ok(p.create(ctx, "al", admin))(t)
		noErr(t, p.demote(ctx, "jo", "user"))
		check(t, "role of another user", "admin", ok(p.read(ctx, bystander))(t).Role)
		for range 10 {
			for _, token := range tokens {
				if role := ok(p.read(ctx, token))(t).Role; role != "user" {
					return "after the demotion the session says " + role
				}
				noErr(t, p.keep(ctx, token))
			}
			p.srv.Advance(day)
		}
		return ""
	})
}
