package session_test

import (
	"context"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

func recordKind(kind session.EventKind, list *[]string) func(context.Context, session.Event) {
	return func(_ context.Context, e session.Event) {
		if e.Kind == kind {
			*list = append(*list, e.ID)
		}
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var got []session.Event
	srv, m := newManager(t, session.Options{Cap: 1, OnEvent: func(_ context.Context, e session.Event) { got = append(got, e) }})
	a := ok(m.Create(ctx, "u", jo))(t)
	b := ok(m.Create(ctx, "u", jo))(t)
	c := ok(m.Rotate(ctx, b, "u", nil))(t)
	_, _ = m.Get(ctx, b.Token())
	_, _ = m.Get(ctx, "forged")
	ok(m.DestroyOthers(ctx, c))(t)
	noErr(t, m.Destroy(ctx, c.Token()))
	noErr(t, m.DestroyAll(ctx, "u"))
	srv.Advance(12 * time.Hour)
	_, _ = m.Get(ctx, c.Token())
	check(t, "events", []session.Event{
		{Kind: session.Created, ID: a.ID},
		{Kind: session.Evicted, ID: a.ID},
		{Kind: session.Created, ID: b.ID},
		{Kind: session.Rotated, ID: c.ID, From: b.ID},
		{Kind: session.Moved, ID: b.ID},
		{Kind: session.Refused},
		{Kind: session.DestroyedOthers, ID: c.ID},
		{Kind: session.Destroyed, ID: c.ID},
		{Kind: session.DestroyedAll},
		{Kind: session.Expired, ID: c.ID},
	}, got)
	check(t, "name", "destroyed others", session.DestroyedOthers.String())
	check(t, "name", "EventKind(0)", session.EventKind(0).String())
}
