package cache_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// TestModel drives the shipped package through random schedules and looks for
// bad reads: a read that returns a version of the source older than a change
// whose Invalidate or Delete had finished before the read began.
//
// UPSTASH_LONG=1 runs the long form: 1,050,000 schedules in all.
func TestModel(t *testing.T) {
	t.Parallel()
	for _, way := range slices.Sorted(maps.Keys(ways)) {
		for name, r := range troubles {
			t.Run(way+", "+name, func(t *testing.T) {
				t.Parallel()
				n, r := schedules(t), r
				r.trust = ways[way].options.Trust
				got := explore(t, n, r, shipped(way, nil))
				t.Logf("%d schedules, %d reads, %d bad", n, got.reads, len(got.bad))
				if len(got.bad) > 0 {
					t.Errorf("a bad read: %s", got.bad[0])
				}
			})
		}
	}
}

// troubles are what may go wrong without breaking the promise.
var troubles = map[string]rates{
	"calm":                                {tick: 0.1},
	"eviction, and replies that are late": {evict: 0.05, slow: 0.2, tick: 0.1},
	"failures, requests that arrive twice, crashes, callers who give up": {
		evict: 0.02, drop: 0.02, lose: 0.02, twice: 0.02, crash: 0.01, cancel: 0.1, fail: 0.1, slow: 0.05, tick: 0.1,
	},
	"everybody after one key, and replies that are late": {oneKey: true, lose: 0.01, slow: 0.2, tick: 0.1},
	"a server without conditional forms":                 {evict: 0.02, lose: 0.02, tick: 0.1, portable: true},
}

// TestModelOfReplicas measures what a database with replicas that lag behind
// adds: bad reads for as long as they lag, and none with the sync token of the
// invalidation, which is what Fresh sends.
func TestModelOfReplicas(t *testing.T) {
	t.Parallel()
	const lag = 40 * time.Millisecond
	n := 500 + schedules(t)/10
	for _, way := range slices.Sorted(maps.Keys(ways)) {
		if ways[way].options.Trust > 0 {
			continue // it adds bad reads of its own
		}
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			r := rates{tick: 0.2, lag: lag}
			late := explore(t, n, r, shipped(way, nil))
			r.fresh = true
			fresh := explore(t, n, r, shipped(way, nil))
			t.Logf("%d reads, %d bad, at most %v after the invalidation; with its sync token %d of %d",
				late.reads, len(late.bad), late.after, len(fresh.bad), fresh.reads)
			if way == "plain" && len(late.bad) == 0 || late.after > lag {
				t.Errorf("%d bad reads, at most %v after the invalidation: expected some, and none after %v", len(late.bad), late.after, lag)
			}
			if len(fresh.bad) > 0 {
				t.Errorf("a bad read in spite of the sync token: %s", fresh.bad[0])
			}
		})
	}
}

// schedules are those of each row, of which there are 30. UPSTASH_SCHEDULES says
// how many by number.
func schedules(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("UPSTASH_SCHEDULES"))
	switch {
	case err == nil:
		return n
	case os.Getenv("UPSTASH_LONG") != "":
		return 35_000
	}
	return 200
}

// result is what came of many schedules.
type result struct {
	reads int
	bad   []string
	after time.Duration // the longest time between an announcement and a bad read
}

// explore runs n schedules, each with its own number and the test's name as seed.
func explore(t *testing.T, n int, r rates, s system) (sum result) {
	t.Helper()
	name := fnv.New64a()
	_, _ = name.Write([]byte(t.Name())) // a hash does not fail
	synctest.Test(t, func(t *testing.T) {
		for seed := range n {
			w := newWorld(dice{rand.New(rand.NewPCG(uint64(seed), name.Sum64()))}, r)
			w.start(t, s)
			w.run()
			w.tend(t)
			if len(w.bad) > 0 {
				sum.bad = append(sum.bad, fmt.Sprintf("schedule %d: %s", seed, w.bad[0]))
			}
			sum.reads += w.reads
			sum.after = max(sum.after, w.late)
		}
		time.Sleep(2 * time.Minute) // bubble: what still waits behind a client ends by its timeout
	})
	return sum
}

// dice is luck from a seed.
type dice struct{ rng *rand.Rand }

func (d dice) pick(n int) int        { return d.rng.IntN(n) }
func (d dice) chance(p float64) bool { return p > 0 && d.rng.Float64() < p }

// client is a cache as one goroutine uses it.
type client interface {
	read(ctx context.Context, key string) (int, error)
	invalidate(ctx context.Context, tag string) error
	remove(ctx context.Context, key string) error
	of() *process
	cacheOf() *cache.Cache // nil for what is not this package
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
	clients := s(t, w)
	w.alive = len(clients)
	for i, c := range clients {
		seed := uint64(w.luck.pick(1 << 30))
		go func() {
			w.live(context.WithValue(t.Context(), clientKey{}, i), c, dice{rand.New(rand.NewPCG(seed, 2))})
			w.mu.Lock()
			w.alive--
			w.mu.Unlock()
		}()
	}
}

// live is what one client does: mostly reads, and changes that it announces.
func (w *world) live(ctx context.Context, c client, d dice) {
	pick := func(list ...string) string {
		if w.rates.oneKey {
			return list[0]
		}
		return list[d.pick(len(list))]
	}
	for range turnsPerClient {
		switch luck := d.rng.Float64(); {
		case luck < 0.6:
			w.read(ctx, c, pick("a", "b", "c"), d.chance(w.rates.cancel))
		case luck < 0.8:
			tag := pick("red", "blue", "all")
			w.change(ctx, c, keysOf[tag], func() error { return c.invalidate(ctx, tag) })
		default:
			key := pick("a", "b", "c")
			w.change(ctx, c, []string{key}, func() error { return c.remove(ctx, key) })
		}
	}
}

// change commits new versions to the source, then announces them.
func (w *world) change(ctx context.Context, c client, keys []string, announce func() error) {
	committed := map[string]int{}
	if w.await(ctx, func() {
		for _, key := range keys {
			w.source[key]++
			committed[key] = w.source[key]
		}
	}) != nil || announce() != nil || c.of().crashed {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.announced = max(w.announced, c.of().seen)
	for key, version := range committed {
		w.announce(key, announced{version, time.Now(), c.of().number})
	}
}

func (w *world) read(ctx context.Context, c client, key string, givesUp bool) {
	w.mu.Lock()
	floor, began := w.floorFor(c.of(), key), time.Now()
	if w.rates.fresh {
		c.of().seen = max(c.of().seen, w.announced)
	}
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
	case c.of().crashed, errors.Is(err, context.Canceled), errors.Is(err, cache.ErrLoadTimeout), errors.Is(err, errFault):
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
	if version < floor.version {
		w.late = max(w.late, began.Sub(floor.at))
		w.bad = append(w.bad, fmt.Sprintf("read of %s returned version %d although version %d was announced before", key, version, floor.version))
	}
}

// absent tells the versions in which the source has no such thing.
func absent(version int) bool { return version%5 == 3 }

// load reads the source, as one turn.
func (p *process) load(ctx context.Context, key string) (version int, err error) {
	fails := false
	if err := p.await(ctx, func() { version, fails = p.source[key], p.luck.chance(p.rates.fail) }); err != nil {
		return 0, err
	}
	if p.hears {
		p.hear(version, fails)
	}
	if p.crashed || fails {
		return 0, errFault
	}
	if absent(version) {
		return 0, cache.ErrNotFound
	}
	return version, nil
}
