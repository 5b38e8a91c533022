package cache_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/memory"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// remembering are two processes, of which the first one has a memory.
type remembering struct {
	cost          func(operation func() error) cost
	here, there   *cache.View[int]
	cacheOfHere   *cache.Cache
	down          bool
	duringTheLook func()
}

func newRemembering(t *testing.T, o cache.Options) *remembering {
	t.Helper()
	srv, there := newCache(t, cache.Options{})
	r := &remembering{cost: func(operation func() error) cost { return costOf(t, srv, operation) }}
	line := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		if r.down {
			return nil, errDown
		}
		replies, err := srv.Client().Do(ctx, b)
		if f := r.duringTheLook; f != nil {
			r.duringTheLook = nil
			f()
		}
		return replies, err
	})
	o.Memory = memory.New(1 << 20)
	r.cacheOfHere = cacheOver(t, line, o)
	v := cache.ViewOptions{Tags: []string{"tag"}, TTL: time.Hour, NegativeTTL: time.Minute}
	r.here, r.there = cache.Of[int](r.cacheOfHere, v), cache.Of[int](there, v)
	noErr(t, r.there.Set(t.Context(), "k", 1))
	return r
}

func TestAHitInMemoryCostsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		r := newRemembering(t, cache.Options{})
		read := func(want int) func() error {
			return func() error {
				var info cache.Info
				check(t, "value", want, ok(r.here.GetOrLoad(ctx, "k", never[int](t), cache.Report(&info)))(t))
				check(t, "in memory", info.Cost == cache.Cost{}, info.InMemory)
				return nil
			}
		}
		check(t, "first", cost{1, 1}, r.cost(read(1)))
		check(t, "then", cost{0, 0}, r.cost(read(1)))
		check(t, "by Get", cost{0, 0}, r.cost(func() error { return errOf(r.here.Get(ctx, "k")) }))
		noErr(t, r.there.Set(ctx, "k", 2))
		check(t, "what others do is not seen at once", cost{0, 0}, r.cost(read(1)))
		time.Sleep(time.Second + time.Millisecond) // bubble: Trust is over
		check(t, "and then it is", cost{1, 1}, r.cost(read(2)))
	})
}

// TestWhatAProcessDoesItselfItSeesAtOnce, also where a look is on its way.
func TestWhatAProcessDoesItselfItSeesAtOnce(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(ctx context.Context, r *remembering) error{
		"Invalidate": func(ctx context.Context, r *remembering) error { return r.cacheOfHere.Invalidate(ctx, "tag") },
		"Purge":      func(ctx context.Context, r *remembering) error { return r.cacheOfHere.Purge(ctx) },
		"Delete":     func(ctx context.Context, r *remembering) error { return r.here.Delete(ctx, "k") },
		"Set":        func(ctx context.Context, r *remembering) error { return r.here.Set(ctx, "k", 2) },
		"SetMany":    func(ctx context.Context, r *remembering) error { return r.here.SetMany(ctx, map[string]int{"k": 2}) },
	} {
		for _, onItsWay := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ctx := t.Context()
					r := newRemembering(t, cache.Options{})
					if onItsWay {
						r.duringTheLook = func() { noErr(t, do(ctx, r)) }
						check(t, "what the look saw", 1, ok(r.here.Get(ctx, "k"))(t))
					} else {
						ok(r.here.Get(ctx, "k"))(t)
						noErr(t, do(ctx, r))
					}
					calls := 0
					check(t, "value", 2, ok(r.here.GetOrLoad(ctx, "k", returns(2, &calls)))(t))
				})
			})
		}
	}
}

func TestMemoryStandsInForADeadRedis(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		r := newRemembering(t, cache.Options{MemoryOnError: time.Minute, FailClosed: true})
		ok(r.here.Get(ctx, "k"))(t)
		r.down = true
		time.Sleep(59 * time.Second) // bubble
		var info cache.Info
		check(t, "value", 1, ok(r.here.GetOrLoad(ctx, "k", never[int](t), cache.Report(&info)))(t))
		if !info.InMemory || !errors.Is(info.ReadErr, errDown) {
			t.Errorf("info = %+v", info)
		}
		time.Sleep(2 * time.Second) // bubble
		if _, err := r.here.GetOrLoad(ctx, "k", never[int](t)); !errors.Is(err, errDown) {
			t.Errorf("after MemoryOnError: %v", err)
		}
	})
}

func TestMemoryKeepsToWhatTheCallSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		r := newRemembering(t, cache.Options{})
		ok(r.here.Get(ctx, "k"))(t)
		for name, tt := range map[string]struct {
			opts []cache.Option
			want cost
		}{
			"a tag that the entry lacks": {[]cache.Option{cache.Tags("new")}, cost{1, 1}},
			"a sync token":               {[]cache.Option{cache.Fresh("t")}, cost{1, 1}},
			"nothing":                    {nil, cost{0, 0}},
		} {
			check(t, name, tt.want, r.cost(func() error { _, _ = r.here.Get(ctx, "k", tt.opts...); return nil }))
		}
		if _, err := r.here.GetOrLoad(ctx, "absent", func(context.Context, string) (int, error) { return 0, cache.ErrNotFound }); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("GetOrLoad = %v", err)
		}
		for _, want := range []cost{{1, 1}, {0, 0}} {
			check(t, "a remembered absence", want, r.cost(func() error {
				if _, err := r.here.Get(ctx, "absent"); !errors.Is(err, cache.ErrNotFound) {
					t.Errorf("Get = %v", err)
				}
				return nil
			}))
		}
	})
}
