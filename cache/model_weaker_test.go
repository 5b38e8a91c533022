package cache_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// TestModelCatches shows that the same harness finds bad reads in weaker
// designs, which is what makes its silence in TestModel mean something.
func TestModelCatches(t *testing.T) {
	t.Parallel()
	moves, evicts := rates{tick: 0.2}, rates{tick: 0.2, evict: 0.05}
	for _, tt := range []struct {
		name   string
		rates  rates
		system system
	}{
		{"a set of keys for each tag, as in the seed", moves, seedSets},
		{"the same under eviction", evicts, seedSets},
		{"a set of keys for each tag, written with the entry", moves, weaker(design{members: true})},
		{"an instant for each tag, entries dated after the load", moves, weaker(design{stamp: instant})},
		{"an instant for each tag, entries dated before the load", evicts, weaker(design{stamp: instant, before: true})},
		{"a counter for each tag, read at the save", moves, weaker(design{stamp: counter})},
		{"a counter for each tag, read before the load", evicts, weaker(design{stamp: counter, before: true})},
		{"a random stamp for each tag, read at the save", moves, weaker(design{stamp: random})},
		{"a key that is deleted, without a lease", moves, weaker(design{stamp: random, before: true})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const most = 20_000
			for n := 50; ; n *= 4 {
				got := explore(t, n, tt.rates, tt.system)
				if len(got.bad) > 0 {
					t.Logf("%d bad of %d reads in %d schedules, for example: %s", len(got.bad), got.reads, n, got.bad[0])
					return
				}
				if n >= most {
					t.Fatalf("not caught in %d schedules, %d reads", n, got.reads)
				}
			}
		})
	}
}

// design is a cache without leases, whose steps are each atomic.
type design struct {
	members bool // a set of keys for each tag, and the invalidation deletes those
	stamp   stampKind
	before  bool // the stamps are read before the load, not at the save
}

type stampKind uint8

const (
	random stampKind = iota
	counter
	instant
)

func weaker(d design) system {
	return func(t *testing.T, w *world) []client {
		t.Helper()
		var clients []client
		for range 4 {
			clients = append(clients, &weakClient{design: d, process: w.newProcess()})
		}
		return clients
	}
}

type weakClient struct {
	design

	process *process
	made    int
}

// weakEntry is what it stores.
type weakEntry struct {
	version int
	stamps  map[string]string
	at      time.Time
}

func (c *weakClient) of() *process { return c.process }

func (c *weakClient) cacheOf() *cache.Cache { return nil }

// stamps are those of a key's tags, as they are now; a random one is made where
// there is none.
func (c *weakClient) stamps(key string) map[string]string {
	s, found := c.process.store, map[string]string{}
	for _, tag := range tagsOf[key] {
		if _, has := s.texts["t:"+tag]; !has && c.stamp == random {
			c.made++
			s.texts["t:"+tag] = text{value: fmt.Sprintf("%p%d", c, c.made)}
		}
		found[tag] = s.texts["t:"+tag].value
	}
	return found
}

func (c *weakClient) valid(key string, e weakEntry) bool {
	switch c.stamp {
	case instant:
		return !slices.ContainsFunc(tagsOf[key], func(tag string) bool {
			until, err := strconv.ParseInt(c.process.store.texts["t:"+tag].value, 10, 64)
			return err == nil && e.at.UnixNano() <= until
		})
	default:
		return c.members || maps.Equal(e.stamps, c.stamps(key))
	}
}

func (c *weakClient) read(ctx context.Context, key string) (version int, err error) {
	s, hit := c.process.store, false
	var e weakEntry
	if err := c.process.await(ctx, func() {
		if version, at, ok := parseWeak(s.texts["k:"+key].value); ok {
			e = weakEntry{version, s.stampsOf["k:"+key], at}
			hit = c.valid(key, e)
		}
		if !hit {
			e = weakEntry{0, c.stamps(key), time.Now()}
		}
	}); err != nil {
		return 0, err
	}
	if hit {
		return e.version, nil
	}
	if version, err = c.process.load(ctx, key); err != nil {
		return version, err
	}
	return version, c.process.await(ctx, func() {
		if !c.before {
			e = weakEntry{version, c.stamps(key), time.Now()}
		}
		s.texts["k:"+key] = text{value: fmt.Sprintf("%d %d", version, e.at.UnixNano())}
		s.stampsOf["k:"+key] = e.stamps
		if c.members {
			for _, tag := range tagsOf[key] {
				s.do(saddArgs("t:"+tag, "k:"+key))
			}
		}
	})
}

func parseWeak(s string) (version int, at time.Time, ok bool) {
	var ns int64
	if _, err := fmt.Sscanf(s, "%d %d", &version, &ns); err != nil {
		return 0, at, false
	}
	return version, time.Unix(0, ns), true
}

func (c *weakClient) invalidate(ctx context.Context, tag string) error {
	s, key := c.process.store, "t:"+tag
	return c.process.await(ctx, func() {
		switch {
		case c.members:
			s.del(append(slices.Collect(maps.Keys(s.sets[key])), key))
		case c.stamp == instant:
			s.texts[key] = text{value: strconv.FormatInt(time.Now().UnixNano(), 10)}
		case c.stamp == counter:
			n, _ := strconv.Atoi(s.texts[key].value) // absent is 0
			s.texts[key] = text{value: strconv.Itoa(n + 1)}
		default:
			s.del([]string{key})
		}
	})
}

func (c *weakClient) remove(ctx context.Context, key string) error {
	return c.process.await(ctx, func() { c.process.store.del([]string{"k:" + key}) })
}
