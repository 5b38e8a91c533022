package session_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// The operations of the model: each does one thing and tells the oracle.

func (p *player) create(ctx context.Context, user string) (string, error) {
	p.due = 1
	f := p.fault()
	l := p.fresh(user)
	var opts []session.Option
	if p.rng.IntN(3) == 0 { // "remember me"
		l.idle, l.expires = idle+time.Minute, p.now().Add(p.absolute+5*time.Minute)
		opts = append(opts, session.Limits(l.idle, p.absolute+5*time.Minute))
	}
	if p.rng.IntN(2) == 0 {
		l.device = "phone"
		opts = append(opts, session.On(session.Device{Name: l.device}))
	}
	s, err := p.m.Create(ctx, user, 0, opts...)
	switch {
	case f == dropped:
		return "Create, dropped", wants(session.ErrUnavailable, err)
	case f == lost:
		err = wants(session.ErrUnavailable, err)
		return "Create, lost", errors.Join(err, p.adopt(ctx, l))
	case err != nil:
		return "Create", err
	}
	p.tokens = append(p.tokens, s)
	l.key, l.id = p.keyOf(s), s.ID
	p.born(l)
	return "Create", p.same(s)
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
	touches := kind == 1 || kind == 0 && p.isDue(s)
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
	p.due = requests
	read := [...]func(context.Context, session.Token) (*session.Session[int], error){p.m.Get, p.m.GetStrong, p.m.Peek}[kind]
	got, err := read(ctx, s.Token())
	switch {
	case errors.Is(want, session.ErrExpired) || f == dropped:
	case heirs && (kind == 2 || kind == 0 && p.throttle > 0):
		p.touchHeir(s)
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
	if err := p.same(got); err != nil || got.ID != p.next(s.ID) {
		return name, fmt.Errorf("it is another session (%w)", err)
	}
	fresh := got.UserID != "" && p.now().Sub(p.lives[got.ID].authenticated) <= 10*time.Minute
	if (p.m.RequireFresh(got, 10*time.Minute) == nil) != fresh {
		return name, errors.New("RequireFresh is wrong")
	}
	return name, nil
}

// writes is how many requests a change of a session takes, see [oracle.hops].
func (p *player) writes(s *session.Session[int], want error, f fault, settled bool) int {
	switch {
	case errors.Is(want, session.ErrExpired):
		return 0
	case f == dropped || f == lost:
		return 1
	}
	return p.hops(s, settled)
}

func (p *player) update(ctx context.Context, s *session.Session[int]) (string, error) {
	want, current := p.expectWrite(s), p.isCurrent(s)
	f := none
	if !errors.Is(want, session.ErrExpired) {
		f = p.fault()
	}
	p.due = p.writes(s, want, f, false)
	got, err := p.m.Update(ctx, s, func(n *int) error { *n++; return nil })
	if want == nil && (f == none || f == repeated || f == lost && current) {
		p.wrote(s.ID).visits++
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
	f := none
	if !errors.Is(want, session.ErrExpired) {
		f = p.fault()
	}
	p.due = p.writes(s, want, f, false)
	var l *life
	if want == nil {
		l = p.heir(p.lives[p.target(s.ID)], user, opts != nil)
	}
	chain := p.chain(s.ID)
	got, err := p.m.Rotate(ctx, s, user, func(n *int) error { *n++; return nil }, opts...)
	if want == nil && (f == none || f == repeated || f == lost && current) {
		p.moved(s)
	}
	if f == dropped || f == lost {
		err = wants(session.ErrUnavailable, err)
		if f == lost && want == nil && current {
			err = errors.Join(err, p.adopt(ctx, l))
		}
		return "Rotate, failed", err
	}
	if err := wants(want, err); err != nil || want != nil {
		return "Rotate", err
	}
	p.tokens = append(p.tokens, got)
	l.key, l.id = p.keyOf(got), got.ID
	p.born(l)
	p.seen.end(chain...)
	return "Rotate", p.same(got)
}

func (p *player) destroy(ctx context.Context, s *session.Session[int]) (what string, err error) {
	p.due = 1
	f := p.fault()
	kind := p.rng.IntN(3)
	user := s.UserID
	chain := p.chain(s.ID)
	if all := kind == 0 && user != ""; !all && f != dropped && f != lost {
		p.due = p.endHops(s.ID, f == repeated)
	}
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
	if what == "DestroyAll" {
		p.seen.endHash(p.m.Key(user))
	} else {
		p.seen.end(chain...)
	}
	return what, err
}

func (p *player) others(ctx context.Context, s *session.Session[int]) (string, error) {
	p.due = 1
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
	f := p.fault() // of the request that reads
	n, err := p.m.UpdateAll(ctx, user, func(n *int) error { *n++; return nil })
	p.due = 1
	if f == dropped || f == lost {
		return "UpdateAll, failed", wants(session.ErrUnavailable, err)
	}
	want := 0
	for _, l := range p.alive(p.m.Key(user)) {
		p.wrote(l.id).visits++
		p.due = 2
		want++
	}
	if err == nil && n != want {
		err = fmt.Errorf("changed %d, want %d", n, want)
	}
	return "UpdateAll", err
}

func (p *player) list(ctx context.Context, user string) (string, error) {
	p.due = 2 // List and Count
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
