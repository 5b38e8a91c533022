package cache_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestGetOrLoadStoresAndHits(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, c := newCache(t, cache.Options{})
	view := cache.Of[product](c, cache.ViewOptions{Prefix: "product:"})
	calls := 0
	load := func(_ context.Context, key string) (product, error) {
		calls++
		return product{ID: key, Price: 995}, nil
	}
	want := product{ID: "42", Price: 995}
	var info cache.Info
	check(t, "loaded", want, ok(view.GetOrLoad(ctx, "42", load, cache.Report(&info)))(t))
	check(t, "info of the load", cache.Info{State: cache.Loaded, Stored: true}, info)
	check(t, "hit", want, ok(view.GetOrLoad(ctx, "42", load, cache.Report(&info)))(t))
	check(t, "state of the hit", cache.Hit, info.State)
	check(t, "by Get", want, ok(view.Get(ctx, "42"))(t))
	check(t, "loader calls", 1, calls)
}

func TestMissValueAndNegativeAreToldApart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[*product](c, cache.ViewOptions{NegativeTTL: time.Minute})
	if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("nothing stored: %v, want ErrMiss", err)
	}
	calls := 0
	absent := func(context.Context, string) (*product, error) {
		calls++
		return nil, fmt.Errorf("row 7: %w", cache.ErrNotFound)
	}
	for range 2 {
		if _, err := view.GetOrLoad(ctx, "k", absent); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("absent at the source: %v, want ErrNotFound", err)
		}
	}
	check(t, "loader calls for an absence", 1, calls)
	if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrNotFound) || errors.Is(err, cache.ErrMiss) {
		t.Errorf("remembered absence: %v, want ErrNotFound and not ErrMiss", err)
	}
	srv.Advance(time.Minute)
	if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("after NegativeTTL: %v, want ErrMiss", err)
	}
	// A nil that was stored is a value.
	noErr(t, view.Set(ctx, "nil", nil))
	check(t, "stored nil", (*product)(nil), ok(view.GetOrLoad(ctx, "nil", never[*product](t)))(t))

	plain := cache.Of[int](c, cache.ViewOptions{})
	for range 2 {
		if _, err := plain.GetOrLoad(ctx, "n", func(context.Context, string) (int, error) { calls++; return 0, cache.ErrNotFound }); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("without NegativeTTL: %v", err)
		}
	}
	check(t, "loader calls where absences are not remembered", 3, calls)
}

func TestEntriesExpire(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{TTL: time.Minute})
	noErr(t, view.Set(ctx, "view", 1))
	noErr(t, view.Set(ctx, "call", 1, cache.TTL(time.Hour)))
	srv.Advance(time.Minute)
	if _, err := view.Get(ctx, "view"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("after the view's TTL: %v", err)
	}
	check(t, "within the call's TTL", 1, ok(view.Get(ctx, "call"))(t))
}

func TestConcurrentCallersShareOneLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := newCache(t, cache.Options{})
		view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"all"}})
		var calls atomic.Int32
		load := func(context.Context, string) (int, error) { //nolint:unparam // the shape of a Loader
			calls.Add(1)
			time.Sleep(time.Second) // bubble: the loader takes a while
			return 7, nil
		}
		shared := make(chan bool, 100)
		for range cap(shared) {
			go func() {
				var info cache.Info
				v, err := view.GetOrLoad(t.Context(), "k", load, cache.Report(&info))
				if v != 7 || err != nil {
					t.Errorf("GetOrLoad = %v, %v", v, err)
				}
				shared <- info.Shared
			}()
		}
		n := 0
		for range cap(shared) {
			if <-shared {
				n++
			}
		}
		check(t, "loader calls", int32(1), calls.Load())
		check(t, "callers who shared another's load", 99, n)
	})
}

// TestALookBetweenTheCommandsOfALeaseSharesTheLoad: the commands of a pipeline
// are not one step. Whoever looks between two of them, and hears of it when the
// load has begun, shares it all the same.
func TestALookBetweenTheCommandsOfALeaseSharesTheLoad(t *testing.T) {
	t.Parallel()
	const commands = 3 // the namespace's stamp, a tag's stamp, the placeholder
	for pause := range commands {
		synctest.Test(t, func(t *testing.T) {
			srv, _ := newCache(t, cache.Options{})
			one := func(ctx context.Context, a command.Args) []command.Reply {
				r, err := srv.Client().Do(ctx, upstash.Batch{Commands: []command.Args{a}})
				noErr(t, err)
				return r
			}
			var leases, looks atomic.Int32
			line := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) (replies []command.Reply, err error) {
				lease := len(b.Commands) == commands && leases.Add(1) == 1
				for i, a := range b.Commands {
					replies = append(replies, one(ctx, a)...)
					if lease && i == pause {
						time.Sleep(2 * time.Second) // bubble: the second caller looks, one second from the start
					}
				}
				if looks.Add(1) == 2 {
					time.Sleep(10 * time.Second) // bubble: and hears of it later
				}
				return replies, nil
			})
			view := cache.Of[int](cacheOver(t, line, cache.Options{LoadTimeout: time.Minute}), cache.ViewOptions{Tags: []string{"all"}})
			var calls atomic.Int32
			load := func(context.Context, string) (int, error) { //nolint:unparam // the shape of a Loader
				calls.Add(1)
				time.Sleep(20 * time.Second) // bubble: longer than that
				return 7, nil
			}
			done := make(chan struct{})
			for i := range 2 {
				go func() {
					time.Sleep(time.Duration(i) * time.Second) // bubble
					_, err := view.GetOrLoad(t.Context(), "k", load)
					noErr(t, err)
					done <- struct{}{}
				}()
			}
			<-done
			<-done
			check(t, fmt.Sprint("loader calls with a look after command ", pause), int32(1), calls.Load())
		})
	}
}

// TestConcurrentCallersShareOneLoadOverASlowLine: who looked before the lease
// was taken, and arrives when the loader runs already, finds its way to that load.
func TestConcurrentCallersShareOneLoadOverASlowLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, _ := newCache(t, cache.Options{})
		rng := rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex
		slow := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			mu.Lock()
			there, back := time.Duration(rng.IntN(50))*time.Millisecond, time.Duration(rng.IntN(50))*time.Millisecond
			mu.Unlock()
			time.Sleep(there)      // bubble: the way there
			defer time.Sleep(back) // bubble: the way back
			return srv.Client().Do(ctx, b)
		})
		view := cache.Of[int](cacheOver(t, slow, cache.Options{}), cache.ViewOptions{Tags: []string{"all"}})
		for round := range 50 {
			var calls atomic.Int32
			load := func(context.Context, string) (int, error) { //nolint:unparam // the shape of a Loader
				calls.Add(1)
				time.Sleep(time.Second) // bubble: the loader takes a while
				return 7, nil
			}
			done := make(chan struct{})
			for range 100 {
				go func() {
					v, err := view.GetOrLoad(t.Context(), strconv.Itoa(round), load)
					if v != 7 || err != nil {
						t.Errorf("GetOrLoad = %v, %v", v, err)
					}
					done <- struct{}{}
				}()
			}
			for range 100 {
				<-done
			}
			check(t, "loader calls", int32(1), calls.Load())
		}
	})
}

func TestACallerWhoGoesAwayDoesNotDisturbTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := newCache(t, cache.Options{})
		view := cache.Of[int](c, cache.ViewOptions{})
		var loaderErr error
		load := func(ctx context.Context, _ string) (int, error) {
			select {
			case <-time.After(time.Second): // bubble
				return 7, nil
			case <-ctx.Done():
				loaderErr = ctx.Err()
				return 0, ctx.Err()
			}
		}
		first, cancel := context.WithCancel(t.Context())
		gone := make(chan error)
		go func() {
			_, err := view.GetOrLoad(first, "k", load)
			gone <- err
		}()
		synctest.Wait()
		stays := make(chan int)
		go func() {
			v, err := view.GetOrLoad(t.Context(), "k", load)
			noErr(t, err)
			stays <- v
		}()
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("the caller who left: %v, want context.Canceled", err)
		}
		check(t, "the one who stayed", 7, <-stays)

		// When the last one leaves, the loader is told, and the lease given back.
		last, cancel := context.WithCancel(t.Context())
		go func() {
			_, err := view.GetOrLoad(last, "other", load)
			gone <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("the last caller: %v, want context.Canceled", err)
		}
		synctest.Wait()
		if !errors.Is(loaderErr, context.Canceled) {
			t.Errorf("the loader's context after everybody left: %v", loaderErr)
		}
		calls := 0
		var info cache.Info
		ok(view.GetOrLoad(t.Context(), "other", returns(1, &calls), cache.Report(&info)))(t)
		check(t, "stored by the next caller, because the lease is free", true, info.Stored)
	})
}

func TestLoaderFailures(t *testing.T) {
	t.Parallel()
	own := errors.New("the database is away")
	for _, tt := range []struct {
		name  string
		load  cache.Loader[int]
		check func(error) bool
	}{
		{"error", func(context.Context, string) (int, error) { return 0, own }, func(err error) bool { return errors.Is(err, own) }},
		{"panic", func(context.Context, string) (int, error) { panic(own) }, func(err error) bool {
			var p *cache.PanicError
			return errors.As(err, &p) && errors.Is(err, own) && strings.Contains(string(p.Stack), "load_test.go")
		}},
		{"panic with nothing but a text", func(context.Context, string) (int, error) { panic("oh") }, func(err error) bool {
			return strings.Contains(err.Error(), "panicked: oh")
		}},
		{"Goexit", func(context.Context, string) (int, error) { runtime.Goexit(); return 0, nil }, func(err error) bool {
			return strings.Contains(err.Error(), "Goexit")
		}},
		{"timeout", func(ctx context.Context, _ string) (int, error) { <-ctx.Done(); return 0, ctx.Err() }, func(err error) bool {
			return errors.Is(err, context.DeadlineExceeded)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, c := newCache(t, cache.Options{LoadTimeout: 20 * time.Millisecond})
			view := cache.Of[int](c, cache.ViewOptions{})
			if _, err := view.GetOrLoad(t.Context(), "k", tt.load); !tt.check(err) {
				t.Errorf("error = %v", err)
			}
			// The lease is given back: the next load stores.
			calls := 0
			var info cache.Info
			ok(view.GetOrLoad(t.Context(), "k", returns(1, &calls), cache.Report(&info)))(t)
			check(t, "next load", cache.Info{State: cache.Loaded, Stored: true}, info)
		})
	}
}

func TestValuesWithoutJSONFormAreReturnedButNotStored(t *testing.T) {
	t.Parallel()
	var told []error
	_, c := newCache(t, cache.Options{OnError: func(_ context.Context, err error) { told = append(told, err) }})
	view := cache.Of[func()](c, cache.ViewOptions{})
	var info cache.Info
	v, err := view.GetOrLoad(t.Context(), "k", func(context.Context, string) (func(), error) { return func() {}, nil }, cache.Report(&info))
	if v == nil || err != nil || info.Stored || info.StoreErr == nil || len(told) != 1 {
		t.Errorf("GetOrLoad returned nil: %v, %v, %+v, told %v", v == nil, err, info, told)
	}
	if err := view.Set(t.Context(), "k", func() {}); err == nil || !strings.Contains(err.Error(), "no JSON form") {
		t.Errorf("Set = %v", err)
	}
}

func TestRedisFailures(t *testing.T) {
	t.Parallel()
	reads := func(b upstash.Batch) bool { return b.Commands[0].Name() == "MGET" }
	writes := func(b upstash.Batch) bool { return b.Commands[0].Name() != "MGET" }
	for _, tt := range []struct {
		name  string
		fails func(upstash.Batch) bool
		read  bool
		store bool
	}{
		{"reads", reads, true, false},
		{"writes", writes, false, true},
		{"everything", func(upstash.Batch) bool { return true }, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv, _ := newCache(t, cache.Options{})
			told := 0
			c := cacheOver(t, failing{srv.Client(), tt.fails}, cache.Options{OnError: func(context.Context, error) { told++ }})
			view := cache.Of[int](c, cache.ViewOptions{})
			calls := 0
			var info cache.Info
			check(t, "value", 7, ok(view.GetOrLoad(t.Context(), "k", returns(7, &calls), cache.Report(&info)))(t))
			if errors.Is(info.ReadErr, errDown) != tt.read || errors.Is(info.StoreErr, errDown) != tt.store || info.Stored || told != 1 {
				t.Errorf("info = %+v, told %d times", info, told)
			}
		})
	}
	t.Run("fail closed", func(t *testing.T) {
		t.Parallel()
		c := cacheOver(t, failing{nil, func(upstash.Batch) bool { return true }}, cache.Options{FailClosed: true})
		view := cache.Of[int](c, cache.ViewOptions{})
		if _, err := view.GetOrLoad(t.Context(), "k", never[int](t)); !errors.Is(err, errDown) {
			t.Errorf("error = %v, want Redis's", err)
		}
		for what, err := range map[string]error{
			"Get": errOf(view.Get(t.Context(), "k")), "Set": view.Set(t.Context(), "k", 1),
			"Delete": view.Delete(t.Context(), "k"), "Invalidate": c.Invalidate(t.Context(), "t"),
		} {
			if !errors.Is(err, errDown) {
				t.Errorf("%s = %v, want Redis's error", what, err)
			}
		}
	})
}

// TestADeadRedisDoesNotTurnEveryCallerIntoAQuery: without Redis, callers of one
// key load one after the other, and those who wait share the next load.
func TestADeadRedisDoesNotTurnEveryCallerIntoAQuery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := cacheOver(t, failing{nil, func(upstash.Batch) bool { return true }}, cache.Options{})
		view := cache.Of[time.Time](c, cache.ViewOptions{})
		running, most, calls := 0, 0, 0
		load := func(context.Context, string) (time.Time, error) { //nolint:unparam // the shape of a Loader
			began := time.Now()
			running++
			calls++
			most = max(most, running)
			time.Sleep(time.Second) // bubble: the source takes a while
			running--
			return began, nil
		}
		done := make(chan struct{})
		for i := range 100 {
			go func() {
				defer func() { done <- struct{}{} }()
				time.Sleep(time.Duration(i) * 10 * time.Millisecond) // bubble: callers arrive one by one
				asked := time.Now()
				began, err := view.GetOrLoad(t.Context(), "k", load)
				if err != nil || began.Before(asked) {
					t.Errorf("asked at %v, got what was read at %v, %v", asked, began, err)
				}
			}()
		}
		for range 100 {
			<-done
		}
		check(t, "loads at the same time", 1, most)
		check(t, "loads in all", 2, calls)
	})
}
