package session_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// memory is what the invariants need to know of the past.
type memory struct {
	ended   map[string]bool      // IDs whose end was acknowledged
	headers map[string]row       // as they were after the step before
	limits  map[string]time.Time // absolute ones, as they were at first
	secrets finder
	known   int // tokens that are among the secrets
}

func (h *memory) end(ids ...string) {
	if h.ended == nil {
		h.ended = map[string]bool{}
	}
	for _, id := range ids {
		h.ended[id] = true
	}
}

// endHash is for all sessions of a hash as they were after the step before.
func (h *memory) endHash(key string) {
	for id, r := range h.headers {
		if r.key == key {
			h.end(id)
		}
	}
}

// invariants checks what must hold after every step, by the numbers that the
// design gives them, and holds the whole database to the oracle.
func (p *player) invariants(ctx context.Context) error {
	if p.requests != p.due {
		return fmt.Errorf("I8: %d requests, want %d", p.requests, p.due)
	}
	rows, err := p.rows(ctx)
	if err != nil {
		return err
	}
	headers := map[string]row{}
	for _, r := range rows {
		if r.suffix == "" {
			headers[r.id] = r
		}
	}
	for _, check := range []func([]row, map[string]row) error{p.i2, p.i3, p.i4, p.i5, p.i6, p.i7, p.i9, p.i10} {
		if err := check(rows, headers); err != nil {
			return err
		}
	}
	if err := p.compare(rows); err != nil {
		return err
	}
	p.seen.headers = headers
	return p.i1(ctx, headers)
}

// i1: what is listed is exactly what Peek returns, of all tokens that are known;
// sessions whose token nobody got are in the list too, and in the database. A
// token from before a renewal leads to what is listed.
func (p *player) i1(ctx context.Context, headers map[string]row) error {
	listed := map[string]bool{}
	for _, user := range users {
		list, err := p.m.List(ctx, user)
		if err != nil {
			return fmt.Errorf("I1: %w", err)
		}
		for _, info := range list {
			listed[info.ID] = true
			if _, there := headers[info.ID]; !there {
				return errors.New("I1: a session is listed that the database does not have")
			}
		}
	}
	asked := map[string]bool{}
	for i, s := range slices.Backward(p.tokens) {
		// All that live, and of those that died the last ones.
		if recent := i >= len(p.tokens)-4; asked[s.ID] || !recent && !p.isAlive(s.ID) || i < len(p.tokens)-60 {
			continue
		}
		asked[s.ID] = true
		id := s.ID
		if p.isHeirs(s) {
			id = p.next(id)
			p.touchHeir(s) // for the session that it leads to, this is use
		}
		found, err := p.m.Peek(ctx, s.Token())
		if err != nil && !session.SignedOut(err) {
			return fmt.Errorf("I1: %w", err)
		}
		if got := err == nil; got != p.isAlive(id) || got && found.ID != id || s.UserID != "" && got != listed[id] {
			return fmt.Errorf("I1: Peek returns a session: %v, and it is listed: %v", got, listed[id])
		}
	}
	return nil
}

// i2: what was ended and acknowledged never comes back.
func (p *player) i2(_ []row, headers map[string]row) error {
	for id := range headers {
		if p.seen.ended[id] {
			return errors.New("I2: a session is back after its end was acknowledged")
		}
	}
	return nil
}

// i3: every field beside a header has its header, but for the mark of a rotation
// or a renewal, which stands where there is none.
func (*player) i3(rows []row, headers map[string]row) error {
	for _, r := range rows {
		if _, there := headers[r.id]; !there && r.suffix != "x" {
			return fmt.Errorf("I3: a field %q without its header", r.suffix)
		}
		if _, there := headers[r.id]; there && r.suffix == "x" {
			return errors.New("I3: a mark beside the session that it says is gone")
		}
	}
	return nil
}

// i4: every field ends, and those of a session all at the same time, so that the
// hash lives exactly as long as its longest session. That there are none without
// an end is looked at where they are read.
func (p *player) i4(rows []row, headers map[string]row) error {
	for _, r := range rows {
		if h := headers[r.id]; r.suffix != "x" && !r.end.Equal(h.end) {
			return fmt.Errorf("I4: a field %q ends %v after its header", r.suffix, r.end.Sub(h.end))
		}
		if !r.end.After(p.now()) {
			return errors.New("I4: a field is there after its end")
		}
	}
	return nil
}

// i5: no session outlives its absolute limit, which never moves.
func (p *player) i5(_ []row, headers map[string]row) error {
	if p.seen.limits == nil {
		p.seen.limits = map[string]time.Time{}
	}
	for id, h := range headers {
		first, known := p.seen.limits[id]
		if !known {
			p.seen.limits[id] = h.expires
		} else if !first.Equal(h.expires) {
			return errors.New("I5: an absolute limit moved")
		}
		if h.end.After(h.expires) {
			return errors.New("I5: a session outlives its absolute limit")
		}
	}
	return nil
}

// i6: the version of a session rises with every change, and no change that was
// acknowledged is lost.
func (p *player) i6(rows []row, headers map[string]row) error {
	for id, h := range headers {
		before, known := p.seen.headers[id]
		if known && h.value != before.value && h.version <= before.version {
			return errors.New("I6: a header changed, and its version did not rise")
		}
	}
	for _, r := range rows {
		if l := p.lives[r.id]; r.suffix == "d" && l != nil {
			n, err := p.m.OpenPayload(r.key, r.id, r.value)
			if err != nil || n != l.visits {
				return fmt.Errorf("I6: %d changes are in a payload, want %d (%w)", n, l.visits, err)
			}
		}
	}
	return nil
}

// i7: no user has more sessions than the cap. That it is the oldest who made
// room, the oracle knows.
func (p *player) i7(_ []row, headers map[string]row) error {
	count := map[string]int{}
	for _, h := range headers {
		if count[h.key]++; count[h.key] > p.limit {
			return fmt.Errorf("I7: %d sessions, and the cap is %d", count[h.key], p.limit)
		}
	}
	return nil
}

// i9: after an acknowledged DestroyAll the hash holds only what began later. One
// client sees that here; what begins meanwhile is for TestSchedules.
func (p *player) i9(_ []row, headers map[string]row) error {
	for id, h := range headers {
		if l := p.lives[id]; l == nil || l.key != h.key {
			return errors.New("I9: a session is there that did not begin since the last DestroyAll")
		}
	}
	return nil
}

// i10: no byte of the database belongs to a token.
func (p *player) i10(rows []row, _ map[string]row) error {
	for ; p.seen.known < len(p.tokens); p.seen.known++ {
		token := string(p.tokens[p.seen.known].Token())
		b, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			return err
		}
		hidden := b[27:59]
		p.seen.secrets.add(token[36:78], string(hidden), base64.RawURLEncoding.EncodeToString(hidden), base64.StdEncoding.EncodeToString(hidden))
	}
	for _, r := range rows {
		if p.seen.secrets.in(r.id) || p.seen.secrets.in(r.value) || p.seen.secrets.in(r.key) {
			return errors.New("I10: part of a token is in the database")
		}
	}
	return nil
}
