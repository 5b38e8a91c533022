package session_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// operations is everything that asks the store, on a session of user u.
func operations(ctx context.Context, m *session.Manager[login], s *session.Session[login]) map[string]func() error {
	visit := func(l *login) error { l.Visits++; return nil }
	return map[string]func() error{
		"Create":            func() error { return errOf(m.Create(ctx, "u", jo)) },
		"Create for nobody": func() error { return errOf(m.Create(ctx, "", jo)) },
		"Get":               func() error { return errOf(m.Get(ctx, s.Token())) },
		"GetStrong":         func() error { return errOf(m.GetStrong(ctx, s.Token())) },
		"Peek":              func() error { return errOf(m.Peek(ctx, s.Token())) },
		"Update":            func() error { return errOf(m.Update(ctx, s, visit)) },
		"UpdateAll":         func() error { return errOf(m.UpdateAll(ctx, "u", visit)) },
		"AddFlash":          func() error { return errOf(m.AddFlash(ctx, s, "k", "v")) },
		"Rotate":            func() error { return errOf(m.Rotate(ctx, s, "u", nil)) },
		"List":              func() error { return errOf(m.List(ctx, "u")) },
		"Count":             func() error { return errOf(m.Count(ctx, "u")) },
		"DestroyOthers":     func() error { return errOf(m.DestroyOthers(ctx, s)) },
		"DestroyByID":       func() error { return m.DestroyByID(ctx, "u", s.ID) },
		"Destroy":           func() error { return m.Destroy(ctx, s.Token()) },
		"DestroyAll":        func() error { return m.DestroyAll(ctx, "u") },
	}
}

var faults = map[string]func(*upstashtest.Exchange){
	"500":          upstashtest.Status(http.StatusInternalServerError),
	"401":          upstashtest.Status(http.StatusUnauthorized),
	"429":          upstashtest.TooManyRequests(time.Minute),
	"lost request": upstashtest.DropBefore,
	"lost reply":   upstashtest.ExecuteThenDrop,
	"page":         upstashtest.HTMLBody,
	"cut":          upstashtest.CutBody(3),
	"empty":        upstashtest.EmptyBody,
	"not JSON":     func(x *upstashtest.Exchange) { x.Answer(http.StatusOK, nil, "{") },
	"null":         func(x *upstashtest.Exchange) { x.Answer(http.StatusOK, nil, `{"result":"x"}`) },
	"wrong type": func(x *upstashtest.Exchange) {
		x.Answer(http.StatusBadRequest, nil, `{"error":"WRONGTYPE Operation against a key holding the wrong kind of value"}`)
	},
}

// TestStoreErrorsDoNotSignOut: whatever goes wrong with the store, nobody can
// take it for "there is no such session".
func TestStoreErrorsDoNotSignOut(t *testing.T) {
	t.Parallel()
	for throttle, name := range map[time.Duration]string{0: "touching", time.Minute: "throttled"} {
		for fault, inject := range faults {
			t.Run(name+", "+fault, func(t *testing.T) {
				t.Parallel()
				ctx := t.Context()
				srv, m := newManager(t, session.Options{Secret: secret, Throttle: throttle})
				s := ok(m.Create(ctx, "u", jo))(t)
				srv.Advance(throttle) // the next Get is a read and a touch
				srv.InterceptAll(inject)
				for op, run := range operations(ctx, m, s) {
					err := run()
					if session.SignedOut(err) {
						t.Errorf("%s: signed out by %v", op, err)
					}
					fails(t, op, session.ErrUnavailable, err)
					if _, typed := errors.AsType[*upstash.Error](err); !typed && fault != "null" {
						t.Errorf("%s: the cause is gone: %v", op, err)
					}
				}
			})
		}
	}
	t.Run("ended context", func(t *testing.T) {
		t.Parallel()
		_, m := newManager(t, session.Options{})
		s := ok(m.Create(t.Context(), "u", jo))(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for op, run := range operations(ctx, m, s) {
			err := run()
			fails(t, op, session.ErrUnavailable, err)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", op, err)
			}
		}
	})
}

// TestATouchThatFails: the second request of a throttled Get.
func TestATouchThatFails(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Throttle: time.Minute})
	s := ok(m.Create(ctx, "u", jo))(t)
	srv.Advance(time.Minute)
	srv.Intercept(upstashtest.On("HGETEX", upstashtest.Status(http.StatusInternalServerError)))
	fails(t, "Get", session.ErrUnavailable, errOf(m.Get(ctx, s.Token())))
	noErr(t, errOf(m.Get(ctx, s.Token())))
}

// TestServerWithoutHashFieldExpiry answers as Redis 7.0 does.
func TestServerWithoutHashFieldExpiry(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	old := upstash.DoerFunc(func(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
		name := b.Commands[0].Name()
		text := "ERR unknown command '" + name + "', with args beginning with: '" + b.Commands[0].At(1) + "' 'EX' '1800' "
		if name == "EVALSHA" {
			text = "ERR Unknown Redis command called from script script: " + strings.Repeat("a", 40) + ", on @user_script:1."
		}
		return []command.Reply{command.ErrorReply(text)}, nil
	})
	over := managerOver[login](t, srv, old, session.Options{})
	for name, run := range map[string]func() error{
		"HSETEX":             func() error { return errOf(over.Create(ctx, "", jo)) },
		"HSETEX in a script": func() error { return errOf(over.Create(ctx, "u", jo)) },
		"HGETEX":             func() error { return errOf(over.Get(ctx, s.Token())) },
	} {
		err := run()
		fails(t, name, session.ErrUnsupported, err)
		command, _, _ := strings.Cut(name, " ")
		want := "session: the store is unavailable: the server lacks a command that sessions need: " + command +
			", the expiry of hash fields, which Upstash and Redis 8.0 have: upstash: "
		if !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "shop:") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLostReplies: the write was made and nobody heard of it. A bubble, because
// the client waits before it sends again.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		srv := newServer(t)
		o := srv.ClientOptions()
		o.Retry.Policy = upstash.RetryAny(upstash.RetryNotExecuted, upstash.RetryIdempotent)
		m := managerOver[login](t, srv, ok(upstash.New(o))(t), session.Options{})
		s := ok(m.Create(ctx, "u", jo))(t)
		visit := func(l *login) error { l.Visits++; return nil }
		s = ok(m.Update(ctx, s, visit))(t)

		srv.Intercept(upstashtest.On("EVALSHA", upstashtest.ExecuteThenDrop))
		s = ok(m.Update(ctx, s, visit))(t)
		check(t, "visits", 2, ok(m.Get(ctx, s.Token()))(t).Data.Visits)

		srv.Intercept(upstashtest.On("EVALSHA", upstashtest.ExecuteThenDrop))
		next := ok(m.Rotate(ctx, s, "u", visit))(t)
		check(t, "visits", 3, ok(m.Get(ctx, next.Token()))(t).Data.Visits)
		check(t, "list", []string{next.ID}, ids(ok(m.List(ctx, "u"))(t)))

		srv.Intercept(upstashtest.On("EVALSHA", upstashtest.ExecuteThenDrop))
		check(t, "changed", 1, ok(m.UpdateAll(ctx, "u", visit))(t))
		check(t, "visits", 4, ok(m.Get(ctx, next.Token()))(t).Data.Visits)

		// A create is not sent again: a repeat that comes late would bring back
		// what was destroyed meanwhile. What it left can be destroyed.
		srv.Intercept(upstashtest.On("EVALSHA", upstashtest.ExecuteThenDrop))
		err := errOf(m.Create(ctx, "u", jo))
		fails(t, "Create", session.ErrUnavailable, err)
		if !upstash.OutcomeUnknown(err) {
			t.Errorf("Create: %v", err)
		}
		check(t, "count", 2, ok(m.Count(ctx, "u"))(t))
		check(t, "others", 1, ok(m.DestroyOthers(ctx, next))(t))
	})
}

// TestRepeatedRequests: something on the way sends every request twice.
func TestRepeatedRequests(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Cap: 2})
	warm := ok(m.Create(ctx, "u", jo))(t)
	srv.InterceptAll(upstashtest.Duplicate)
	guest := ok(m.Create(ctx, "", jo))(t)
	s := ok(m.Rotate(ctx, guest, "u", nil))(t)
	check(t, "list", 2, len(ok(m.List(ctx, "u"))(t)))
	visit := func(l *login) error { l.Visits++; return nil }
	s = ok(m.Update(ctx, s, visit))(t)
	check(t, "visits", 1, ok(m.Get(ctx, s.Token()))(t).Data.Visits)
	check(t, "UpdateAll", 2, ok(m.UpdateAll(ctx, "u", visit))(t))
	check(t, "visits", []int{2, 1}, []int{ok(m.Get(ctx, s.Token()))(t).Data.Visits, ok(m.Get(ctx, warm.Token()))(t).Data.Visits})
	third := ok(m.Create(ctx, "u", jo))(t) // one makes room for it, not two
	check(t, "list", 2, len(ok(m.List(ctx, "u"))(t)))
	noErr(t, errOf(m.Get(ctx, third.Token())))
	noErr(t, m.Destroy(ctx, third.Token()))
	check(t, "list", 1, len(ok(m.List(ctx, "u"))(t)))
}

func TestUpdateRunsAgainOnWhatOthersLeft(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	inner := 0
	got, err := m.Update(ctx, s, func(l *login) error {
		if l.Visits < 5 {
			inner++
			other := ok(m.Get(ctx, s.Token()))(t)
			ok(m.Update(ctx, other, func(l *login) error { l.Visits++; return nil }))(t)
		}
		l.Role += "+"
		return nil
	})
	noErr(t, err)
	check(t, "payload", []any{5, "admin+", 5}, []any{got.Data.Visits, got.Data.Role, inner})
	_, err = m.Update(ctx, s, func(l *login) error {
		ok(m.Update(ctx, ok(m.Get(ctx, s.Token()))(t), func(l *login) error { l.Visits++; return nil }))(t)
		l.Role += "+"
		return nil
	})
	fails(t, "without end", session.ErrConflict, err)
	stop := errors.New("stop")
	if _, err := m.Update(ctx, s, func(*login) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of change: %v", err)
	}
}
