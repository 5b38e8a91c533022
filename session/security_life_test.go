package session_test

import (
	"context"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestS5TheServerEndsWhatIsIdle, to the millisecond, whatever the clocks of
// programs say.
func TestS5TheServerEndsWhatIsIdle(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]time.Duration{"the same clock": 0, "an hour behind": -time.Hour, "an hour ahead": time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			srv := newServer(t)
			m := managerOver[login](t, srv, srv.Client(), session.Options{Clock: func() time.Time { return srv.Now().Add(wrong) }})
			for _, after := range []struct {
				wait time.Duration
				want error
			}{{idle - time.Millisecond, nil}, {idle, session.ErrNotFound}, {idle + time.Millisecond, session.ErrNotFound}} {
				s := ok(m.Create(ctx, "u", jo))(t)
				srv.Advance(after.wait)
				fails(t, after.wait.String(), after.want, errOf(m.Get(ctx, s.Token())))
			}
			s := ok(m.Create(ctx, "u", jo))(t)
			for range 3 { // use begins it again
				srv.Advance(idle - time.Millisecond)
				noErr(t, errOf(m.Get(ctx, s.Token())))
			}
			srv.Advance(idle)
			check(t, "keys: the server has forgotten it", 0, len(stored(t, srv)))
		})
	}
}

// TestS6UseDoesNotMoveTheAbsoluteLimit, of any kind.
func TestS6UseDoesNotMoveTheAbsoluteLimit(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, use := range map[string]func(m *session.Manager[login], s *session.Session[login]) (*session.Session[login], error){
		"Get": func(m *session.Manager[login], s *session.Session[login]) (*session.Session[login], error) {
			return m.Get(ctx, s.Token())
		},
		"Update": func(m *session.Manager[login], s *session.Session[login]) (*session.Session[login], error) {
			if _, err := m.Get(ctx, s.Token()); err != nil {
				return nil, err
			}
			return m.Update(ctx, s, func(l *login) error { l.Visits++; return nil })
		},
		"a rotation that is no sign-in": func(m *session.Manager[login], s *session.Session[login]) (*session.Session[login], error) {
			return m.Rotate(ctx, s, "u", nil, session.SameLogin())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, m := newManager(t, session.Options{})
			s := ok(m.Create(ctx, "u", jo))(t)
			ends := s.Expires
			for srv.Now().Add(20 * time.Minute).Before(ends) {
				srv.Advance(20 * time.Minute)
				s = ok(use(m, s))(t)
				check(t, "limit", ends, s.Expires)
			}
			srv.Advance(ends.Sub(srv.Now()) - time.Millisecond)
			s = ok(use(m, s))(t)
			srv.Advance(time.Millisecond)
			fails(t, "at the limit", session.ErrExpired, errOf(use(m, s)))
			check(t, "listed", 0, len(ok(m.List(ctx, "u"))(t)))
		})
	}
}

// TestS7SignOutEndsTheSession: nothing gets in with the token afterwards, nothing
// that was under way brings the session back, and only a sign-out that happened
// is acknowledged.
func TestS7SignOutEndsTheSession(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	visit := func(l *login) error { l.Visits++; return nil }
	for name, use := range map[string]func(m *session.Manager[login], s *session.Session[login]) error{
		"Get": func(m *session.Manager[login], s *session.Session[login]) error { return errOf(m.Get(ctx, s.Token())) },
		"GetStrong": func(m *session.Manager[login], s *session.Session[login]) error {
			return errOf(m.GetStrong(ctx, s.Token()))
		},
		"Update": func(m *session.Manager[login], s *session.Session[login]) error {
			return errOf(m.Update(ctx, s, visit))
		},
		"AddFlash": func(m *session.Manager[login], s *session.Session[login]) error {
			return errOf(m.AddFlash(ctx, s, "a", "b"))
		},
		"Rotate": func(m *session.Manager[login], s *session.Session[login]) error {
			return errOf(m.Rotate(ctx, s, "u", nil))
		},
		"UpdateAll": func(m *session.Manager[login], s *session.Session[login]) error {
			if _, err := m.UpdateAll(ctx, "u", visit); err != nil {
				return err
			}
			return errOf(m.Get(ctx, s.Token()))
		},
	} {
		for _, throttle := range []time.Duration{0, time.Minute} {
			t.Run(name+" with a throttle of "+throttle.String(), func(t *testing.T) {
				t.Parallel()
				o := session.Options{Throttle: throttle}
				for k := range 3 { // the sign-out happens before the k-th request
					srv, m := newManager(t, o)
					s := ok(m.Create(ctx, "u", jo))(t)
					srv.Advance(throttle)
					n := 0
					slow := managerOver[login](t, srv, upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
						if n++; n == k+1 {
							noErr(t, m.Destroy(ctx, s.Token()))
						}
						return srv.Client().Do(ctx, b)
					}), o)
					err := use(slow, s)
					if n <= k { // it took fewer requests
						break
					}
					if !session.SignedOut(err) {
						t.Errorf("ended before request %d: %v", k+1, err)
					}
					fails(t, "replay", session.ErrNotFound, errOf(m.GetStrong(ctx, s.Token())))
					check(t, "keys", 0, len(stored(t, srv))) //nolint:contextcheck // the test asks, not the process
				}
			})
		}
	}
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	srv.Intercept(upstashtest.DropBefore)
	fails(t, "a sign-out that was lost", session.ErrUnavailable, m.Destroy(ctx, s.Token()))
	noErr(t, errOf(m.Get(ctx, s.Token())))
}

// TestS12AgeOfTheLastSignIn is stored with the session, and what is grave asks
// for a fresh one.
func TestS12AgeOfTheLastSignIn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	guest := ok(m.Create(ctx, "", login{}))(t)
	fails(t, "nobody", session.ErrNotFresh, m.RequireFresh(guest, time.Hour))
	s := ok(m.Rotate(ctx, guest, "u", nil))(t)
	signedIn := s.Authenticated
	srv.Advance(10 * time.Minute)
	other := managerOver[login](t, srv, srv.Client(), session.Options{}) // another process reads it
	s = ok(other.Get(ctx, s.Token()))(t)
	check(t, "stored", signedIn, s.Authenticated)
	check(t, "listed", signedIn, ok(m.List(ctx, "u"))(t)[0].Authenticated)
	noErr(t, other.RequireFresh(s, 10*time.Minute))
	fails(t, "a millisecond too old", session.ErrNotFresh, other.RequireFresh(s, 10*time.Minute-time.Millisecond))
	s = ok(m.Rotate(ctx, s, "u", nil))(t) // the password was asked for again
	noErr(t, m.RequireFresh(s, 0))
}
