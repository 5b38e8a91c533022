package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestWhatHappensDuringALoad names the races that the model test finds its way
// into, one by one.
func TestWhatHappensDuringALoad(t *testing.T) {
	t.Parallel()
	type world struct {
		cache *cache.Cache
		view  *cache.View[string]
	}
	for _, tt := range []struct {
		name   string
		during func(ctx context.Context, w world) error
		stored bool   // by the load, as far as it knows
		after  string // what Get finds, empty for a miss
	}{
		{"nothing", func(context.Context, world) error { return nil }, true, "loaded"},
		{"Delete is not undone", func(ctx context.Context, w world) error { return w.view.Delete(ctx, "k") }, false, ""},
		{"Invalidate makes the entry invalid from birth", func(ctx context.Context, w world) error { return w.cache.Invalidate(ctx, "tag") }, true, ""},
		{"Invalidate of another tag changes nothing", func(ctx context.Context, w world) error { return w.cache.Invalidate(ctx, "other") }, true, "loaded"},
		{"a newer Set is not overwritten", func(ctx context.Context, w world) error { return w.view.Set(ctx, "k", "set") }, false, "set"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			_, c := newCache(t, cache.Options{})
			w := world{c, cache.Of[string](c, cache.ViewOptions{Tags: []string{"tag"}})}
			var info cache.Info
			v := ok(w.view.GetOrLoad(ctx, "k", func(context.Context, string) (string, error) {
				return "loaded", tt.during(ctx, w)
			}, cache.Report(&info)))(t)
			check(t, "returned", "loaded", v)
			check(t, "info", cache.Info{State: cache.Loaded, Stored: tt.stored}, info)
			got, err := w.view.Get(ctx, "k")
			if got != tt.after || (tt.after == "") != errors.Is(err, cache.ErrMiss) {
				t.Errorf("Get = %q, %v, want %q", got, err, tt.after)
			}
		})
	}
}

// TestACallAfterInvalidateDoesNotShareAnOlderLoad: the load in flight has read
// the source before the change.
func TestACallAfterInvalidateDoesNotShareAnOlderLoad(t *testing.T) {
	t.Parallel()
	for name, announce := range map[string]func(context.Context, *cache.Cache, *cache.View[int]) error{
		"Invalidate": func(ctx context.Context, c *cache.Cache, _ *cache.View[int]) error { return c.Invalidate(ctx, "tag") },
		"Delete":     func(ctx context.Context, _ *cache.Cache, v *cache.View[int]) error { return v.Delete(ctx, "k") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			_, c := newCache(t, cache.Options{})
			view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"tag"}})
			reading, finish := make(chan struct{}), make(chan struct{})
			old := make(chan int)
			go func() {
				v, _ := view.GetOrLoad(ctx, "k", func(context.Context, string) (int, error) {
					close(reading)
					<-finish
					return 1, nil
				})
				old <- v
			}()
			<-reading
			noErr(t, announce(ctx, c, view))
			calls := 0
			var info cache.Info
			check(t, "the later call", 2, ok(view.GetOrLoad(ctx, "k", returns(2, &calls), cache.Report(&info)))(t))
			check(t, "its info", cache.Info{State: cache.Loaded, Stored: true}, info)
			close(finish)
			check(t, "the earlier call", 1, <-old)
			check(t, "what stays", 2, ok(view.Get(ctx, "k"))(t))
		})
	}
}

// TestAnotherProcessLoads: a process that has waited long enough for another one
// loads for itself and leaves the storing to the other.
func TestAnotherProcessLoads(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, here := newCache(t, cache.Options{LoadTimeout: time.Second})
	there := cacheOver(t, srv.Client(), cache.Options{WaitLimit: time.Millisecond})
	mine, theirs := cache.Of[int](here, cache.ViewOptions{}), cache.Of[int](there, cache.ViewOptions{})
	calls := 0
	var other cache.Info
	v := ok(mine.GetOrLoad(ctx, "k", func(context.Context, string) (int, error) {
		check(t, "the other process", 2, ok(theirs.GetOrLoad(ctx, "k", returns(2, &calls), cache.Report(&other)))(t))
		return 1, nil
	}))(t)
	check(t, "the holder's value", 1, v)
	check(t, "the other's info", cache.Info{State: cache.Loaded}, other)
	check(t, "stored", 1, ok(theirs.Get(ctx, "k"))(t))
}

// mortal is the line of a process that crashes after it has taken the lease.
type mortal struct{ upstash.Doer }

func (m mortal) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if _, fills := filled(b); fills {
		return nil, errDown
	}
	return m.Doer.Do(ctx, b)
}

// TestACrashedProcessKeepsTheLeaseForAWhile: what it left expires.
func TestACrashedProcessKeepsTheLeaseForAWhile(t *testing.T) {
	t.Parallel()
	srv, _ := newCache(t, cache.Options{})
	crashed := cache.Of[int](cacheOver(t, mortal{srv.Client()}, cache.Options{LoadTimeout: time.Second}), cache.ViewOptions{})
	calls := 0
	ok(crashed.GetOrLoad(t.Context(), "k", returns(0, &calls)))(t)
	later := cache.Of[int](cacheOver(t, srv.Client(), cache.Options{WaitLimit: time.Millisecond}), cache.ViewOptions{})
	var info cache.Info
	ok(later.GetOrLoad(t.Context(), "k", returns(1, &calls), cache.Report(&info)))(t)
	check(t, "stored while the lease lasts", false, info.Stored)
	srv.Advance(time.Second + 5*time.Second)
	ok(later.GetOrLoad(t.Context(), "k", returns(1, &calls), cache.Report(&info)))(t)
	check(t, "stored afterwards", true, info.Stored)
}

// TestAFillWhoseConditionFailsIsNotAnError covers a lease that expired because
// the loader took too long.
func TestAnExpiredLeaseDoesNotStore(t *testing.T) {
	t.Parallel()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{})
	var info cache.Info
	v := ok(view.GetOrLoad(t.Context(), "k", func(context.Context, string) (int, error) {
		srv.Advance(time.Minute)
		return 1, nil
	}, cache.Report(&info)))(t)
	check(t, "value", 1, v)
	check(t, "info", cache.Info{State: cache.Loaded}, info)
}

// TestEvictionOfAnyKeyCostsALoad and never more.
func TestEvictionOfAnyKeyCostsALoad(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"shop:k:k", "shop:t:tag", "shop:e"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			srv, c := newCache(t, cache.Options{})
			view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"tag"}})
			calls := 0
			for range 2 {
				ok(view.GetOrLoad(ctx, "k", returns(1, &calls)))(t)
			}
			check(t, "keys evicted", int64(1), ok(srv.Client().Del(ctx, key))(t))
			for range 2 {
				ok(view.GetOrLoad(ctx, "k", returns(1, &calls)))(t)
			}
			check(t, "loader calls", 2, calls)
		})
	}
}

// TestStampsOfTags shows the data that a neighbor in another language works on:
// deleting the stamp's key invalidates.
func TestANeighborInvalidatesByDeletingTheStamp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{StampTTL: time.Hour})
	view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"products"}})
	noErr(t, view.Set(ctx, "k", 1))
	rdb := srv.Client()
	stamp := ok(rdb.Get(ctx, "shop:t:products"))(t)
	check(t, "length of a stamp", 12, len(stamp))
	left := ok(rdb.TTL(ctx, "shop:t:products"))(t)
	check(t, "TTL of a stamp", command.Null[time.Duration]{V: time.Hour, Valid: true}, left)
	epoch := ok(rdb.TTL(ctx, "shop:e"))(t)
	check(t, "TTL of the namespace's stamp", command.Null[time.Duration]{}, epoch)
	ok(rdb.Del(ctx, "shop:t:products"))(t)
	if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("after DEL of the stamp: %v", err)
	}
}
