package cache_test

import (
	"context"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// The seed's defects that concern loads and requests.

// contextT keeps the signatures of loaders on one line.
type contextT = context.Context

func TestDefect06ARefreshIsFrozen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := compare(t)
		calls := 0
		noErr(t, c.seed.set(t.Context(), "k", 1, seedOptions{}))
		ok(c.seed.aside(t.Context(), "k", fetches(2, &calls), seedOptions{swr: true}))(t)
		check(t, "refreshes of the seed that are left when the call returns", 1, len(c.seed.detached))
		check(t, "and have happened", 0, calls)

		// Here the process may be frozen whenever no call is under way.
		a := newAged(t, cache.Options{}, cache.ViewOptions{StaleWhileRevalidate: time.Hour}, time.Second)
		_, info := a.get(t)
		check(t, "the call that refreshes", cache.Info{State: cache.Loaded, Stored: true}, info)
		check(t, "stored when it returns", 2, ok(a.view.Get(t.Context(), "k"))(t))
		a.srv.Reset()
		time.Sleep(time.Hour / 2) // bubble
		check(t, "requests after it", 0, len(a.srv.Requests()))
	})
}

func TestDefect07EveryHitRefreshes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := compare(t)
		calls := 0
		noErr(t, c.seed.set(t.Context(), "k", 1, seedOptions{}))
		for range 10 {
			ok(c.seed.aside(t.Context(), "k", fetches(2, &calls), seedOptions{swr: true}))(t)
		}
		check(t, "refreshes of the seed for 10 hits", 10, len(c.seed.detached))

		a := newAged(t, cache.Options{}, cache.ViewOptions{StaleWhileRevalidate: time.Hour, EarlyRefresh: -1}, time.Second)
		for range 10 {
			a.get(t)
		}
		check(t, "loads for 10 calls, of which the first one found a stale value", int32(1), a.loads.Load())
	})
}

func TestDefect08AStampedeOfMisses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := compare(t)
		const callers = 10
		var seeds, loads slowSource
		view := cache.Of[int](c.cache, cache.ViewOptions{})
		done := make(chan struct{}, 2*callers)
		for range callers {
			go func() {
				own := &seed{d: c.seed.d}
				_, _ = own.aside(t.Context(), "k", func() (any, error) { return seeds.wait(), nil }, seedOptions{})
				done <- struct{}{}
			}()
			go func() {
				_, _ = view.GetOrLoad(t.Context(), "k", func(contextT, string) (int, error) { return loads.wait(), nil })
				done <- struct{}{}
			}()
		}
		for range 2 * callers {
			<-done
		}
		check(t, "loads of the seed", int32(callers), seeds.calls.Load())
		check(t, "loads", int32(1), loads.calls.Load())
	})
}

func TestDefect09ALoadUndoesAnInvalidation(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	tagged := seedOptions{tags: []string{"tag"}}
	ok(c.seed.aside(ctx, "k", func() (any, error) { return "old", c.seed.invalidate(ctx, "tag") }, tagged))(t)
	check(t, "the seed after the invalidation", any("old"), ok(c.seed.get(ctx, "k"))(t))

	view := cache.Of[string](c.cache, cache.ViewOptions{Tags: []string{"tag"}})
	ok(view.GetOrLoad(ctx, "k", func(ctx contextT, _ string) (string, error) { return "old", c.cache.Invalidate(ctx, "tag") }))(t)
	missing(t, "after the invalidation", view, "k")
	ok(view.GetOrLoad(ctx, "k", func(ctx contextT, _ string) (string, error) { return "old", view.Delete(ctx, "k") }))(t)
	missing(t, "after Delete", view, "k")
}

func TestDefect11ARequestFailsBecauseRedisDoes(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	calls := 0
	down := &broken{}
	if _, err := (&seed{d: down}).aside(ctx, "k", fetches(1, &calls), seedOptions{}); !errors.Is(err, errDown) {
		t.Errorf("the seed's error is %v", err)
	}
	check(t, "the seed asks", 0, calls)

	view := cache.Of[int](cacheOver(t, down, cache.Options{}), cache.ViewOptions{})
	var info cache.Info
	check(t, "value", 1, ok(view.GetOrLoad(ctx, "k", returns(1, &calls), cache.Report(&info)))(t))
	check(t, "state", cache.Bypass, info.State)
	if !errors.Is(info.ReadErr, errDown) {
		t.Errorf("ReadErr = %v", info.ReadErr)
	}
}

func TestDefect12WarmingTakesTwoRequestsForEachKey(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	values := map[string]int{}
	view := cache.Of[int](c.cache, cache.ViewOptions{Tags: []string{"products", "all"}})
	for i := range 100 {
		key := strconv.Itoa(i)
		values[key] = i
		noErr(t, c.seed.set(ctx, key, i, seedOptions{tags: []string{"products", key}}))
	}
	check(t, "round trips of the seed", 200, c.seedServer.Meter().RoundTrips)
	c.server.Reset()
	noErr(t, view.SetMany(ctx, values))
	check(t, "round trips: read the stamps, make them, store", 3, c.server.Meter().RoundTrips)
	check(t, "stored", len(values), len(ok(view.GetMany(ctx, keysOfMap(values)))(t)))
}

func keysOfMap(values map[string]int) (keys []string) {
	for key := range values {
		keys = append(keys, key)
	}
	return keys
}

// slowSource is a source that takes a second and counts.
type slowSource struct{ calls atomic.Int32 }

func (s *slowSource) wait() int {
	time.Sleep(time.Second) // bubble
	return int(s.calls.Add(1))
}
