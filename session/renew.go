package session

import (
	"context"
	"time"
)

// renewal says how often a session gets a new token by itself.
type renewal struct {
	every time.Duration
	grace time.Duration // for which the old token leads to the new one
}

func (r renewal) due(created, now time.Time) bool { return r.every > 0 && now.Sub(created) >= r.every }

// renew gives a session a new token, for the middleware only: it is no rotation.
// The old token works on for the grace, by leading to the new one, and so is
// worth something to a thief. What was signed in stays signed in, with the same
// payload and the same absolute limit.
//
// Of several renewals of one session one takes place, and all return what it
// made. The mark stays until the next renewal is due, so that a session can be
// ended by the ID it had in a list, and a token that comes after the grace is
// noticed.
//
// One round trip and one for each change that others made meanwhile; 5 billed
// commands.
func (m *Manager[T]) renew(ctx context.Context, s *Session[T], r renewal) (*Session[T], error) {
	e := s.entry
	for range maxConflicts {
		now := m.now()
		if !now.Before(instant(e.header.expires)) {
			return nil, ErrExpired
		}
		k := mark{until: now.Add(r.grace).UnixMilli(), nonce: renewalNonce()}
		p, err := m.renewed(e, s.claims, k.nonce, now)
		if err != nil {
			return nil, err
		}
		k.heir = p.entry.id
		reply, err := m.run(ctx, repeatable{m.doer}, m.scripts.place, []string{p.entry.key, e.key},
			p.args(0, e, k, min(max(r.every, r.grace), instant(e.header.expires).Sub(now)))...)
		switch {
		case err != nil:
			return nil, err
		case len(reply) == 0:
			return nil, stateError("")
		case reply[0] == stateOK:
			m.tell(ctx, Event{Kind: Renewed, ID: p.entry.id, From: e.id})
			return m.session(p.entry, p.claims)
		}
		others := reply[0] == stateMoved && len(reply) == 4 && reply[1] != ""
		if e, err = m.current(e, reply); err != nil {
			return nil, err
		}
		if others {
			return m.session(e, s.claims)
		}
	}
	return nil, ErrConflict
}

// renewed is the session that takes the place of e.
func (m *Manager[T]) renewed(e entry, c claims, nonce string, now time.Time) (placement, error) {
	token, id, ok := m.heir(e.token, nonce)
	if !ok {
		return placement{}, ErrNotFound
	}
	next := e
	next.token, next.id, next.header = token, id, e.header.next()
	next.header.created = now.UnixMilli()
	p := placement{entry: next, claims: c, touched: number(now.UnixMilli())}
	p.ttl, p.at = extension(now, c)
	return p, m.seal(&p)
}

// current is the session as a script found it that did nothing: as others
// changed it, or as the one that took its place by a renewal.
func (m *Manager[T]) current(e entry, reply []string) (entry, error) {
	if len(reply) != 4 || reply[0] != stateConflict && reply[0] != stateMoved {
		return e, stateError(reply[0])
	}
	if reply[0] == stateMoved {
		k, ok := parseMark(reply[3])
		if !ok || !k.renewed() {
			return e, ErrMoved
		}
		if e.token != "" {
			token, id, ok := m.heir(e.token, k.nonce)
			if !ok || id != k.heir {
				return e, ErrNotFound
			}
			e.token = token
		}
		e.id = k.heir
		if reply[1] == "" || reply[2] == "" {
			return e, nil // it ended, or was renewed again: the next try tells
		}
	}
	now, err := m.openEntry(e.key, e.id, reply[1], reply[2])
	now.device, now.token = e.device, e.token
	return now, err
}
