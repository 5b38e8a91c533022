package httplimit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
)

// start is what the clocks of these tests show.
var start = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func now() time.Time { return start }

type call struct {
	Key string
	N   int64
}

// window grants limit units to each key, in a window that ends 30.5 s after
// start and is never over.
type window struct {
	policy ratelimit.Policy

	mu    sync.Mutex
	calls []call
	used  map[string]int64
}

func perMinute(name string, limit int64) *window {
	return &window{policy: ratelimit.Policy{Name: name, Limit: limit, Window: time.Minute}, used: map[string]int64{}}
}

func (l *window) AllowN(_ context.Context, key string, n int64) (ratelimit.Result, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, call{key, n})
	r := ratelimit.Result{Limit: l.policy.Limit, ResetAt: start.Add(30500 * time.Millisecond), Policy: l.policy}
	if l.used[key]+n <= l.policy.Limit {
		r.Allowed = true
		l.used[key] += n
	} else {
		r.RetryAt = r.ResetAt
	}
	r.Remaining = l.policy.Limit - l.used[key]
	return r, nil
}

// answers is a limiter that always says the same.
type answers struct {
	result ratelimit.Result
	err    error
}

func (l answers) AllowN(context.Context, string, int64) (ratelimit.Result, error) {
	return l.result, l.err
}

// limited returns a handler behind a limit; without one of its own it answers 200.
func limited(t *testing.T, l httplimit.Limiter, o httplimit.Options, next http.Handler) http.Handler {
	t.Helper()
	if o.Now == nil {
		o.Now = now
	}
	m, err := httplimit.New(l, o)
	if err != nil {
		t.Fatal(err)
	}
	if next == nil {
		next = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	}
	return m.Handler(next)
}

// request is a GET from 203.0.113.7, with header fields given as name, value, ...
func request(t *testing.T, target string, fields ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
	r.RemoteAddr = "203.0.113.7:5000"
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	return r
}

func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
