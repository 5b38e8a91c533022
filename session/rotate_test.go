package session_test

import (
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

func TestRotateAtSignIn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Secret: secret})
	guest := ok(m.Create(ctx, "", login{Visits: 3}, session.On(phone)))(t)
	check(t, "nobody", []any{"", time.Time{}}, []any{guest.UserID, guest.Authenticated})
	srv.Advance(time.Hour / 4)
	s := ok(m.Rotate(ctx, guest, "u", func(l *login) error { l.Email = jo.Email; return nil }))(t)
	check(t, "payload", login{Email: jo.Email, Visits: 3}, s.Data)
	check(t, "user, device", []any{"u", phone}, []any{s.UserID, s.Device})
	check(t, "sign-in", start.Add(time.Hour/4).Local(), s.Authenticated)
	check(t, "absolute limit", start.Add(time.Hour/4+12*time.Hour).Local(), s.Expires)
	if s.Token() == guest.Token() || s.ID == guest.ID {
		t.Error("the token is the one from before")
	}
	check(t, "Get", s.Data, ok(m.Get(ctx, s.Token()))(t).Data)
	check(t, "list", []string{s.ID}, ids(ok(m.List(ctx, "u"))(t)))
	for name, err := range map[string]error{
		"Get": errOf(m.Get(ctx, guest.Token())), "Peek": errOf(m.Peek(ctx, guest.Token())), "GetStrong": errOf(m.GetStrong(ctx, guest.Token())),
		"Update": errOf(m.Update(ctx, guest, func(l *login) error { l.Visits++; return nil })),
		"Rotate": errOf(m.Rotate(ctx, guest, "u", nil)),
	} {
		fails(t, name+" with the old token", session.ErrMoved, err)
	}
	srv.Advance(30 * time.Second)
	fails(t, "later", session.ErrNotFound, errOf(m.Get(ctx, guest.Token())))
	srv.Advance(30 * time.Minute) // the mark stays for that long where the old token was used
	check(t, "keys", 0, len(stored(t, srv)))
}

func TestRotateAtSignOut(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo, session.Limits(720*time.Hour, 720*time.Hour)))(t)
	guest := ok(m.Rotate(ctx, s, "", func(l *login) error { *l = login{Visits: l.Visits}; return nil }))(t)
	check(t, "nobody", []any{"", time.Time{}, login{}}, []any{guest.UserID, guest.Authenticated, guest.Data})
	check(t, "limit", start.Add(12*time.Hour).Local(), guest.Expires)
	fails(t, "the old token", session.ErrMoved, errOf(m.Get(ctx, s.Token())))
	check(t, "list", 0, len(ok(m.List(ctx, "u"))(t)))
	noErr(t, m.DestroyAll(ctx, "u"))
	noErr(t, errOf(m.Get(ctx, guest.Token())))
}

func TestRotateKeepsTheLimitsOfTheSession(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	const month = 720 * time.Hour
	s := ok(m.Create(ctx, "u", jo, session.Limits(month, month)))(t)
	srv.Advance(time.Hour)
	same := ok(m.Rotate(ctx, s, "u", nil, session.SameLogin()))(t)
	check(t, "SameLogin", []time.Time{s.Authenticated, s.Expires}, []time.Time{same.Authenticated, same.Expires})
	again := ok(m.Rotate(ctx, same, "u", nil))(t)
	check(t, "a new sign-in", []time.Time{start.Add(time.Hour).Local(), start.Add(time.Hour + month).Local()}, []time.Time{again.Authenticated, again.Expires})
	srv.Advance(month - time.Millisecond)
	noErr(t, errOf(m.Get(ctx, again.Token())))
	for name, err := range map[string]error{
		"SameLogin of another user": errOf(m.Rotate(ctx, again, "v", nil, session.SameLogin())),
		"SameLogin of nobody":       errOf(m.Rotate(ctx, again, "", nil, session.SameLogin())),
		"limits":                    errOf(m.Rotate(ctx, again, "u", nil, session.Limits(0, time.Hour))),
	} {
		if err == nil || session.SignedOut(err) || errors.Is(err, session.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
	srv.Advance(time.Millisecond)
	srv.Reset()
	fails(t, "Rotate", session.ErrExpired, errOf(m.Rotate(ctx, again, "u", nil)))
	fails(t, "Update", session.ErrExpired, errOf(m.Update(ctx, again, func(l *login) error { l.Visits++; return nil })))
	check(t, "round trips", 0, srv.Meter().RoundTrips)
}

// TestRotateTakesChangesAlong: what others wrote since the session was read is
// not lost.
func TestRotateTakesChangesAlong(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	ok(m.Update(ctx, s, func(l *login) error { l.Visits = 7; return nil }))(t)
	srv.Reset()
	runs := 0
	next := ok(m.Rotate(ctx, s, "u", func(l *login) error { runs++; l.Visits++; return nil }))(t)
	check(t, "visits, runs", []int{8, 2}, []int{next.Data.Visits, runs})
	check(t, "round trips", 2, srv.Meter().RoundTrips)
	stop := errors.New("stop")
	if _, err := m.Rotate(ctx, next, "u", func(*login) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of change: %v", err)
	}
	noErr(t, errOf(m.Get(ctx, next.Token())))
}
