package session_test

import (
	"context"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// accident is what happens to one request of an operation.
type accident string

const (
	crashBefore  accident = "the process dies before it" // or the request is lost, which nobody can tell
	crashAfter   accident = "the process dies after it"  // or the reply is lost
	sentTwice    accident = "it arrives twice"
	sentAgain    accident = "its reply is lost and it is sent again" // as a client with RetryIdempotent does
	arrivesAgain accident = "a copy of it arrives much later"
)

var accidents = []accident{crashBefore, crashAfter, sentTwice, sentAgain, arrivesAgain}

// accidental is a line on which the k-th request has an accident.
type accidental struct {
	upstash.Doer

	what accident
	k    int

	n    int
	dead bool
	late func() // the copy that is still on its way
}

func (a *accidental) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if a.dead {
		return nil, errCrash
	}
	if a.n++; a.n != a.k {
		return a.Doer.Do(ctx, b)
	}
	// What may not be sent again is never sent again by this SDK, so that only
	// the network makes a copy, at once.
	again := !once(b)
	switch {
	case a.what == crashBefore:
		a.dead = true
		return nil, errCrash
	case a.what == sentAgain && !again:
		a.dead = true
	}
	replies, err := a.Doer.Do(ctx, b)
	switch {
	case a.what == crashAfter || a.dead:
		a.dead = true
		return nil, errCrash
	case a.what == sentTwice || a.what == sentAgain:
		return a.Doer.Do(ctx, b)
	case a.what == arrivesAgain && again:
		a.late = func() { _, _ = a.Doer.Do(context.WithoutCancel(ctx), b) }
	}
	return replies, err
}

type (
	manager = *session.Manager[int]
	single  = *session.Session[int]
)

// change is an operation of the matrix.
type change struct {
	adds int  // to the payload of s, or of its successor
	ends bool // s, when it succeeds
	run  func(ctx context.Context, m manager, s single) (single, error)
}

var changes = map[string]change{
	"Create":            {0, false, func(ctx context.Context, m manager, _ single) (single, error) { return m.Create(ctx, "u", 0) }},
	"Create for nobody": {0, false, func(ctx context.Context, m manager, _ single) (single, error) { return m.Create(ctx, "", 0) }},
	"Get":               {0, false, func(ctx context.Context, m manager, s single) (single, error) { return m.Get(ctx, s.Token()) }},
	"Update":            {1, false, func(ctx context.Context, m manager, s single) (single, error) { return m.Update(ctx, s, plusOne) }},
	"AddFlash":          {0, false, func(ctx context.Context, m manager, s single) (single, error) { return m.AddFlash(ctx, s, "a", "b") }},
	"UpdateAll": {1, false, func(ctx context.Context, m manager, _ single) (single, error) {
		_, err := m.UpdateAll(ctx, "u", plusOne)
		return nil, err
	}},
	"Rotate":           {1, true, func(ctx context.Context, m manager, s single) (single, error) { return m.Rotate(ctx, s, "u", plusOne) }},
	"Rotate to nobody": {1, true, func(ctx context.Context, m manager, s single) (single, error) { return m.Rotate(ctx, s, "", plusOne) }},
	"Renew":            {0, false, func(ctx context.Context, m manager, s single) (single, error) { return m.Renew(ctx, s, week, grace) }},
	"Destroy":          {0, true, func(ctx context.Context, m manager, s single) (single, error) { return nil, m.Destroy(ctx, s.Token()) }},
	"DestroyByID": {0, true, func(ctx context.Context, m manager, s single) (single, error) {
		return nil, m.DestroyByID(ctx, "u", s.ID)
	}},
	"DestroyAll": {0, true, func(ctx context.Context, m manager, _ single) (single, error) { return nil, m.DestroyAll(ctx, "u") }},
	"DestroyOthers": {0, false, func(ctx context.Context, m manager, s single) (single, error) {
		_, err := m.DestroyOthers(ctx, s)
		return nil, err
	}},
}

// following are those that find their way when the session was renewed before.
var following = []string{"Get", "Update", "AddFlash", "UpdateAll", "Rotate", "Rotate to nobody", "Renew", "Destroy", "DestroyByID", "DestroyOthers"}

func plusOne(n *int) error { *n++; return nil }
