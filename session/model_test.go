package session_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
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
// UPSTASH_LONG=1 runs the long form: 15,000 steps of each kind.
func TestModel(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]session.Options{
		"touching":  {Cap: 2, Absolute: modelAbsolute},
		"throttled": {Cap: 3, Absolute: modelAbsolute, Throttle: 3 * time.Minute, EncryptionKeys: []session.Key{keyA}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := steps(1500, 15_000)
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
}

// runModel returns what was wrong first, or nothing.
func runModel(t *testing.T, seed uint64, n int, o session.Options, of system) string {
	t.Helper()
	srv := newServer(t)
	o.Namespace, o.Clock = "n", srv.Now
	p := &player{
		oracle: newOracle(srv, o), rng: rand.New(rand.NewPCG(seed, 1)), srv: srv,
		m: of(t, srv.Client(), o),
	}
	ctx := t.Context()
	for _, user := range users { // so that the server knows the scripts: one request for one operation from here on
		s := ok(p.m.Create(ctx, user, 0))(t)
		_, _ = p.m.Rotate(ctx, s, user, nil)
		_, _ = p.m.UpdateAll(ctx, user, func(n *int) error { *n++; return nil })
		_, _ = p.m.DestroyOthers(ctx, s)
		noErr(t, p.m.DestroyAll(ctx, user))
	}
	for i := range n {
		what, err := p.step(ctx)
		if err == nil {
			err = p.compare(ctx)
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
	op := p.rng.IntN(29)
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
	case op >= 26:
		return p.renew(ctx, s)
	default:
		p.srv.Advance(jumps[p.rng.IntN(len(jumps))])
		return "advance", nil
	}
}

func (p *player) create(ctx context.Context, user string) (string, error) {
	f := p.fault()
	s, err := p.m.Create(ctx, user, 0)
	switch {
	case f == dropped:
		return "Create, dropped", wants(session.ErrUnavailable, err)
	case f == lost:
		err = wants(session.ErrUnavailable, err)
		return "Create, lost", errors.Join(err, p.adopt(ctx, user, 0))
	case err != nil:
		return "Create", err
	}
	p.tokens = append(p.tokens, s)
	p.born(p.keyOf(s), s.ID, user, 0, p.now(), p.now().Add(p.absolute))
	return "Create", nil
}

func (p *player) keyOf(s *session.Session[int]) string {
	key, _, _ := p.m.ID(s.Token())
	return key
}

func (p *player) get(ctx context.Context, s *session.Session[int]) (string, error) {
	kind := p.rng.IntN(3)
	name := [...]string{"Get", "GetStrong", "Peek"}[kind]
	want := p.expect(s)
	requests := 1
	touches := kind == 1 || kind == 0 && p.due(s)
	if kind == 0 && p.throttle > 0 && touches && want == nil {
		requests = 2
	}
	if kind == 0 && p.throttle > 0 && want != nil { // a read was enough
		touches = false
	}
	heirs := p.isHeirs(s)
	if heirs {
		requests, touches = 2, true // the second one is strong
	}
	if errors.Is(want, session.ErrExpired) {
		requests = 0
	}
	f := none
	if requests == 1 {
		f = p.fault()
	}
	read := [...]func(context.Context, session.Token) (*session.Session[int], error){p.m.Get, p.m.GetStrong, p.m.Peek}[kind]
	got, err := read(ctx, s.Token())
	switch {
	case errors.Is(want, session.ErrExpired) || f == dropped:
	case heirs && (kind == 2 || kind == 0 && p.throttle > 0):
		mark := p.ended[s.ID].kept
		p.touch(s)
		p.ended[s.ID].kept = mark // read, and the heir touched
	case touches && (want == nil || heirs):
		p.touch(s)
	case touches:
		p.touchMark(s.ID)
	}
	if f == dropped || f == lost {
		return name + ", failed", wants(session.ErrUnavailable, err)
	}
	if err := wants(want, err); err != nil || want != nil {
		return name, err
	}
	p.tokens = append(p.tokens, got)
	return name, p.same(got)
}

func (p *player) update(ctx context.Context, s *session.Session[int]) (string, error) {
	want, current := p.expectWrite(s), p.isCurrent(s)
	f := none
	if !errors.Is(want, session.ErrExpired) {
		f = p.fault()
	}
	got, err := p.m.Update(ctx, s, func(n *int) error { *n++; return nil })
	if want == nil && (f == none || f == repeated || f == lost && current) {
		p.lives[p.target(s.ID)].visits++
	}
	if f == dropped || f == lost {
		return "Update, failed", wants(session.ErrUnavailable, err)
	}
	if err := wants(want, err); err != nil || want != nil {
		return "Update", err
	}
	p.tokens = append(p.tokens, got)
	return "Update", p.same(got)
}

func (p *player) rotate(ctx context.Context, s *session.Session[int]) (string, error) {
	user := p.user()
	var opts []session.Option
	switch p.rng.IntN(4) {
	case 0:
		user = ""
	case 1:
		user = s.UserID
		opts = append(opts, session.SameLogin())
	}
	want, current := p.expectWrite(s), p.isCurrent(s)
	expires := p.now().Add(p.absolute)
	if opts != nil {
		expires = s.Expires
	}
	f := none
	if !errors.Is(want, session.ErrExpired) {
		f = p.fault()
	}
	got, err := p.m.Rotate(ctx, s, user, func(n *int) error { *n++; return nil }, opts...)
	visits := 0
	if want == nil {
		visits = p.lives[p.target(s.ID)].visits + 1
		if f == none || f == repeated || f == lost && current {
			p.moved(s)
		}
	}
	if f == dropped || f == lost {
		err = wants(session.ErrUnavailable, err)
		if f == lost && want == nil && current {
			err = errors.Join(err, p.adopt(ctx, user, visits))
		}
		return "Rotate, failed", err
	}
	if err := wants(want, err); err != nil || want != nil {
		return "Rotate", err
	}
	p.tokens = append(p.tokens, got)
	p.born(p.keyOf(got), got.ID, user, visits, p.now(), expires)
	return "Rotate", p.same(got)
}

func (p *player) destroy(ctx context.Context, s *session.Session[int]) (what string, err error) {
	f := p.fault()
	kind := p.rng.IntN(3)
	user := s.UserID
	switch {
	case kind == 0 && user != "":
		what, err = "DestroyAll", p.m.DestroyAll(ctx, user)
	case kind == 1 && user != "":
		what, err = "DestroyByID", p.m.DestroyByID(ctx, user, s.ID)
	default:
		what, err = "Destroy", p.m.Destroy(ctx, s.Token())
	}
	if f != dropped {
		if what == "DestroyAll" {
			p.forgetHash(p.m.Key(user))
		} else {
			p.end(s.ID, f == lost)
		}
	}
	if f == dropped || f == lost {
		return what + ", failed", wants(session.ErrUnavailable, err)
	}
	return what, err
}

// end follows the renewals, unless the first answer was lost.
func (p *player) end(id string, lost bool) {
	for {
		alive := p.isAlive(id)
		p.forget(id)
		next := p.next(id)
		if alive || lost || next == id {
			return
		}
		id = next
	}
}

func (p *player) renew(ctx context.Context, s *session.Session[int]) (string, error) {
	want, current := p.expectWrite(s), p.isCurrent(s)
	f := none
	if !errors.Is(want, session.ErrExpired) {
		f = p.fault()
	}
	mine := p.isAlive(s.ID)
	got, err := p.m.Renew(ctx, s, modelRenewal, modelGrace)
	switch {
	case f == lost && want == nil && mine && current:
		err = wants(session.ErrUnavailable, err)
		return "renew, lost", errors.Join(err, p.adoptHeir(ctx, s))
	case f == dropped || f == lost:
		return "renew, failed", wants(session.ErrUnavailable, err)
	}
	if err := wants(want, err); err != nil || want != nil {
		return "renew", err
	}
	if mine {
		p.renewed(s, got.ID)
	}
	p.tokens = append(p.tokens, got)
	return "renew", p.same(got)
}

func (p *player) others(ctx context.Context, s *session.Session[int]) (string, error) {
	f := p.fault()
	n, err := p.m.DestroyOthers(ctx, s)
	want := 0
	if f != dropped {
		want = p.forgetOthers(p.keyOf(s), p.target(s.ID))
	}
	if f == dropped || f == lost {
		return "DestroyOthers, failed", wants(session.ErrUnavailable, err)
	}
	if err == nil && n != want && f != repeated {
		err = fmt.Errorf("ended %d, want %d", n, want)
	}
	return "DestroyOthers", err
}

func (p *player) updateAll(ctx context.Context, user string) (string, error) {
	n, err := p.m.UpdateAll(ctx, user, func(n *int) error { *n++; return nil })
	want := 0
	for _, l := range p.alive(p.m.Key(user)) {
		l.visits++
		want++
	}
	if err == nil && n != want {
		err = fmt.Errorf("changed %d, want %d", n, want)
	}
	return "UpdateAll", err
}

func (p *player) list(ctx context.Context, user string) (string, error) {
	list, err := p.m.List(ctx, user)
	if err != nil {
		return "List", err
	}
	n, err := p.m.Count(ctx, user)
	got := ids(list)
	want := []string{}
	for _, l := range p.alive(p.m.Key(user)) {
		want = append(want, l.id)
	}
	if err == nil && (fmt.Sprint(got) != fmt.Sprint(want) || n != len(want)) {
		err = fmt.Errorf("%d listed, %d counted, want %d", len(got), n, len(want))
	}
	return "List", err
}

func wants(want, got error) error {
	if want == nil && got == nil || want != nil && isOnly(got, want) {
		return nil
	}
	return fmt.Errorf("answered %v, want %v", got, want) //nolint:errorlint // either may be nil
}
