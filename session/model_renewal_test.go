package session_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// Renewals in the model: what the oracle knows of them, and the operation.

// next is the ID that a session was renewed to, or its own.
func (o *oracle) next(id string) string {
	if l := o.ended[id]; l != nil && l.heir != "" && !o.isAlive(id) && o.now().Before(l.kept) {
		return l.heir
	}
	return id
}

// target is where a session lives now, after all of its renewals.
func (o *oracle) target(id string) string {
	ids := o.chain(id)
	return ids[len(ids)-1]
}

// chain is a session and all that it was renewed to.
func (o *oracle) chain(id string) []string {
	ids := []string{id}
	for o.next(id) != id {
		id = o.next(id)
		ids = append(ids, id)
	}
	return ids
}

// isHeirs tells that reading with the token of s leads to another session.
func (o *oracle) isHeirs(s *session.Session[int]) bool {
	return o.next(s.ID) != s.ID && o.now().Before(o.ended[s.ID].movedTo) && o.now().Before(s.Expires)
}

// touchMark: what extends a session extends what is left of one.
func (o *oracle) touchMark(id string) {
	if l := o.ended[id]; l != nil && o.now().Before(l.kept) {
		l.kept = earlier(o.now().Add(l.idle), l.expires)
	}
}

// touchHeir is a read that extends the session it leads to, and not the mark.
func (o *oracle) touchHeir(s *session.Session[int]) {
	kept := o.ended[s.ID].kept
	o.touch(s)
	o.ended[s.ID].kept = kept
}

// renewed makes a session the heir of another.
func (o *oracle) renewed(s *session.Session[int], id string) {
	l := o.lives[s.ID]
	next := *l
	next.id, next.created, next.touched = id, o.now(), o.now()
	next.deadline = earlier(o.now().Add(l.idle), l.expires)
	next.version++
	l.movedTo, l.heir = o.now().Add(modelGrace), id
	l.kept = earlier(o.now().Add(modelRenewal), l.expires)
	o.ended[l.id] = l
	delete(o.lives, l.id)
	o.lives[id] = &next
}

// adoptHeir takes in a renewal whose answer was lost.
func (o *oracle) adoptHeir(ctx context.Context, s *session.Session[int]) error {
	rows, err := o.rows(ctx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if o.lives[r.id] == nil && r.suffix == "" {
			o.renewed(s, r.id)
			return nil
		}
	}
	return errors.New("the renewal did not take place")
}

// compareMark holds a mark to the oracle: whose it is, when it ends, until when
// reading follows it, and to whom.
func (o *oracle) compareMark(r row) error {
	l := o.ended[r.id]
	if l == nil || l.key != r.key {
		return errors.New("a mark of a rotation or renewal that was not made")
	}
	if !r.end.Equal(l.kept) {
		return fmt.Errorf("a mark ends %v after the time it should", r.end.Sub(l.kept))
	}
	until, rest, _ := strings.Cut(r.value, ":")
	_, heir, _ := strings.Cut(rest, ":")
	if _, valid := session.CanonicalMark(r.value); !valid || until != strconv.FormatInt(l.movedTo.UnixMilli(), 10) || heir != l.heir {
		return errors.New("a mark leads elsewhere, or for another time")
	}
	return nil
}

// hops is how many requests a change of a session takes that nothing happens to:
// one for what it was renewed to, each time, and one for what others changed.
// Settled tells that the change is content with what a renewal made.
func (o *oracle) hops(s *session.Session[int], settled bool) int {
	id, version := s.ID, s.Version()
	for n := 1; ; n++ {
		if o.isAlive(id) {
			if now := int64(o.lives[id].version); now != version {
				version = now
				continue
			}
			return n
		}
		next := o.next(id)
		if next == id {
			return n
		}
		if id = next; o.isAlive(id) {
			if settled {
				return n
			}
			version = int64(o.lives[id].version)
		}
	}
}

// endHops is the same for Destroy, which looks for a mark where there is nothing.
func (o *oracle) endHops(id string, repeated bool) int {
	for n := 1; ; n += 2 {
		// The second of two deletions finds nothing, and looks for a mark.
		if o.isAlive(id) && (!repeated || n > 1) {
			return n
		}
		if o.next(id) == id {
			return n + 1
		}
		id = o.next(id)
	}
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
	p.due = p.writes(s, want, f, true)
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
		p.seen.end(s.ID)
	}
	p.tokens = append(p.tokens, got)
	return "renew", p.same(got)
}
