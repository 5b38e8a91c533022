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
	return m.GetStrong(ctx, token)
}

// GetStrong is [Manager.Get] that no replica answers, whatever the Throttle: for
// routes where a session that was destroyed a moment ago must not get in. One
// round trip; 1 billed command, with a Throttle 2.
func (m *Manager[T]) GetStrong(ctx context.Context, token Token) (*Session[T], error) {
	c, id, err := m.check(ctx, token)
	if err != nil {
		return nil, err
	}
	key, now := m.key(c.handle), m.now()
	ttl, at := extension(now, c)
	read := command.HGetEx(key, command.GetExOptions{TTL: ttl, ExpireAt: at}, fieldsOf(id)...)
	if m.opts.Throttle == 0 {
		fields, err := upstash.Exec(ctx, m.doer, read)
		return m.found(ctx, token, c, id, fields, err)
	}
	// On condition that it exists: a touch must not leave anything of a session
	// that is gone.
	note := command.HSetEx(key, map[string]any{id + touchedOf: number(now.UnixMilli())},
		command.HSetExOptions{If: command.FieldsPresent, TTL: ttl, ExpireAt: at})
	replies, err := m.doer.Do(ctx, upstash.Batch{Atomic: true, Commands: []command.Args{
		read.Args(), note.WithClass(command.Idempotent).Args(),
	}})
	if err != nil {
		return nil, storeError(err)
	}
	if len(replies) != 2 {
		return nil, fmt.Errorf("%w: %d replies to 2 commands", ErrUnavailable, len(replies))
	}
	fields, err := upstash.Decode(read, replies[0], 0)
	if err == nil {
		_, err = upstash.Decode(note, replies[1], 1)
	}
	return m.found(ctx, token, c, id, fields, err)
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
	c, id, err := m.check(ctx, token)
	if err != nil {
		return nil, touched, err
	}
	fields, err := upstash.Exec(ctx, m.doer, command.HMGet(m.key(c.handle), fieldsOf(id)...))
	if s, err = m.found(ctx, token, c, id, fields, err); err != nil {
		return nil, touched, err
	}
	if ms, err := strconv.ParseInt(fields[3].V, 10, 64); err == nil {
		touched = time.UnixMilli(ms)
	}
	return s, touched, nil
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

// found makes a session of the fields that the store has.
func (m *Manager[T]) found(ctx context.Context, token Token, c claims, id string, fields []command.Null[string], err error) (*Session[T], error) {
	if err != nil {
		return nil, storeError(err)
	}
	if len(fields) == 0 { // some servers answer so when there is no such hash
		return nil, ErrNotFound
	}
	if len(fields) != len(fieldsOf("")) {
		return nil, fmt.Errorf("%w: %d fields of %d", ErrUnavailable, len(fields), len(fieldsOf("")))
	}
	if !fields[0].Valid && m.movedLately(fields[4]) {
		m.tell(ctx, Event{Kind: Moved, ID: id})
		return nil, ErrMoved
	}
	e, err := m.openFields(m.key(c.handle), id, fields)
	if err != nil {
		return nil, err
	}
	if !m.now().Before(instant(e.header.expires)) {
		m.tell(ctx, Event{Kind: Expired, ID: id})
		return nil, ErrExpired
	}
	return m.session(e, token, c)
}

// movedLately: the store may keep the mark for longer, as long as the old token
// is being used.
func (m *Manager[T]) movedLately(mark command.Null[string]) bool {
	until, err := strconv.ParseInt(mark.V, 10, 64)
	return mark.Valid && err == nil && m.now().UnixMilli() < until
}
