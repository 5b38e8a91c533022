package httplimit_test

import (
	"context"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestRetryAfterIsTrue has a client obey a real limiter: what it is told to wait
// is enough.
func TestRetryAfterIsTrue(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]ratelimit.Algorithm{
		"fixed window":   ratelimit.FixedWindow(5, 7*time.Second),
		"sliding window": ratelimit.SlidingWindow(5, 7*time.Second),
		"token bucket":   ratelimit.TokenBucket(5, 2, 3*time.Second),
		"GCRA":           ratelimit.GCRA(5, 7*time.Second),
		"sliding log":    ratelimit.SlidingLog(5, 7*time.Second),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var passed atomic.Int64 // nanoseconds
			passed.Store(int64(400 * time.Millisecond))
			clock := func() time.Time { return start.Add(time.Duration(passed.Load())) }
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: clock})
			l, err := ratelimit.New(srv.Client(), ratelimit.Options{Limit: limit, Clock: clock, Budget: -1})
			if err != nil {
				t.Fatal(err)
			}
			h := limited(t, l, httplimit.Options{Now: clock}, nil)

			for rejected := 0; rejected < 20; {
				w := serve(h, request(t, "/"))
				if w.Code == http.StatusOK {
					continue
				}
				rejected++
				seconds, err := strconv.Atoi(w.Header().Get("Retry-After"))
				if err != nil || seconds < 1 || seconds > 14 || w.Code != http.StatusTooManyRequests {
					t.Fatalf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
				}
				passed.Add(int64(seconds) * int64(time.Second))
				if w := serve(h, request(t, "/")); w.Code != http.StatusOK {
					t.Fatalf("rejected %ds later, as it was told, with status %d", seconds, w.Code)
				}
			}
		})
	}
}

// TestVisitor: what is on a deny list is refused whatever the key is, and counted
// by analytics for where it comes from.
func TestVisitor(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: now})
	l, err := ratelimit.New(srv.Client(), ratelimit.Options{
		Limit: ratelimit.GCRA(10, time.Minute), Name: "api", Clock: now, Budget: -1,
		DenyList: true, DenyPrefixes: []netip.Prefix{netip.MustParsePrefix("203.0.113.128/25")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Deny(t.Context(), "BadBot"); err != nil {
		t.Fatal(err)
	}
	visitor := func(r *http.Request) ratelimit.Visitor {
		return ratelimit.Visitor{IP: clientip.Peer().Find(r).Addr.String(), UserAgent: r.UserAgent()}
	}
	key := httplimit.ByAddressAndPath(clientip.Peer())
	told, bare := limited(t, l, httplimit.Options{Key: key, Visitor: visitor}, nil), limited(t, l, httplimit.Options{Key: key}, nil)
	for _, tt := range []struct {
		peer, agent string
		want        int
	}{
		{"203.0.113.7:5000", "curl", http.StatusOK},
		{"203.0.113.7:5000", "BadBot", http.StatusTooManyRequests},
		{"203.0.113.200:5000", "curl", http.StatusTooManyRequests},
	} {
		r := request(t, "/login", "User-Agent", tt.agent)
		r.RemoteAddr = tt.peer
		w := serve(told, r)
		if w.Code != tt.want || w.Header().Get("Retry-After") != "" {
			t.Errorf("%+v: status %d, Retry-After %q", tt, w.Code, w.Header().Get("Retry-After"))
		}
		if tt.want != http.StatusOK && !strings.Contains(w.Body.String(), "abnormal-usage-detected") {
			t.Errorf("%+v: %s", tt, w.Body)
		}
		if w := serve(bare, r); w.Code != http.StatusOK {
			t.Errorf("%+v: status %d without a visitor", tt, w.Code)
		}
	}
	// A limiter that is chosen for the request and knows only keys is asked by key.
	chosen := perMinute("plan", 5)
	h := limited(t, l, httplimit.Options{Visitor: visitor, Limiter: func(*http.Request) httplimit.Limiter { return chosen }}, nil)
	if w := serve(h, request(t, "/", "User-Agent", "BadBot")); w.Code != http.StatusOK || len(chosen.calls) != 1 {
		t.Errorf("status %d, %v", w.Code, chosen.calls)
	}
}

// TestRealLimiterRefusals gives what a limiter says besides yes and no.
func TestRealLimiterRefusals(t *testing.T) {
	t.Parallel()
	gone := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
		return nil, context.DeadlineExceeded
	})
	for _, tt := range []struct {
		name string
		l    ratelimit.Options
		o    httplimit.Options
		want int
	}{
		{"closed", ratelimit.Options{}, httplimit.Options{FailOpen: true}, http.StatusServiceUnavailable},
		{"open", ratelimit.Options{OnFailure: ratelimit.FailOpen}, httplimit.Options{}, http.StatusOK},
		{"local", ratelimit.Options{OnFailure: ratelimit.FailLocal}, httplimit.Options{}, http.StatusOK},
		{
			"a cost above the limit", ratelimit.Options{},
			httplimit.Options{FailOpen: true, Cost: func(*http.Request) int64 { return 6 }},
			http.StatusTooManyRequests,
		},
		{
			"a reserved key", ratelimit.Options{},
			httplimit.Options{FailOpen: true, Key: func(*http.Request) string { return "events:1" }},
			http.StatusServiceUnavailable,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.l.Limit = ratelimit.GCRA(5, time.Minute)
			l, err := ratelimit.New(gone, tt.l)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, serve(limited(t, l, tt.o, nil), request(t, "/")).Code); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
