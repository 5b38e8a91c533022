package cache_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// TestModel drives the shipped package through random schedules and looks for
// bad reads: a read that returns a version of the source older than a change
// whose Invalidate or Delete had finished before the read began.
//
// UPSTASH_LONG=1 runs the long form: 200,000 schedules and more of each kind.
func TestModel(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		rates rates
	}{
		{"calm", rates{}},
		{"eviction", rates{evict: 0.05}},
		{"eviction, failures, callers that give up", rates{evict: 0.05, drop: 0.02, lose: 0.02, cancel: 0.1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := schedules()
			reads, bad := explore(t, n, tt.rates, shipped(nil))
			t.Logf("%d schedules, %d reads, %d bad", n, reads, len(bad))
			if len(bad) > 0 {
				t.Errorf("a bad read: %s", bad[0])
			}
		})
	}
}

// TestModelCatches shows that the same harness finds bad reads in weaker
// designs, which is what makes its silence above mean something.
func TestModelCatches(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		rates  rates
		system system
	}{
		{"stamps read after the load", rates{}, shipped(func(w *world, c *cache.Cache, d upstash.Doer) upstash.Doer { return lateStamps{d} })},
		{"counters instead of random stamps", rates{}, shipped(func(w *world, c *cache.Cache, d upstash.Doer) upstash.Doer {
			n := 0
			c.SetStamps(func() string { n++; return strconv.Itoa(n) })
			return d
		})},
		{"fill without its condition", rates{}, shipped(func(w *world, c *cache.Cache, d upstash.Doer) upstash.Doer { return bareFill{d} })},
		{"the seed's sets", rates{}, seedSets},
		{"the seed's sets under eviction", rates{evict: 0.05}, seedSets},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const most = 20_000
			for n := 50; ; n *= 4 {
				reads, bad := explore(t, n, tt.rates, tt.system)
				if len(bad) > 0 {
					t.Logf("%d bad of %d reads in %d schedules, for example: %s", len(bad), reads, n, bad[0])
					return
				}
				if n >= most {
					t.Fatalf("not caught in %d schedules, %d reads", n, reads)
				}
			}
		})
	}
}

func schedules() int {
	switch {
	case os.Getenv("UPSTASH_LONG") != "":
		return 200_000
	case testing.Short():
		return 500
	}
	return 3_000
}

// explore runs n schedules, each with its own number as seed.
func explore(t *testing.T, n int, r rates, s system) (reads int, bad []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		for seed := range n {
			w := newWorld(uint64(seed), r)
			w.start(t, s)
			w.run()
			if len(w.bad) > 0 {
				bad = append(bad, fmt.Sprintf("schedule %d: %s", seed, w.bad[0]))
			}
			reads += w.reads
		}
	})
	return reads, bad
}

// client is a cache as one goroutine uses it.
type client interface {
	read(ctx context.Context, key string) (int, error)
	invalidate(ctx context.Context, tag string) error
	remove(ctx context.Context, key string) error
}

// system makes the clients of a world: one for each goroutine, where some share
// a process.
type system func(t *testing.T, w *world) []client

// tagsOf is the little world's catalog.
var tagsOf = map[string][]string{
	"a": {"red", "all"},
	"b": {"blue", "all"},
	"c": nil,
}

var keysOf = map[string][]string{"red": {"a"}, "blue": {"b"}, "all": {"a", "b"}}

const turnsPerClient = 5

func (w *world) start(t *testing.T, s system) {
	t.Helper()
	for i, c := range s(t, w) {
		seed := w.rng.Uint64()
		go w.live(context.WithValue(t.Context(), clientKey{}, i), c, seed)
	}
}

// live is what one client does: mostly reads, and changes that it announces.
func (w *world) live(ctx context.Context, c client, seed uint64) {
	rng := newWorld(seed, rates{}).rng
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	for range turnsPerClient {
		switch luck := rng.Float64(); {
		case luck < 0.6:
			w.read(ctx, c, pick("a", "b", "c"), rng.Float64() < w.rates.cancel)
		case luck < 0.8:
			tag := pick("red", "blue", "all")
			w.change(ctx, keysOf[tag], func() error { return c.invalidate(ctx, tag) })
		default:
			key := pick("a", "b", "c")
			w.change(ctx, []string{key}, func() error { return c.remove(ctx, key) })
		}
	}
}

// change commits new versions to the source, then announces them.
func (w *world) change(ctx context.Context, keys []string, announce func() error) {
	committed := map[string]int{}
	if w.await(ctx, func() {
		for _, key := range keys {
			w.source[key]++
			committed[key] = w.source[key]
		}
	}) != nil || announce() != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, version := range committed {
		w.floor[key] = max(w.floor[key], version)
	}
}

func (w *world) read(ctx context.Context, c client, key string, givesUp bool) {
	w.mu.Lock()
	floor := w.floor[key]
	w.mu.Unlock()
	if givesUp {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		// The end of the context is a turn like any other.
		go func() { _ = w.await(context.WithValue(context.WithoutCancel(ctx), clientKey{}, -1), cancel) }()
	}
	version, err := c.read(ctx, key)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case errors.Is(err, context.Canceled):
		return
	case errors.Is(err, cache.ErrNotFound):
		// The newest version that the answer can stand for.
		for version = w.source[key]; version > 0 && !absent(version); version-- {
		}
		if !absent(version) {
			version = -1
		}
	case err != nil:
		w.bad = append(w.bad, fmt.Sprintf("read of %s failed: %v", key, err))
		return
	}
	w.reads++
	if version < floor {
		w.bad = append(w.bad, fmt.Sprintf("read of %s returned version %d although version %d was announced before", key, version, floor))
	}
}

// absent tells the versions in which the source has no such thing.
func absent(version int) bool { return version%5 == 3 }

// load reads the source, as one turn.
func (w *world) load(ctx context.Context, key string) (version int, err error) {
	if err := w.await(ctx, func() { version = w.source[key] }); err != nil {
		return 0, err
	}
	if absent(version) {
		return 0, cache.ErrNotFound
	}
	return version, nil
}
