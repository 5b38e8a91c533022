package ratelimit_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// costs are billed commands, in one round trip each, as the package
// documentation has them.
var costs = []struct {
	name                    string
	limit                   ratelimit.Algorithm
	mode                    ratelimit.Mode
	first, granted, refused int
	peek, refund            int
}{
	{"GCRA", ratelimit.GCRA(2, time.Minute), ratelimit.Strict, 3, 3, 2, 2, 3},
	{"SlidingLog", ratelimit.SlidingLog(2, time.Minute), ratelimit.Strict, 3, 3, 2, 2, 3},
	{"FixedWindow", ratelimit.FixedWindow(2, time.Minute), ratelimit.Strict, 3, 2, 3, 2, 3},
	{"SlidingWindow", ratelimit.SlidingWindow(2, time.Minute), ratelimit.Strict, 4, 3, 2, 2, 3},
	{"TokenBucket", ratelimit.TokenBucket(2, 1, time.Minute), ratelimit.Strict, 4, 4, 2, 2, 4},
	{"Compat FixedWindow", ratelimit.FixedWindow(2, time.Minute), ratelimit.Compat, 3, 2, 2, 2, 2},
	{"Compat SlidingWindow", ratelimit.SlidingWindow(2, time.Minute), ratelimit.Compat, 4, 3, 2, 2, 3},
	{"Compat TokenBucket", ratelimit.TokenBucket(2, 1, time.Minute), ratelimit.Compat, 4, 4, 2, 2, 4},
}

func TestCost(t *testing.T) {
	t.Parallel()
	for _, c := range costs {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv, now := newServer(t)
			l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: c.limit, Mode: c.mode})
			ask := func(want bool) func() {
				return func() { check(t, "granted", want, ok(l.Allow(t.Context(), "u"))(t).Allowed) }
			}
			cost := func(trips, commands int, f func()) {
				t.Helper()
				upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: trips, Commands: commands}, f)
			}
			cost(2, 1+c.first, ask(true)) // cold: the unknown hash is billed, too
			cost(1, c.granted, ask(true))
			cost(1, c.refused, ask(false))
			cost(0, 0, ask(false)) // the block cache
			cost(1, c.peek, func() { ok(l.Peek(t.Context(), "u"))(t) })
			cost(1, c.refund, func() { ok(l.Refund(t.Context(), "u", 1))(t) })
			if c.mode == ratelimit.Strict || c.name == "Compat TokenBucket" {
				cost(1, 1, func() { noErr(t, l.Reset(t.Context(), "u")) })
			}
		})
	}
}

// TestCostOfOptions: each adds one billed command and no round trip.
func TestCostOfOptions(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]ratelimit.Options{
		"server clock":  {ServerClock: true},
		"dynamic limit": {DynamicLimit: true},
		"deny list":     {DenyList: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, now := newServer(t)
			o.Limit = ratelimit.GCRA(10, time.Minute)
			l := newLimiter(t, srv.Client(), now, o)
			ok(l.Allow(t.Context(), "u"))(t)
			upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 4}, func() {
				ok(l.Allow(t.Context(), "u"))(t)
			})
		})
	}
}

// TestCostOfAnalytics: counts travel with the next decision.
func TestCostOfAnalytics(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(2, time.Minute), Analytics: true})
	allow := func() { ok(l.Allow(t.Context(), "u"))(t) }
	allow() // cold
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 3 + 2}, allow)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 2 + 2}, allow) // refused
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() {
		for range 50 {
			allow()
		}
	})
	// One member for what was granted, sent before; 51 of another wait.
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 2}, func() { noErr(t, l.Flush(t.Context())) })
	scores := ok(srv.Client().ZRangeWithScores(t.Context(), "@upstash/ratelimit:events:1699999200000", 0, -1))(t)
	got := map[string]float64{}
	for _, s := range scores {
		got[s.Member] = s.Score
	}
	check(t, "counts", map[string]float64{
		`{"identifier":"u","success":true}`: 2, `{"identifier":"u","success":false}`: 51,
	}, got)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() { noErr(t, l.Flush(t.Context())) })
}

// TestScriptFlush: one more round trip, once.
func TestScriptFlush(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute)})
	allow := func() { ok(l.Allow(t.Context(), "u"))(t) }
	allow()
	ok(srv.Client().Raw(t.Context(), "SCRIPT", "FLUSH"))(t)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 2, Commands: 4}, allow)
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 3}, allow)
}

// TestCostTable compares the table of the package documentation with costs,
// which TestCost measures.
func TestCostTable(t *testing.T) {
	t.Parallel()
	want := [][]string{{"billed commands", "first", "granted", "refused", "known", "Peek", "Refund", "Reset"}}
	for _, c := range costs {
		row := []string{c.name}
		for _, n := range []int{c.first, c.granted, c.refused, 0, c.peek, c.refund} {
			row = append(row, strconv.Itoa(n))
		}
		reset := "1"
		if c.mode == ratelimit.Compat && c.name != "Compat TokenBucket" {
			reset = "scans"
		}
		want = append(want, append(row, reset))
	}
	check(t, "documented costs", want, documentedTable(t, "billed commands"))
}

// TestCostIsNoMore than what @upstash/ratelimit is billed for the same, as its
// script has it; of the window that gives back what it does not grant, a refusal
// costs one more.
func TestCostIsNoMore(t *testing.T) {
	t.Parallel()
	theirs := map[string][3]int{ // the first, granted, refused
		"FixedWindow": {3, 2, 2 + 1}, "SlidingWindow": {5, 4, 3}, "TokenBucket": {4, 4, 2},
		"GCRA": {4, 4, 3}, "SlidingLog": {4, 4, 4}, // redis_rate, and the recipe of four commands
	}
	for _, c := range costs {
		most := theirs[strings.TrimPrefix(c.name, "Compat ")]
		if c.first > most[0] || c.granted > most[1] || c.refused > most[2] {
			t.Errorf("%s: %d, %d and %d billed commands; elsewhere %v", c.name, c.first, c.granted, c.refused, most)
		}
	}
}

// TestWrongType: a key that holds something else is a failure of the store,
// which shows neither the key nor the value.
func TestWrongType(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	ok(srv.Client().RPush(t.Context(), "@upstash/ratelimit:secret:gcra", "hidden"))(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute)})
	check(t, "reason", ratelimit.Failed, ok(l.Allow(t.Context(), "secret"))(t).Reason)
	_, err := l.Peek(t.Context(), "secret")
	var e *upstash.Error
	if !asError(err, &e) || e.Code != "WRONGTYPE" {
		t.Errorf("Peek: %v", err)
	}
}
