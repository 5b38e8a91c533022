package session_test

import (
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

const idle, absolute = 30 * time.Minute, 12 * time.Hour

func TestIdleTimeoutToTheMillisecond(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	for range 3 {
		srv.Advance(idle - time.Millisecond)
		noErr(t, errOf(m.Get(ctx, s.Token())))
	}
	srv.Advance(idle)
	fails(t, "Get", session.ErrNotFound, errOf(m.Get(ctx, s.Token())))
	check(t, "keys", 0, len(stored(t, srv)))
}

func TestWhatDoesNotCountAsUse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	srv.Advance(idle - time.Millisecond)
	noErr(t, errOf(m.Peek(ctx, s.Token())))
	noErr(t, errOf(m.Update(ctx, s, func(l *login) error { l.Visits++; return nil })))
	ok(m.UpdateAll(ctx, "u", func(l *login) error { l.Visits++; return nil }))(t)
	ok(m.List(ctx, "u"))(t)
	ok(m.DestroyOthers(ctx, s))(t)
	srv.Advance(time.Millisecond)
	fails(t, "Get", session.ErrNotFound, errOf(m.Get(ctx, s.Token())))
}

func TestAbsoluteLimitIsNotMovedByUse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	for range int(absolute/(20*time.Minute)) - 1 {
		srv.Advance(20 * time.Minute)
		noErr(t, errOf(m.Get(ctx, s.Token())))
	}
	srv.Advance(20*time.Minute - time.Millisecond)
	noErr(t, errOf(m.Get(ctx, s.Token())))
	check(t, "listed", 1, len(ok(m.List(ctx, "u"))(t)))
	srv.Advance(time.Millisecond)
	srv.Reset()
	fails(t, "Get", session.ErrExpired, errOf(m.Get(ctx, s.Token())))
	check(t, "round trips", 0, srv.Meter().RoundTrips)
	check(t, "count", 0, ok(m.Count(ctx, "u"))(t))
	check(t, "keys", 0, len(stored(t, srv)))
}

// TestAClockThatIsBehind: the server ends sessions by its own clock.
func TestAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	behind := managerOver[login](t, srv, srv.Client(), session.Options{Clock: func() time.Time { return srv.Now().Add(-time.Hour) }})
	s := ok(m.Create(ctx, "u", jo))(t)
	for range 4 {
		srv.Advance(idle - time.Second)
		noErr(t, errOf(behind.Get(ctx, s.Token()))) // neither ended nor shortened by it
	}
	srv.Advance(idle)
	fails(t, "idle", session.ErrNotFound, errOf(behind.Get(ctx, s.Token())))
}

func TestTheIndexEndsWithTheLongestSession(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	short := ok(m.Create(ctx, "u", jo))(t)
	long := ok(m.Create(ctx, "u", jo, session.Limits(48*time.Hour, 720*time.Hour)))(t)
	srv.Advance(47 * time.Hour)
	check(t, "list", []string{long.ID}, ids(ok(m.List(ctx, "u"))(t)))
	fails(t, "the short one", session.ErrExpired, errOf(m.Get(ctx, short.Token())))
	noErr(t, errOf(m.Get(ctx, long.Token()))) // a new idle time for it alone
	srv.Advance(48*time.Hour - time.Millisecond)
	check(t, "fields", 4, len(ok(srv.Client().HKeys(ctx, m.Key("u")))(t)))
	srv.Advance(time.Millisecond)
	check(t, "keys", 0, len(stored(t, srv)))
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Throttle: 3 * time.Minute})
	s := ok(m.Create(ctx, "u", jo))(t)
	read, touch := cost{1, 1}, cost{2, 3}
	for i, step := range []struct {
		after time.Duration
		want  cost
	}{
		{0, read}, {time.Minute, read}, {time.Minute, read}, {time.Minute, touch}, {time.Minute, read},
		{2 * time.Minute, touch}, {29 * time.Minute, touch}, {29 * time.Minute, touch}, {0, read},
	} {
		srv.Advance(step.after)
		got := costOf(t, srv, func() error { return errOf(m.Get(ctx, s.Token())) })
		if got != step.want {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
	}
	// Rarely used, the idle time is as much as the throttle shorter.
	srv.Advance(2 * time.Minute)
	noErr(t, errOf(m.Get(ctx, s.Token())))
	srv.Advance(28 * time.Minute)
	fails(t, "Get", session.ErrNotFound, errOf(m.Get(ctx, s.Token())))
}

// TestThrottleWithAClockThatIsBehind: who cannot tell when it was touched last
// touches.
func TestThrottleWithAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Throttle: time.Minute})
	behind := managerOver[login](t, srv, srv.Client(), session.Options{Throttle: time.Minute, Clock: func() time.Time { return srv.Now().Add(-2 * time.Hour) }})
	s := ok(m.Create(ctx, "u", jo))(t)
	for range 3 {
		srv.Advance(idle - time.Second)
		noErr(t, errOf(behind.Get(ctx, s.Token())))
	}
}

// TestATouchRevivesNothing: the session ends between the read and the touch.
func TestATouchRevivesNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Throttle: time.Minute})
	s := ok(m.Create(ctx, "u", jo))(t)
	srv.Advance(2 * time.Minute)
	ended := managerOver[login](t, srv, between{srv.Client(), "HMGET", func() { noErr(t, m.DestroyAll(ctx, "u")) }}, session.Options{Throttle: time.Minute})
	fails(t, "Get", session.ErrNotFound, errOf(ended.Get(ctx, s.Token())))
	check(t, "keys", 0, len(stored(t, srv)))
}

// TestALaggingReplica shows what a weak read can return, and that a strong one
// does not.
func TestALaggingReplica(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Throttle: time.Minute})
	s := ok(m.Create(ctx, "u", jo))(t)
	srv.Lag(1)
	another := managerOver[login](t, srv, strangerTo(t, srv), session.Options{Throttle: time.Minute})
	noErr(t, m.Destroy(ctx, s.Token()))
	noErr(t, errOf(another.Peek(ctx, s.Token())))
	noErr(t, errOf(another.Get(ctx, s.Token())))
	third := managerOver[login](t, srv, strangerTo(t, srv), session.Options{Throttle: time.Minute})
	fails(t, "GetStrong", session.ErrNotFound, errOf(third.GetStrong(ctx, s.Token())))
	fails(t, "after it", session.ErrNotFound, errOf(third.Get(ctx, s.Token()))) // its sync token demands as much
	unthrottled := managerOver[login](t, srv, strangerTo(t, srv), session.Options{})
	fails(t, "Get without a throttle", session.ErrNotFound, errOf(unthrottled.Get(ctx, s.Token())))
}

func TestOptions(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for name, o := range map[string]session.Options{
		"no namespace":          {},
		"colon":                 {Namespace: "a:b"},
		"short secret":          {Namespace: "a", Secret: secret[:31]},
		"short key":             {Namespace: "a", EncryptionKeys: []session.Key{keyA, keyB[:16]}},
		"a key twice":           {Namespace: "a", EncryptionKeys: []session.Key{keyA, keyA}},
		"fraction of a second":  {Namespace: "a", Idle: 1500 * time.Millisecond},
		"negative idle":         {Namespace: "a", Idle: -time.Second},
		"negative absolute":     {Namespace: "a", Absolute: -time.Second},
		"negative throttle":     {Namespace: "a", Throttle: -1},
		"throttle of all":       {Namespace: "a", Throttle: idle},
		"negative size":         {Namespace: "a", MaxPayload: -1},
		"idle of two centuries": {Namespace: "a", Idle: 200 * 365 * 24 * time.Hour},
	} {
		if m, err := session.New[login](srv.Client(), o); err == nil || m != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := session.New[login](nil, session.Options{Namespace: "a"}); err == nil {
		t.Error("no client: no error")
	}
	// The caller's slices are not the manager's.
	mine, sealing := append(session.Key(nil), secret...), append(session.Key(nil), keyA...)
	m := managerOver[login](t, srv, srv.Client(), session.Options{Secret: mine, EncryptionKeys: []session.Key{sealing}})
	s := ok(m.Create(t.Context(), "u", jo))(t)
	clear(mine)
	clear(sealing)
	noErr(t, errOf(m.Get(t.Context(), s.Token())))
	if err := errOf(m.Create(t.Context(), "u", jo, session.Limits(time.Second, time.Millisecond))); err == nil || errors.Is(err, session.ErrUnavailable) {
		t.Errorf("limits: %v", err)
	}
}
