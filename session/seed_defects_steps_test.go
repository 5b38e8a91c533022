package session_test

import (
	"fmt"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// The defects of the seed that come of several requests for one change. Each
// scenario must show the defect on the seed's recipe and not on this package.

var admin = badge{Email: "jo@example.com", Role: "admin", Number: 1}

// TestSeedD1CreateIsNotAtomic: a process dies within a sign-in, after each of
// its requests. What it leaves must end by itself, and with "sign out everywhere".
func TestSeedD1CreateIsNotAtomic(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		for k := 1; k <= 4; k++ {
			p.srv.Flush()
			_, _ = p.over(&crashing{p.srv.Client(), k}).create(ctx, "jo", admin)
			if p.hasNoEnd(t) {
				return fmt.Sprintf("a crash after request %d leaves a key without an end", k)
			}
			noErr(t, p.destroyAll(ctx, "jo"))
			if n := len(p.keys(t)); n > 0 {
				return fmt.Sprintf("a crash after request %d leaves a session that destroyAll does not find", k)
			}
		}
		return ""
	})
}

// TestSeedD1LeavesAnIndexWithoutAnEnd is the other half of it.
func TestSeedD1LeavesAnIndexWithoutAnEnd(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		for k := 1; k <= 4; k++ {
			_, _ = p.over(&crashing{p.srv.Client(), k}).create(t.Context(), fmt.Sprint("user", k), admin)
		}
		p.srv.Advance(4 * week)
		if n := len(p.keys(t)); n > 0 {
			return fmt.Sprintf("%d keys are left four weeks later", n)
		}
		return ""
	})
}

// TestSeedD8DestroyAllRacesWithCreate: a sign-in and "sign out everywhere" at the
// same time, in every order of their requests. The new session is gone, or the
// next "sign out everywhere" ends it.
func TestSeedD8DestroyAllRacesWithCreate(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		lost := 0
		for schedule := range 64 {
			p.srv.Flush()
			ok(p.create(ctx, "jo", admin))(t) // one from before
			var order []int
			for i := range 6 {
				order = append(order, schedule>>i&1)
			}
			s := newTurns(order)
			signIn, signOut := p.over(s.of(0, p.srv.Client())), p.over(s.of(1, p.srv.Client()))
			var token string
			var failed [2]error
			s.run([2]func(){
				func() { token, failed[0] = signIn.create(ctx, "jo", admin) },
				func() { failed[1] = signOut.destroyAll(ctx, "jo") },
			})
			noErr(t, failed[0])
			noErr(t, failed[1])
			noErr(t, p.destroyAll(ctx, "jo"))
			if p.isAlive(t, token) {
				lost++
			}
		}
		if lost > 0 {
			return fmt.Sprintf("in %d of 64 orders the session outlives every destroyAll", lost)
		}
		return ""
	})
}

// TestSeedD9DestroyUnlistsFirst: a process dies within a sign-out. The session
// is gone, or still found by "sign out everywhere".
func TestSeedD9DestroyUnlistsFirst(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		for k := 1; k <= 3; k++ {
			p.srv.Flush()
			token := ok(p.create(ctx, "jo", admin))(t)
			_ = p.over(&crashing{p.srv.Client(), k}).destroy(ctx, token)
			noErr(t, p.destroyAll(ctx, "jo"))
			if p.isAlive(t, token) {
				return fmt.Sprintf("a crash after request %d leaves a session that destroyAll does not find", k)
			}
		}
		return ""
	})
}

// TestSeedD9DestroyReadsFirst: a sign-out needs neither the payload nor more than
// one command, and leaves nothing in the index also when the payload is damaged.
func TestSeedD9DestroyReadsFirst(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx, rdb := t.Context(), p.srv.Client()
		token := ok(p.create(ctx, "jo", admin))(t)
		if o, isOurs := p.recipe.(ours); isOurs {
			key, id, _ := o.m.ID(session.Token(token))
			ok(rdb.HSetEx(ctx, key, map[string]any{id + "#d": "rubbish"}, keepTTL))(t)
		} else {
			noErr(t, rdb.Set(ctx, "session:"+token, "rubbish"))
		}
		spent := costOf(t, p.srv, func() error { return p.destroy(ctx, token) })
		if n := ok(p.listed(ctx, "jo"))(t); n > 0 || spent != (cost{1, 1}) {
			return fmt.Sprintf("%d round trips, %d commands, and %d entries are left in the index", spent.RoundTrips, spent.Commands, n)
		}
		return ""
	})
}

// TestSeedD10PipelineIsNoTransaction: the server stops within "sign out
// everywhere". All sessions are gone then, or none.
func TestSeedD10PipelineIsNoTransaction(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		for after := range 4 {
			p.srv.Flush()
			var tokens []string
			for range 3 {
				tokens = append(tokens, ok(p.create(ctx, "jo", admin))(t))
			}
			_ = p.over(interrupted{p.srv.Client(), after}).destroyAll(ctx, "jo")
			alive := 0
			for _, token := range tokens {
				if p.isAlive(t, token) {
					alive++
				}
			}
			if alive != 0 && alive != 3 {
				return fmt.Sprintf("%d of 3 sessions are left", alive)
			}
		}
		return ""
	})
}

// TestSeedD14IndexAndPayloadAreTwoKeys: one key gets lost, whichever. A session
// that lives must be in the index, and one in the index must live.
func TestSeedD14IndexAndPayloadAreTwoKeys(t *testing.T) {
	t.Parallel()
	compare(t, func(t *testing.T, p *place) string {
		t.Helper()
		ctx := t.Context()
		for victim := 0; ; victim++ {
			p.srv.Flush()
			token := ok(p.create(ctx, "jo", admin))(t)
			keys := p.keys(t)
			if victim == len(keys) {
				return ""
			}
			p.srv.Evict(keys[victim])
			listed, alive := ok(p.listed(ctx, "jo"))(t), p.isAlive(t, token)
			if (listed == 1) != alive {
				return fmt.Sprintf("with one of %d keys lost, %d sessions are listed and alive is %v", len(keys), listed, alive)
			}
		}
	})
}
