package session

import (
	"context"
	"strconv"
)

// Event is something that became of a session, for an audit log. It holds no
// token and nothing of a payload.
type Event struct {
	Kind EventKind
	// ID is the session's public ID; empty for Refused and DestroyedAll.
	ID string
	// From is the ID that a rotated or renewed session had before.
	From string
}

// EventKind says what became of a session.
type EventKind uint8

// What can become of a session. Idle timeouts happen in the store, silently.
const (
	Created         EventKind = iota + 1
	Rotated                   // it got a new token
	Destroyed                 // by Destroy or DestroyByID, whether it was there or not
	DestroyedAll              // of a user
	DestroyedOthers           // of a user, all but the one with ID
	Evicted                   // it made room for a newer one
	Expired                   // its token was presented after the absolute lifetime
	Moved                     // its old token was presented after a rotation
	Refused                   // a token was presented that this manager never issued
	Renewed                   // the middleware gave it a new token
	Reused                    // the token of before a renewal was presented after the grace: a copy may be about
)

var eventKinds = [...]string{
	Created: "created", Rotated: "rotated", Destroyed: "destroyed", DestroyedAll: "destroyed all",
	DestroyedOthers: "destroyed others", Evicted: "evicted", Expired: "expired", Moved: "moved", Refused: "refused",
	Renewed: "renewed", Reused: "reused",
}

// String names the kind.
func (k EventKind) String() string {
	if k == 0 || int(k) >= len(eventKinds) {
		return "EventKind(" + strconv.Itoa(int(k)) + ")"
	}
	return eventKinds[k]
}

func (m *Manager[T]) tell(ctx context.Context, e Event) {
	if m.opts.OnEvent != nil {
		m.opts.OnEvent(ctx, e)
	}
}
