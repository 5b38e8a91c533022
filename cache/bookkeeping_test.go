package cache_test

import (
	"context"
	"errors"
	"os"
	"runtime"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestBookkeepingOracle sets entries of 100 tags that expire, again and again,
// and counts what is left of them: the stamps. The seed's sets keep every key.
//
// UPSTASH_LONG=1 makes a million of them.
func TestBookkeepingOracle(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	const tags, batch = 100, 1000
	cycles := 10_000
	if os.Getenv("UPSTASH_LONG") != "" {
		cycles = 1_000_000
	}
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{TTL: time.Minute, TagsOf: func(key string) []string {
		i, _ := strconv.Atoi(key)
		return []string{tagNames(tags)[i%tags]}
	}})
	var first, heap uint64
	for begin := 0; begin < cycles; begin += batch {
		values := make(map[string]int, batch)
		for i := range batch { // the engine remembers each name that ever was, for WATCH
			values[strconv.Itoa((begin+i)%(cycles/10))] = i
		}
		noErr(t, view.SetMany(ctx, values))
		check(t, "live entries and stamps", int64(batch+tags+1), ok(srv.Client().DBSize(ctx))(t))
		srv.Advance(2 * time.Minute) // a day and a half in all, and a stamp lives 30
		check(t, "stamps", int64(tags+1), ok(srv.Client().DBSize(ctx))(t))
		srv.Reset()
		if bytes := textBytes(t, srv); first == 0 {
			first = bytes
		} else {
			check(t, "bytes of the stamps", first, bytes)
		}
		if begin == cycles/10 {
			heap = heapInUse()
		}
	}
	if now := heapInUse(); cycles > 100_000 && now > 2*heap {
		t.Errorf("the heap grew from %d to %d bytes", heap, now)
	}
	seedKeeps(t, cycles/10, batch, tags)
	t.Logf("%d cycles: %d keys with %d bytes are left", cycles, tags+1, first)
}

// textBytes are those of all keys and of all texts under them.
func textBytes(t *testing.T, srv *upstashtest.Server) (n uint64) {
	t.Helper()
	keys := ok(srv.Client().Keys(t.Context(), "*"))(t)
	for i, value := range ok(srv.Client().MGet(t.Context(), keys...))(t) {
		n += uint64(len(keys[i]) + len(value.V))
	}
	return n
}

// seedKeeps shows the same measure with the recipe: a member for each key that
// ever was.
func seedKeeps(t *testing.T, cycles, batch, tags int) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	rdb := srv.Client()
	for i := range cycles {
		recipe := &seed{d: rdb}
		noErr(t, recipe.set(t.Context(), strconv.Itoa(i), 1, seedOptions{ttl: time.Hour, tags: []string{strconv.Itoa(i % tags)}}))
		if i%batch == batch-1 {
			srv.Advance(time.Hour + time.Second) // the sets live a minute longer
			srv.Reset()
		}
	}
	members := int64(0)
	for tag := range tags {
		members += ok(rdb.SCard(t.Context(), "tag:"+strconv.Itoa(tag)))(t)
	}
	check(t, "dead keys in the seed's sets", int64(cycles), members)
}

// TestLoadsLeaveNothingBehind: flights and leases of loads that stored, failed
// and were abandoned are gone, and what the process remembers of failures is bounded.
func TestLoadsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{TTL: time.Minute, StaleIfError: time.Hour})
	gone, cancel := context.WithCancel(t.Context())
	loads := []func(key string){
		func(key string) {
			calls := 0
			ok(view.GetOrLoad(t.Context(), key, returns(1, &calls)))(t)
		},
		func(key string) {
			if _, err := view.GetOrLoad(t.Context(), key, func(contextT, string) (int, error) { return 0, errDown }); !errors.Is(err, errDown) {
				t.Errorf("GetOrLoad = %v", err)
			}
		},
		func(key string) {
			if _, err := view.GetOrLoad(t.Context(), key, func(contextT, string) (int, error) { panic(key) }); err == nil {
				t.Error("no error")
			}
		},
	}
	for i := range 300 {
		loads[i%len(loads)](strconv.Itoa(i))
	}
	cancel()
	_, _ = view.GetOrLoad(gone, "abandoned", func(ctx contextT, _ string) (int, error) { <-ctx.Done(); return 0, ctx.Err() })
	noErr(t, c.Drain(t.Context()))
	check(t, "leases", 0, len(ok(srv.Client().Keys(t.Context(), "shop:l:*"))(t)))
	check(t, "entries and placeholders", 100, len(ok(srv.Client().Keys(t.Context(), "shop:k:*"))(t)))
	check(t, "flights", 0, c.Flights())
}

// TestPausesAreBounded: what a process remembers of loads that failed while an
// old value stood in.
func TestPausesAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := cache.NewPauses()
		for i := range 10_500 {
			p.Set(strconv.Itoa(i), time.Hour)
		}
		check(t, "pauses", 10_000, p.Len())
		time.Sleep(2 * time.Hour) // bubble
		p.Set("one more", time.Hour)
		check(t, "pauses when all others are over", 1, p.Len())
	})
}

func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
