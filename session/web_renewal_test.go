package session_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// flaky loses the replies to some commands that were done.
type flaky struct {
	upstash.Doer

	mu  sync.Mutex
	rng *rand.Rand // nil: none
}

func (f *flaky) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	replies, err := f.Doer.Do(ctx, b)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.rng != nil && f.rng.IntN(5) == 0 {
		return nil, errors.New("the reply was lost")
	}
	return replies, err
}

// due signs somebody in and lets time pass until the session is due for
// renewal.
func due(t *testing.T, s *shop, b *sessiontest.Browser) (token string) {
	t.Helper()
	b.Do(get(t, "/login"))
	for range 3 {
		s.srv.Advance(20 * time.Minute)
		ok(s.m.Get(t.Context(), session.Token(b.Cookie(hostID))))(t)
	}
	return b.Cookie(hostID)
}

// TestAHundredRequestsAcrossARenewal: 100 requests come together when a renewal
// is due, and 20 % of the answers do not reach the browser; in the second form
// those of the store do not reach the program either. Nobody is signed out, and
// all new cookies are one and the same.
func TestAHundredRequestsAcrossARenewal(t *testing.T) {
	t.Parallel()
	for name, lossy := range map[string]bool{"answers are lost": false, "replies of the store are lost too": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(steps(10, 300)) {
				rng := rand.New(rand.NewPCG(seed, 5))
				srv := newServer(t)
				d := &flaky{Doer: srv.Client()}
				s := shopOver(t, srv, d, session.Options{}, session.WebOptions{})
				b := s.pages(s.usual())
				old := due(t, s, b)
				if lossy {
					d.mu.Lock()
					d.rng = rng
					d.mu.Unlock()
				}
				answers := make([]*sessiontest.Answer, 100)
				var all sync.WaitGroup
				for i := range answers {
					all.Go(func() { answers[i] = b.Start(get(t, "/me")) })
				}
				all.Wait()
				d.mu.Lock()
				d.rng = nil
				d.mu.Unlock()
				tokens, arrived := map[string]bool{}, 0
				for _, res := range answers {
					if res.Status != http.StatusOK && (!lossy || res.Status != http.StatusServiceUnavailable) {
						t.Fatalf("status %d", res.Status)
					}
					for _, c := range res.Cookies() {
						tokens[c.Value] = true
					}
					if rng.IntN(5) > 0 {
						b.Finish(res)
						arrived += len(res.Cookies())
					}
				}
				if len(tokens) != 1 || tokens[old] || tokens[""] {
					t.Fatalf("seed %d: %d new cookies, want 1", seed, len(tokens))
				}
				if arrived == 0 {
					t.Fatalf("seed %d: no new cookie arrived", seed)
				}
				if res := b.Do(get(t, "/me")); res.Status != http.StatusOK || !tokens[b.Cookie(hostID)] {
					t.Fatalf("seed %d: status %d", seed, res.Status)
				}
				check(t, "sessions", 1, ok(s.m.Count(t.Context(), "u"))(t))
			}
		})
	}
}

// TestEveryAnswerOfARenewalIsLost: the next request within the grace gets the
// cookie again; after the grace the old one is worth nothing.
func TestEveryAnswerOfARenewalIsLost(t *testing.T) {
	t.Parallel()
	var events []session.Event
	s := newShop(t, session.Options{OnEvent: func(_ context.Context, e session.Event) { events = append(events, e) }}, session.WebOptions{})
	b := s.pages(s.usual())
	old := due(t, s, b)
	lost := b.Start(get(t, "/me")).Cookies()[0].Value
	s.srv.Advance(grace - time.Millisecond)
	b.Do(get(t, "/me"))
	check(t, "the same cookie", true, lost == b.Cookie(hostID) && lost != old)
	s.srv.Advance(time.Millisecond)
	check(t, "the new one", 200, b.Do(get(t, "/me")).Status)
	events = nil
	b.SetCookie(hostID, old)
	res := b.Do(get(t, "/me"))
	check(t, "the old one", 401, res.Status)
	check(t, "cookies", 0, len(res.Cookies()))
	check(t, "events", 1, len(events))
	check(t, "event", session.Reused, events[0].Kind)
}

// TestWhatRenewsNothing: requests whose answer may carry no cookie, or which are
// no use, and sessions that are not due.
func TestWhatRenewsNothing(t *testing.T) {
	t.Parallel()
	polling := func(r *http.Request) bool { return r.URL.Path == "/poll" }
	for name, o := range map[string]session.WebOptions{"never": {Renew: -1}, "later": {Renew: 2 * time.Hour}, "by default": {SkipTouch: polling}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, session.Options{}, o)
			pages := s.usual()
			pages["/poll"] = s.me
			pages["/late"] = func(ctx context.Context, w http.ResponseWriter) {
				w.WriteHeader(http.StatusOK)
				s.me(ctx, w)
			}
			b := s.pages(pages)
			token := due(t, s, b)
			upgrade := get(t, "/me")
			upgrade.Header.Set("Connection", "Upgrade")
			upgrade.Header.Set("Upgrade", "websocket")
			requests := []*http.Request{upgrade, get(t, "/poll"), get(t, "/late"), get(t, "/free")}
			if o.SkipTouch == nil {
				requests = []*http.Request{get(t, "/me"), get(t, "/visit")}
			}
			for _, r := range requests {
				res := b.Do(r)
				check(t, r.URL.Path, []any{200, 0}, []any{res.Status, len(res.Cookies())})
			}
			check(t, "the cookie", true, token == b.Cookie(hostID))
		})
	}
}

// TestARenewalThatFails is put off: the session is there.
func TestARenewalThatFails(t *testing.T) {
	t.Parallel()
	for name, inject := range map[string]func(*upstashtest.Exchange){"lost": upstashtest.DropBefore, "done": upstashtest.ExecuteThenDrop} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, session.Options{}, session.WebOptions{})
			b := s.pages(s.usual())
			old := due(t, s, b)
			s.srv.Intercept(upstashtest.On("EVALSHA", inject))
			res := b.Do(get(t, "/me"))
			check(t, "status, cookies", []any{200, 0}, []any{res.Status, len(res.Cookies())})
			b.Do(get(t, "/me"))
			check(t, "renewed the next time", true, b.Cookie(hostID) != old)
			check(t, "status", 200, b.Do(get(t, "/me")).Status)
		})
	}
}

// TestPollingDoesNotKeepASession: SkipTouch.
func TestPollingDoesNotKeepASession(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{SkipTouch: func(r *http.Request) bool { return r.URL.Path == "/poll" }})
	pages := s.usual()
	pages["/poll"] = s.me
	b := s.pages(pages)
	b.Do(get(t, "/login"))
	for range 29 {
		s.srv.Advance(time.Minute)
		check(t, "polling", 200, b.Do(get(t, "/poll")).Status)
	}
	s.srv.Advance(time.Minute)
	check(t, "after the idle time", 401, b.Do(get(t, "/poll")).Status)
}

// TestACookieYoungerThanAReplica: a read that finds nothing asks again where no
// replica answers.
func TestACookieYoungerThanAReplica(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{Throttle: time.Minute}, session.WebOptions{SkipTouch: func(r *http.Request) bool { return r.URL.Path == "/poll" }})
	pages := s.usual()
	pages["/poll"] = s.me
	b := s.pages(pages)
	b.Do(get(t, "/login"))
	for _, path := range []string{"/me", "/poll"} {
		s.srv.Intercept(upstashtest.On("HMGET", func(x *upstashtest.Exchange) {
			x.Answer(http.StatusOK, nil, `{"result":[null,null,null,null,null]}`)
		}))
		check(t, path, 200, b.Do(get(t, path)).Status)
	}
}
