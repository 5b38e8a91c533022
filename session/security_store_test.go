package session_test

import (
	"context"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// TestS26TheStoreIsReachedOverTLS: the client that every manager is made over
// refuses to send its token in the clear to another machine.
func TestS26TheStoreIsReachedOverTLS(t *testing.T) {
	t.Parallel()
	for url, allowed := range map[string]bool{
		"https://db.example.com": true, "http://127.0.0.1:8079": true, "http://localhost:8079": true, "http://[::1]:8079": true,
		"http://db.example.com": false, "http://192.0.2.1:8079": false, "http://localhost.example.com": false, "redis://db.example.com": false,
	} {
		rdb, err := upstash.New(upstash.Options{URL: url, Token: "tell-nobody"})
		if (err == nil) != allowed {
			t.Errorf("%s: %v", url, err)
			continue
		}
		if err != nil {
			leaks(t, url, err.Error(), []string{"tell-nobody"})
			continue
		}
		ok(session.New[login](rdb, session.Options{Namespace: "n"}))(t)
	}
}

// TestS27WhatWasEndedIsNotReturned: behind a replica that lags, reads that
// promise it never return what was ended, by any of the ways to end it. The
// others may, for as long as the replica lags, and their documentation says so.
func TestS27WhatWasEndedIsNotReturned(t *testing.T) {
	t.Parallel()
	for way, end := range map[string]func(ctx context.Context, m *session.Manager[login], s *session.Session[login]) error{
		"Destroy": func(ctx context.Context, m *session.Manager[login], s *session.Session[login]) error {
			return m.Destroy(ctx, s.Token())
		},
		"DestroyByID": func(ctx context.Context, m *session.Manager[login], s *session.Session[login]) error {
			return m.DestroyByID(ctx, "u", s.ID)
		},
		"DestroyAll": func(ctx context.Context, m *session.Manager[login], _ *session.Session[login]) error {
			return m.DestroyAll(ctx, "u")
		},
		"DestroyOthers": func(ctx context.Context, m *session.Manager[login], _ *session.Session[login]) error {
			_, err := m.DestroyOthers(ctx, ok(m.Create(ctx, "u", jo))(t))
			return err
		},
		"Rotate": func(ctx context.Context, m *session.Manager[login], s *session.Session[login]) error {
			return errOf(m.Rotate(ctx, s, "u", nil))
		},
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			srv, m := newManager(t, session.Options{Throttle: time.Minute})
			s := ok(m.Create(ctx, "u", jo))(t)
			srv.Lag(1)
			noErr(t, end(ctx, m, s))
			reader := func(o session.Options) *session.Manager[login] {
				return managerOver[login](t, srv, strangerTo(t, srv), o)
			}
			throttled := session.Options{Throttle: time.Minute}
			noErr(t, errOf(reader(throttled).Peek(ctx, s.Token()))) // weak, and shows that the replica does lag
			for name, err := range map[string]error{
				"Get":                      errOf(reader(session.Options{}).Get(ctx, s.Token())),
				"GetStrong":                errOf(reader(throttled).GetStrong(ctx, s.Token())),
				"Get of whoever ended it":  errOf(m.Get(ctx, s.Token())),
				"Update":                   errOf(reader(throttled).Update(ctx, s, func(l *login) error { l.Visits++; return nil })),
				"Rotate":                   errOf(reader(throttled).Rotate(ctx, s, "u", nil)),
				"Peek of whoever ended it": errOf(m.Peek(ctx, s.Token())),
			} {
				if !session.SignedOut(err) {
					t.Errorf("%s: %v", name, err)
				}
			}
			srv.Replicate()
			if err := errOf(reader(throttled).Peek(ctx, s.Token())); !session.SignedOut(err) {
				t.Errorf("Peek after the lag: %v", err)
			}
		})
	}
}
