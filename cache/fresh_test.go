package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// TestFreshSeesAnInvalidationOnAReplicaThatLags: the program that invalidates
// hands its sync token to the one that reads.
func TestFreshSeesAnInvalidationOnAReplicaThatLags(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, reader := newCache(t, cache.Options{})
	writer := ok(upstash.New(srv.ClientOptions()))(t)
	writing := cacheOver(t, writer, cache.Options{})
	view := cache.Of[int](reader, cache.ViewOptions{Tags: []string{"tag"}})
	noErr(t, view.Set(ctx, "k", 1))
	ok(view.Get(ctx, "k"))(t)
	srv.Lag(1)
	noErr(t, writing.Invalidate(ctx, "tag"))
	check(t, "without the token: what the replica still has", 1, ok(view.Get(ctx, "k"))(t))
	if v, err := view.Get(ctx, "k", cache.Fresh(writer.SyncToken())); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("with the token: %d, %v", v, err)
	}
	calls := 0
	check(t, "GetOrLoad with the token", 2, ok(view.GetOrLoad(ctx, "k", returns(2, &calls), cache.Fresh(writer.SyncToken())))(t))
	check(t, "loads", 1, calls)
}

// TestObserve: every call is told of once, with what it cost.
func TestObserve(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var told []cache.Observation
	_, c := newCache(t, cache.Options{Observe: func(_ context.Context, o cache.Observation) {
		if o.Duration <= 0 {
			t.Error("it took no time")
		}
		o.Duration, o.Info.Age = 0, 0
		told = append(told, o)
	}})
	view := cache.Of[int](c, cache.ViewOptions{Prefix: "n:", NegativeTTL: time.Minute})
	calls := 0
	noErr(t, errOf(view.GetOrLoad(ctx, "a", returns(1, &calls))))
	noErr(t, errOf(view.GetOrLoad(ctx, "a", returns(1, &calls))))
	_, missed := view.Get(ctx, "b")
	_, loadedAbsence := view.GetOrLoad(ctx, "b", func(context.Context, string) (int, error) { return 0, cache.ErrNotFound })
	_, absent := view.Get(ctx, "b")
	one := cache.Cost{RoundTrips: 1, Commands: 1}
	for i, want := range []cache.Observation{
		{Op: "GetOrLoad", Prefix: "n:", Info: cache.Info{State: cache.Loaded, Stored: true, Cost: cache.Cost{RoundTrips: 3, Commands: 4}}},
		{Op: "GetOrLoad", Prefix: "n:", Info: cache.Info{State: cache.Hit, Cost: one}},
		{Op: "Get", Prefix: "n:", Info: cache.Info{Cost: one}, Err: missed},
		{Op: "GetOrLoad", Prefix: "n:", Info: cache.Info{State: cache.Loaded, Stored: true, Cost: cache.Cost{RoundTrips: 3, Commands: 3}}, Err: loadedAbsence},
		{Op: "Get", Prefix: "n:", Info: cache.Info{State: cache.Negative, Cost: one}, Err: absent},
	} {
		if i >= len(told) || told[i].Info != want.Info || told[i].Op != want.Op || told[i].Prefix != want.Prefix || !errors.Is(told[i].Err, want.Err) {
			t.Errorf("observation %d of %d is %+v, want %+v", i, len(told), told[min(i, len(told)-1)], want)
		}
	}
	check(t, "stats", cache.Stats{Hits: 1, Negatives: 1, Loads: 2}, c.Stats())
}

// TestInfoCostIsWhatTheServerSaw, for every kind of call.
func TestInfoCostIsWhatTheServerSaw(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"a", "b"}})
	calls := 0
	for _, call := range []func(o cache.Option) error{
		func(o cache.Option) error { return errOf(view.GetOrLoad(ctx, "k", returns(1, &calls), o)) },
		func(o cache.Option) error { return errOf(view.GetOrLoad(ctx, "k", returns(1, &calls), o)) },
		func(o cache.Option) error { return errOf(view.Get(ctx, "k", o)) },
		func(o cache.Option) error { return view.Set(ctx, "k", 2, o) },
		func(o cache.Option) error { return view.Set(ctx, "k", 2, o, cache.Tags("c")) },
		func(o cache.Option) error { return errOf(view.Get(ctx, "k", o)) },
	} {
		srv.Reset()
		var info cache.Info
		noErr(t, call(cache.Report(&info)))
		m := srv.Meter()
		check(t, "cost", cache.Cost{RoundTrips: m.RoundTrips, Commands: m.Commands}, info.Cost)
	}
}
