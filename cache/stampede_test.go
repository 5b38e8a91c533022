//go:build unix

package cache_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestStampedeOracle has real processes with eight goroutines each ask for one
// key at the same time, over a socket, and counts how often the source is asked:
// once, and once more for each process that dies while it loads.
//
// UPSTASH_LONG=1 runs all numbers of processes with both loaders.
func TestStampedeOracle(t *testing.T) {
	t.Parallel()
	many, loads := []int{1, 4}, []time.Duration{50 * time.Millisecond}
	if os.Getenv("UPSTASH_LONG") != "" {
		many, loads = []int{1, 4, 16}, []time.Duration{50 * time.Millisecond, 500 * time.Millisecond}
	}
	for _, n := range many {
		t.Run(fmt.Sprintf("%d processes", n), func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t)
			h := startHerd(t, srv, n)
			view := cache.Of[int](cacheOver(t, srv.Client(), cache.Options{}), herdView)
			for _, took := range loads {
				for name, prepare := range herdKeys {
					r := herdRound{Key: fmt.Sprintf("%s, %v", name, took), Took: took}
					noErr(t, prepare(t.Context(), view, r.Key))
					h.stampede(t, srv, r)
					var info cache.Info
					check(t, r.Key+": stored", newValue, ok(view.Get(t.Context(), r.Key, cache.Report(&info)))(t))
					check(t, r.Key+": its state", cache.Hit, info.State)
				}
			}
			if n > 1 {
				h.crash(t, srv, n/2, loads[0])
			}
		})
	}
}

const (
	goroutinesOfHerd   = 8
	oldValue, newValue = 1, 2
	// herdTimeout is for the loader, and long, so that a busy machine is no excuse.
	herdTimeout = time.Minute
)

var herdView = cache.ViewOptions{StaleWhileRevalidate: time.Hour, Tags: []string{"tag"}, EarlyRefresh: -1}

// herdKeys are the states of the key in which everybody comes.
var herdKeys = map[string]func(ctx context.Context, v *cache.View[int], key string) error{
	"nothing stored": func(context.Context, *cache.View[int], string) error { return nil },
	"a stale value": func(ctx context.Context, v *cache.View[int], key string) error {
		if err := v.Set(ctx, key, oldValue, cache.TTL(time.Millisecond)); err != nil {
			return err
		}
		<-time.After(2 * time.Millisecond) // the processes go by their own clocks
		return nil
	},
	"a deleted value": func(ctx context.Context, v *cache.View[int], key string) error {
		if err := v.Set(ctx, key, oldValue); err != nil {
			return err
		}
		return v.Delete(ctx, key)
	},
}

// stampede lets all processes go at once.
func (h *herd) stampede(t *testing.T, srv *upstashtest.Server, r herdRound) {
	t.Helper()
	srv.Reset()
	began := time.Now()
	for _, c := range h.children {
		c.tell(t, r)
	}
	loads, values := 0, []int{}
	for done := 0; done < len(h.children); {
		switch e := h.next(t); e.what {
		case "load":
			loads++
		case "done":
			done++
			values = append(values, e.values...)
		default:
			t.Fatalf("%s: a process said %q", r.Key, e.what)
		}
	}
	check(t, r.Key+": loads", 1, loads)
	check(t, r.Key+": calls", goroutinesOfHerd*len(h.children), len(values))
	stale := slices.Contains(values, oldValue)
	if stale && !strings.HasPrefix(r.Key, "a stale") || slices.ContainsFunc(values, func(v int) bool { return v != oldValue && v != newValue }) {
		t.Errorf("%s: values %v", r.Key, values)
	}
	h.bounded(t, srv, r, time.Since(began))
}

// bounded compares what the server counted with what GetOrLoad promises: each
// call looks, asks for the lease if it saw none, and looks at the end; and in
// each process one of them looks for all, after half of the time that a load
// takes (50ms as long as nobody knows) and then after twice the time each, less
// by up to half.
func (h *herd) bounded(t *testing.T, srv *upstashtest.Server, r herdRound, took time.Duration) {
	t.Helper()
	looks := 1
	for next, at := 25*time.Millisecond, time.Duration(0); at < took; next = min(2*next, 2*time.Second) {
		at += next / 2
		looks++
	}
	calls := goroutinesOfHerd * len(h.children)
	m, most := srv.Meter(), 4*calls+len(h.children)*looks+1
	if m.RoundTrips > most {
		t.Errorf("%s: %d round trips for %d calls, want at most %d", r.Key, m.RoundTrips, calls, most)
	}
	t.Logf("%s: %d round trips, %d commands for %d calls", r.Key, m.RoundTrips, m.Commands, calls)
}

// crash has some processes die while they load, one after the other, and lets
// all others go when the last one has.
func (h *herd) crash(t *testing.T, srv *upstashtest.Server, crashes int, took time.Duration) {
	t.Helper()
	r, loads := herdRound{Key: "crashes", Took: took, Dies: true}, 0
	for i := range crashes {
		if i > 0 {
			srv.Advance(herdTimeout + 5*time.Second) // the lease of the one before ends
		}
		c := h.children[0]
		h.children = h.children[1:]
		c.tell(t, r)
		for e := h.next(t); e.what != "gone"; e = h.next(t) {
			if e.what != "load" {
				t.Fatalf("a process that dies said %q", e.what)
			}
			loads++
		}
	}
	r.Dies = false
	for _, c := range h.children {
		c.tell(t, r)
	}
	// All of them find the lease of the last one, which ends only now.
	srv.Advance(herdTimeout + 5*time.Second)
	for done := 0; done < len(h.children); {
		switch e := h.next(t); e.what {
		case "load":
			loads++
		case "done":
			done++
			for _, v := range e.values {
				check(t, "value after the crashes", newValue, v)
			}
		}
	}
	check(t, "loads with "+strconv.Itoa(crashes)+" crashes", 1+crashes, loads)
}
