package session

import (
	"context"
	"errors"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Destroy ends the session of a token: sign-out. When it returns nil the session
// is gone, or was gone before. [ErrNotFound] says that the token is not one of
// this manager's, so that nothing was done. One round trip, 1 billed command; for
// a session that is not there, 2.
func (m *Manager[T]) Destroy(ctx context.Context, token Token) error {
	c, id, ok := m.read(token)
	if !ok {
		m.tell(ctx, Event{Kind: Refused})
		return ErrNotFound
	}
	_, err := m.destroy(ctx, m.key(c.handle), id)
	return err
}

// DestroyByID ends the session of a user that has this public ID: "sign out that
// device". When it returns nil there is no such session. One round trip, 1
// billed command; for a session that is not there, 2. Where a [Web] renews, an
// ID leads to its session until the renewal after the next.
func (m *Manager[T]) DestroyByID(ctx context.Context, userID, id string) error {
	key, err := m.keyOf(userID)
	if err != nil {
		return err
	}
	if !validID(id) {
		return errors.New("session: that is not the ID of a session")
	}
	_, err = m.destroy(ctx, key, id)
	return err
}

// maxHops bounds how many renewals a destruction follows: marks are kept for one.
const maxHops = 8

// destroy leaves the mark, so that an end whose answer was lost finds its way
// again. Rotated tells that the session lives on under a token that this one
// does not lead to.
func (m *Manager[T]) destroy(ctx context.Context, key, id string) (rotated bool, err error) {
	for range maxHops {
		n, err := upstash.Exec(ctx, m.doer, command.HDel(key, sessionFields(id)...))
		if err != nil {
			return false, storeError(err)
		}
		if n > 0 {
			break
		}
		// Of the commands that read a field, this one is answered by no replica.
		left, err := upstash.Exec(ctx, m.doer, command.HGetEx(key, command.GetExOptions{}, id+markOf))
		if err != nil {
			return false, storeError(err)
		}
		if len(left) == 0 || !left[0].Valid {
			break
		}
		k, ok := parseMark(left[0].V)
		if rotated = ok && !k.renewed() && m.now().UnixMilli() < k.until; !ok || !k.renewed() {
			break
		}
		id = k.heir
	}
	m.tell(ctx, Event{Kind: Destroyed, ID: id})
	return rotated, nil
}

// DestroyAll ends all sessions of a user: "sign out everywhere". When it returns
// nil, no session that began before the call is left, and one that began
// meanwhile is gone or in the list. One round trip, 1 billed command, whatever
// the number of sessions.
func (m *Manager[T]) DestroyAll(ctx context.Context, userID string) error {
	key, err := m.keyOf(userID)
	if err != nil {
		return err
	}
	if _, err := upstash.Exec(ctx, m.doer, command.Del(key)); err != nil {
		return storeError(err)
	}
	m.tell(ctx, Event{Kind: DestroyedAll})
	return nil
}

// DestroyOthers ends all sessions of the user of s but s, after a change of the
// password for example, and returns how many there were. One round trip, 3
// billed commands, 2 when there are no others.
func (m *Manager[T]) DestroyOthers(ctx context.Context, s *Session[T]) (int, error) {
	reply, err := m.scripts.others.Run(ctx, repeatable{m.doer}, []string{s.entry.key}, s.ID)
	if err != nil {
		return 0, storeError(err)
	}
	n, err := reply.Int()
	if err != nil {
		return 0, storeError(err)
	}
	m.tell(ctx, Event{Kind: DestroyedOthers, ID: s.ID})
	return int(n), nil
}
