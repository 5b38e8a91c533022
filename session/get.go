package session

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Get returns the session of a token and counts as use: the idle time begins
// again. An error that [SignedOut] recognizes means that there is no session;
// any other that nobody knows.
//
// One round trip and 1 billed command, a write that no replica answers: what
// was destroyed is never returned. With a Throttle it is a read, which may be
// behind by the lag of a replica, and once in Throttle a second request of 2
// commands. A token that is malformed or expired costs nothing.
func (m *Manager[T]) Get(ctx context.Context, token Token) (*Session[T], error) {
	if m.opts.Throttle == 0 {
		return m.GetStrong(ctx, token)
	}
	s, touched, err := m.look(ctx, token)
	if err != nil {
		return nil, err
	}
	// A clock that runs behind the one of the last touch cannot tell: touch.
	age := m.now().Sub(touched)
	if age >= 0 && age < min(m.opts.Throttle, s.claims.idle/2) {
		return s, nil
	}
	return m.GetStrong(ctx, s.Token())
}

// GetStrong is [Manager.Get] that no replica answers, whatever the Throttle: for
// routes where a session that was destroyed a moment ago must not get in. One
// round trip; 1 billed command, with a Throttle 2.
func (m *Manager[T]) GetStrong(ctx context.Context, token Token) (*Session[T], error) {
	s, _, err := m.get(ctx, token, m.readStrong)
	return s, err
}

// Peek is [Manager.Get] that does not count as use: for requests that a page
// makes by itself. One round trip, 1 billed command, a read that may be behind
// by the lag of a replica.
func (m *Manager[T]) Peek(ctx context.Context, token Token) (*Session[T], error) {
	s, _, err := m.look(ctx, token)
	return s, err
}

// look reads, and tells when the idle time was last extended.
func (m *Manager[T]) look(ctx context.Context, token Token) (s *Session[T], touched time.Time, err error) {
	s, fields, err := m.get(ctx, token, m.readWeak)
	if err != nil {
		return nil, touched, err
	}
	if ms, err := strconv.ParseInt(fields[3].V, 10, 64); err == nil {
		touched = time.UnixMilli(ms)
	}
	return s, touched, nil
}

// reading is a way to read the fields of a session.
type reading func(ctx context.Context, c claims, id string) ([]command.Null[string], error)

func (m *Manager[T]) readWeak(ctx context.Context, c claims, id string) ([]command.Null[string], error) {
	return upstash.Exec(ctx, m.doer, command.HMGet(m.key(c.handle), fieldsOf(id)...))
}

// readStrong touches.
func (m *Manager[T]) readStrong(ctx context.Context, c claims, id string) ([]command.Null[string], error) {
	key, now := m.key(c.handle), m.now()
	ttl, at := extension(now, c)
	read := command.HGetEx(key, command.GetExOptions{TTL: ttl, ExpireAt: at}, fieldsOf(id)...)
	if m.opts.Throttle == 0 {
		return upstash.Exec(ctx, m.doer, read)
	}
	// On condition that it exists: a touch must not leave anything of a session
	// that is gone.
	note := command.HSetEx(key, map[string]any{id + touchedOf: number(now.UnixMilli())},
		command.HSetExOptions{If: command.FieldsPresent, TTL: ttl, ExpireAt: at})
	replies, err := m.doer.Do(ctx, upstash.Batch{Atomic: true, Commands: []command.Args{
		read.Args(), note.WithClass(command.Idempotent).Args(),
	}})
	if err != nil {
		return nil, err
	}
	if len(replies) != 2 {
		return nil, fmt.Errorf("%d replies to 2 commands", len(replies))
	}
	fields, err := upstash.Decode(read, replies[0], 0)
	if err == nil {
		_, err = upstash.Decode(note, replies[1], 1)
	}
	return fields, err
}

// get reads a session. The token of before a renewal leads to the session's
// present one, for the grace and in a second request, which no replica answers:
// it may not know the session yet. It leads no further.
func (m *Manager[T]) get(ctx context.Context, token Token, read reading) (*Session[T], []command.Null[string], error) {
	c, id, err := m.check(ctx, token)
	if err != nil {
		return nil, nil, err
	}
	fields, err := read(ctx, c, id)
	s, left, err := m.found(ctx, token, c, id, fields, err)
	if err != nil || s != nil {
		return s, fields, err
	}
	if m.now().UnixMilli() >= left.until {
		m.tell(ctx, Event{Kind: Reused, ID: id})
		return nil, nil, ErrNotFound
	}
	heir, heirID, ok := m.heir(token, left.nonce)
	if !ok || heirID != left.heir {
		return nil, nil, fmt.Errorf("%w: the mark of its renewal is not what this package writes", ErrUnreadable)
	}
	fields, err = m.readStrong(ctx, c, heirID)
	if s, _, err = m.found(ctx, heir, c, heirID, fields, err); err == nil && s == nil {
		err = ErrNotFound
	}
	return s, fields, err
}

// check refuses what needs no round trip. It lets nobody in.
func (m *Manager[T]) check(ctx context.Context, token Token) (claims, string, error) {
	c, id, ok := m.read(token)
	if !ok {
		m.tell(ctx, Event{Kind: Refused})
		return claims{}, "", ErrNotFound
	}
	if !m.now().Before(c.expires) {
		m.tell(ctx, Event{Kind: Expired, ID: id})
		return claims{}, "", ErrExpired
	}
	return c, id, nil
}

// found makes a session of the fields that the store has, or returns the mark of
// the renewal that is left of it.
func (m *Manager[T]) found(ctx context.Context, token Token, c claims, id string, fields []command.Null[string], err error) (*Session[T], mark, error) {
	if err != nil {
		return nil, mark{}, storeError(err)
	}
	if len(fields) == 0 { // some servers answer so when there is no such hash
		return nil, mark{}, ErrNotFound
	}
	if len(fields) != len(fieldsOf("")) {
		return nil, mark{}, fmt.Errorf("%w: %d fields of %d", ErrUnavailable, len(fields), len(fieldsOf("")))
	}
	if !fields[0].Valid && fields[4].Valid {
		// The store may keep the mark for longer than until.
		switch k, ok := parseMark(fields[4].V); {
		case ok && k.renewed():
			return nil, k, nil
		case ok && m.now().UnixMilli() < k.until:
			m.tell(ctx, Event{Kind: Moved, ID: id})
			return nil, mark{}, ErrMoved
		}
	}
	e, err := m.openFields(m.key(c.handle), id, fields)
	if err != nil {
		return nil, mark{}, err
	}
	if !m.now().Before(instant(e.header.expires)) {
		m.tell(ctx, Event{Kind: Expired, ID: id})
		return nil, mark{}, ErrExpired
	}
	e.token = token
	s, err := m.session(e, c)
	return s, mark{}, err
}
