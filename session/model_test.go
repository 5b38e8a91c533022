package session_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// system is the package under test, or a weaker one.
type system func(t *testing.T, d upstash.Doer, o session.Options) *session.Manager[int]

func shipped(t *testing.T, d upstash.Doer, o session.Options) *session.Manager[int] {
	t.Helper()
	m, err := session.New[int](d, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// steps is how much a model test does. UPSTASH_LONG=1 runs the long form.
func steps(usual, long int) int {
	switch {
	case os.Getenv("UPSTASH_LONG") != "":
		return long
	case testing.Short():
		return usual / 10
	}
	return usual
}

// TestModel does random operations, one after the other, and compares every
// answer and the whole database with an oracle after each of them, under a clock
// that jumps, lost and repeated requests, and evictions.
//
// After each step the invariants I1 to I10 are checked, see
// model_invariants_test.go; UPSTASH_LONG=1 runs the long form, 100,000 steps of
// each kind.
func TestModel(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]session.Options{
		"touching":  {Cap: 2, Absolute: modelAbsolute},
		"throttled": {Cap: 3, Absolute: modelAbsolute, Throttle: 3 * time.Minute, EncryptionKeys: []session.Key{keyA}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := steps(700, 100_000)
			for seed := 0; n > 0; seed++ {
				some := min(n, 1000)
				if bad := runModel(t, uint64(seed), some, o, shipped); bad != "" {
					t.Fatalf("seed %d: %s", seed, bad)
				}
				n -= some
			}
		})
	}
}

// Short, so that sessions reach all of them.
const (
	modelAbsolute = 40 * time.Minute
	modelRenewal  = 8 * time.Minute
	modelGrace    = 30 * time.Second
)

// player does random operations and knows what should come of them.
type player struct {
	*oracle

	rng    *rand.Rand
	srv    *upstashtest.Server
	m      *session.Manager[int]
	tokens []*session.Session[int] // newest last, dead ones too

	requests int // that the manager made
	due      int // that the operation should make
	seen     memory
}

// runModel returns what was wrong first, or nothing.
func runModel(t *testing.T, seed uint64, n int, o session.Options, of system) string {
	t.Helper()
	srv := newServer(t)
	o.Namespace, o.Clock = "n", srv.Now
	p := &player{
		oracle: newOracle(srv, o), rng: rand.New(rand.NewPCG(seed, 1)), srv: srv,
	}
	p.m = of(t, upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		p.requests++
		return srv.Client().Do(ctx, b)
	}), o)
	ctx := t.Context()
	for _, user := range users { // so that the server knows the scripts: one request for one operation from here on
		s := ok(p.m.Create(ctx, user, 0))(t)
		_, _ = p.m.Rotate(ctx, s, user, nil)
		_, _ = p.m.UpdateAll(ctx, user, func(n *int) error { *n++; return nil })
		_, _ = p.m.DestroyOthers(ctx, s)
		noErr(t, p.m.DestroyAll(ctx, user))
	}
	for i := range n {
		p.requests, p.due = 0, 0
		what, err := p.step(ctx)
		if err == nil {
			err = p.invariants(ctx)
		}
		if err != nil {
			return fmt.Sprintf("step %d, %s: %v", i, what, err)
		}
	}
	return ""
}

var (
	users = []string{"u", "v"}
	jumps = []time.Duration{
		time.Millisecond, time.Second, 15 * time.Second, time.Minute, 10 * time.Minute, idle - time.Millisecond, idle, 4 * time.Hour,
	}
)

func (p *player) user() string { return users[p.rng.IntN(len(users))] }

// pick prefers sessions that are new or died lately.
func (p *player) pick() *session.Session[int] {
	n := len(p.tokens)
	return p.tokens[n-1-p.rng.IntN(min(n, 1+p.rng.IntN(12)))]
}

// fault is what happens to the next request.
type fault uint8

const (
	none fault = iota
	dropped
	lost
	repeated
)

func (p *player) fault() fault {
	f := fault(p.rng.IntN(14))
	switch f {
	case dropped:
		p.srv.Intercept(upstashtest.DropBefore)
	case lost:
		p.srv.Intercept(upstashtest.ExecuteThenDrop)
	case repeated:
		p.srv.Intercept(upstashtest.Duplicate)
	default:
		return none
	}
	return f
}

// step does one thing and tells the oracle.
func (p *player) step(ctx context.Context) (what string, err error) {
	op := p.rng.IntN(31)
	if len(p.tokens) == 0 || op < 4 {
		user := p.user()
		if p.rng.IntN(3) == 0 {
			user = ""
		}
		return p.create(ctx, user)
	}
	s := p.pick()
	switch {
	case op < 10:
		return p.get(ctx, s)
	case op < 14:
		return p.update(ctx, s)
	case op == 26:
		return p.addFlash(ctx, s)
	case op == 27:
		return p.takeFlash(ctx, s)
	case op >= 28:
		return p.renew(ctx, s)
	case op < 17:
		return p.rotate(ctx, s)
	case op < 19:
		return p.destroy(ctx, s)
	case op == 19:
		return p.others(ctx, s)
	case op == 20:
		return p.updateAll(ctx, p.user())
	case op == 21:
		return p.list(ctx, p.user())
	case op == 22 && p.rng.IntN(4) == 0:
		user := p.user()
		p.srv.Evict(p.m.Key(user))
		p.forgetHash(p.m.Key(user))
		return "evict", nil
	default:
		p.srv.Advance(jumps[p.rng.IntN(len(jumps))])
		return "advance", nil
	}
}

func wants(want, got error) error {
	if want == nil && got == nil || want != nil && isOnly(got, want) {
		return nil
	}
	return fmt.Errorf("answered %v, want %v", got, want) //nolint:errorlint // either may be nil
}
