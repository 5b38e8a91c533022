package session

import (
	"cmp"
	"context"
	"slices"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// List returns the sessions of a user, the oldest first. It shows no token and
// no payload. One round trip, 1 billed command, a read that may be behind by the
// lag of a replica; the payloads travel along.
func (m *Manager[T]) List(ctx context.Context, userID string) ([]Info, error) {
	key, err := m.keyOf(userID)
	if err != nil {
		return nil, err
	}
	fields, err := upstash.Exec(ctx, m.doer, command.HGetAll(key))
	if err != nil {
		return nil, storeError(err)
	}
	list := []Info{}
	for field, head := range fields {
		stored, found := fields[field+deviceOf]
		if !isHeader(field) || !found {
			continue
		}
		h, ok := parseHeader(head)
		if !ok {
			return nil, ErrUnreadable
		}
		device, err := m.openDevice(key, field, stored)
		if err != nil {
			return nil, err
		}
		if !m.now().Before(instant(h.expires)) {
			continue
		}
		list = append(list, Info{
			ID: field, Device: device,
			Created: instant(h.created), Authenticated: instant(h.authenticated), Expires: instant(h.expires),
		})
	}
	slices.SortFunc(list, func(a, b Info) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// Count returns how many sessions a user has. One round trip, 1 billed command,
// a read that may be behind by the lag of a replica.
func (m *Manager[T]) Count(ctx context.Context, userID string) (int, error) {
	key, err := m.keyOf(userID)
	if err != nil {
		return 0, err
	}
	fields, err := upstash.Exec(ctx, m.doer, command.HKeys(key))
	if err != nil {
		return 0, storeError(err)
	}
	n := 0
	for _, field := range fields {
		if isHeader(field) {
			n++
		}
	}
	return n, nil
}
