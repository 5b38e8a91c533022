package session

import (
	"context"
	"time"
)

// movedFor is how long the old token of a rotated session is answered with
// [ErrMoved], for the requests that were under way with it.
const movedFor = 30 * time.Second

// Rotate ends a session and begins another with its payload, in one step: call
// it whenever somebody signs in or out or gains a privilege, so that a token
// that was known before is worth nothing after. UserID is whose session the new
// one is; it may be the same as before, and is empty after a sign-out that keeps
// the payload. Change, which may be nil, works as in [Manager.Update]. Flash
// values move along, except from one user to another.
//
// The old token is dead when Rotate returns; for 30 seconds it is answered with
// [ErrMoved]. The new session has the device and the limits of the old one,
// unless options say otherwise, and counts as a new sign-in of the user, from
// which its absolute lifetime begins again: [SameLogin] prevents that. One that
// began as nobody's gets the limits of [Options].
//
// One round trip, and one for each change that others made meanwhile; 5 billed
// commands, 6 with a cap, and 2 more when the oldest session has to make room.
// When the answer is lost, a client with [upstash.RetryIdempotent] sends it
// again, which is noticed. When the error matches [upstash.OutcomeUnknown] the
// old token may be dead.
func (m *Manager[T]) Rotate(ctx context.Context, s *Session[T], userID string, change func(data *T) error, opts ...Option) (*Session[T], error) {
	old := s.entry
	if !m.now().Before(instant(old.header.expires)) {
		return nil, ErrExpired
	}
	for range maxConflicts {
		p, err := m.successor(s, old, userID, change, opts)
		if err != nil {
			return nil, err
		}
		limit := m.opts.Cap
		if userID == "" {
			limit = 0
		}
		reply, err := m.run(ctx, repeatable{m.doer}, m.scripts.place, []string{p.entry.key, old.key},
			p.args(limit, old, mark{until: m.now().Add(movedFor).UnixMilli()}, movedFor)...)
		switch {
		case err != nil:
			return nil, err
		case len(reply) == 0:
			return nil, stateError("")
		case reply[0] == stateOK:
			m.tellEvicted(ctx, reply[1:])
			m.tell(ctx, Event{Kind: Rotated, ID: p.entry.id, From: old.id})
			return m.session(p.entry, p.claims)
		}
		if old, err = m.current(old, reply); err != nil {
			return nil, err
		}
	}
	return nil, ErrConflict
}

// successor is the session that takes the place of an old one.
func (m *Manager[T]) successor(s *Session[T], old entry, userID string, change func(*T) error, opts []Option) (placement, error) {
	doc := old.doc.clone()
	if change != nil {
		if err := edit(&doc, change); err != nil {
			return placement{}, err
		}
	}
	data, err := decodeData[T](doc.Data)
	if err != nil {
		return placement{}, err
	}
	b := beginning{device: s.Device, idle: m.opts.Idle, absolute: m.opts.Absolute, keepCookie: userID != "" && old.doc.Keep}
	if old.header.authenticated != 0 && userID != "" {
		b.idle = s.claims.idle
		b.absolute = time.Duration(old.header.expires-old.header.authenticated) * time.Millisecond
	}
	p, err := m.begin(userID, data, b, &old, opts)
	if err != nil {
		return placement{}, err
	}
	if old.doc.User == "" || userID == "" || old.doc.User == userID {
		p.entry.doc.Flash = doc.Flash
	}
	return p, m.seal(&p)
}
