package cache_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// aged is a view in a bubble whose entry "k" holds 1 and is older than its TTL
// of a minute. Its source counts, takes a second, and says what a test wants.
type aged struct {
	srv   *upstashtest.Server
	cache *cache.Cache
	view  *cache.View[int]
	loads atomic.Int32
	value int
	err   error
}

func newAged(t *testing.T, o cache.Options, v cache.ViewOptions, past time.Duration) *aged {
	t.Helper()
	a := &aged{value: 2}
	a.srv, a.cache = newCache(t, o)
	v.TTL, v.Jitter, v.Tags = time.Minute, -1, []string{"tag"}
	a.view = cache.Of[int](a.cache, v)
	noErr(t, a.view.Set(t.Context(), "k", 1))
	time.Sleep(time.Minute + past) // bubble
	a.srv.Reset()
	return a
}

func (a *aged) load(ctx context.Context, _ string) (int, error) {
	a.loads.Add(1)
	select {
	case <-time.After(time.Second):
		return a.value, a.err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

func (a *aged) get(t *testing.T) (int, cache.Info) {
	t.Helper()
	var info cache.Info
	v := ok(a.view.GetOrLoad(t.Context(), "k", a.load, cache.Report(&info)))(t)
	return v, info
}

func TestAStaleValueIsRefreshedWithinOneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{}, cache.ViewOptions{StaleWhileRevalidate: time.Minute}, time.Second)
		first := make(chan int)
		go func() {
			v, info := a.get(t)
			check(t, "the one who loads", cache.Info{State: cache.Loaded, Stored: true}, info)
			check(t, "its cost: look, lease and look again, fill and give the lease back", cache.Cost{RoundTrips: 3, Commands: 5}, info.Cost)
			first <- v
		}()
		synctest.Wait()
		for range 3 {
			began := time.Now()
			v, info := a.get(t)
			check(t, "the others", 1, v)
			check(t, "their wait", time.Duration(0), time.Since(began))
			check(t, "their state", cache.Stale, info.State)
			check(t, "their cost", cache.Cost{RoundTrips: 1, Commands: 1}, info.Cost)
		}
		check(t, "refreshed", 2, <-first)
		v, info := a.get(t)
		check(t, "afterwards", 2, v)
		check(t, "its state", cache.Hit, info.State)
		check(t, "loads", int32(1), a.loads.Load())
		check(t, "keys left of the lease", int64(0), ok(a.srv.Client().Exists(t.Context(), "shop:l:k"))(t))
	})
}

func TestAStaleValueIsRefreshedBehindTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{Background: cache.Goroutine}, cache.ViewOptions{StaleWhileRevalidate: time.Minute}, time.Second)
		began := time.Now()
		for range 3 {
			v, info := a.get(t)
			check(t, "value", 1, v)
			check(t, "state", cache.Stale, info.State)
			check(t, "a refresh is under way", true, info.Refreshing)
			synctest.Wait()
		}
		check(t, "time the callers waited", time.Duration(0), time.Since(began))
		noErr(t, a.cache.Drain(t.Context()))
		check(t, "Drain waited for the load", time.Second, time.Since(began))
		v, info := a.get(t)
		check(t, "afterwards", 2, v)
		check(t, "its state", cache.Hit, info.State)
		check(t, "loads", int32(1), a.loads.Load())
	})
}

// TestOneProcessRefreshes: the lease beside the value decides between processes,
// and who lost it does not ask again at once.
func TestOneProcessRefreshes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{}, cache.ViewOptions{StaleWhileRevalidate: time.Minute}, time.Second)
		other := cache.Of[int](cacheOver(t, a.srv.Client(), cache.Options{}), cache.ViewOptions{
			TTL: time.Minute, Tags: []string{"tag"}, StaleWhileRevalidate: time.Minute,
		})
		done := make(chan struct{})
		go func() {
			defer close(done)
			v, _ := a.get(t)
			check(t, "here", 2, v)
		}()
		synctest.Wait()
		for i, want := range []cache.Cost{{RoundTrips: 2, Commands: 3}, {RoundTrips: 1, Commands: 1}} {
			var info cache.Info
			check(t, "there", 1, ok(other.GetOrLoad(t.Context(), "k", never[int](t), cache.Report(&info)))(t))
			check(t, "its state", cache.Stale, info.State)
			check(t, []string{"first cost", "second cost"}[i], want, info.Cost)
		}
		<-done
	})
}

func TestStaleIfError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{RetryAfter: 10 * time.Second}, cache.ViewOptions{StaleIfError: time.Hour}, time.Second)
		a.err = errDown
		v, info := a.get(t)
		check(t, "value", 1, v)
		check(t, "state", cache.Stale, info.State)
		if !errors.Is(info.LoadErr, errDown) {
			t.Errorf("LoadErr = %v", info.LoadErr)
		}
		// The source is left alone for a while, more or less by a fifth.
		time.Sleep(7 * time.Second) // bubble
		_, info = a.get(t)
		check(t, "loads meanwhile", int32(1), a.loads.Load())
		if !errors.Is(info.LoadErr, errDown) {
			t.Errorf("LoadErr meanwhile = %v", info.LoadErr)
		}
		time.Sleep(5 * time.Second) // bubble
		a.err = nil
		v, info = a.get(t)
		check(t, "when the source is back", 2, v)
		check(t, "its info", cache.Info{State: cache.Loaded, Stored: true}, info)
	})
}

func TestAStaleValueStandsInOnlyWithinItsWindow(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		view       cache.ViewOptions
		past       time.Duration
		invalidate bool
		stands     bool
	}{
		"within it":                        {cache.ViewOptions{StaleIfError: time.Minute}, time.Second, false, true},
		"at its end":                       {cache.ViewOptions{StaleIfError: time.Minute}, time.Minute, false, false},
		"no window":                        {cache.ViewOptions{}, time.Second, false, false},
		"invalidated":                      {cache.ViewOptions{StaleIfError: time.Minute}, time.Second, true, false},
		"invalidated, where that is asked": {cache.ViewOptions{StaleIfError: time.Minute, StaleIfErrorAfterInvalidate: true}, time.Second, true, true},
		"invalidated, past the window":     {cache.ViewOptions{StaleIfError: time.Minute, StaleIfErrorAfterInvalidate: true}, time.Minute, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newAged(t, cache.Options{}, tt.view, tt.past)
				if tt.invalidate {
					noErr(t, a.cache.Invalidate(t.Context(), "tag"))
				}
				a.err = errDown
				for range 2 {
					v, err := a.view.GetOrLoad(t.Context(), "k", a.load)
					if tt.stands != (err == nil && v == 1) || !tt.stands && !errors.Is(err, errDown) {
						t.Errorf("GetOrLoad = %d, %v", v, err)
					}
				}
				a.err = nil
				time.Sleep(10 * time.Second) // bubble: longer than RetryAfter
				v, _ := a.get(t)
				check(t, "when the source is back", 2, v)
			})
		})
	}
}

func TestSoftTimeout(t *testing.T) {
	t.Parallel()
	for name, background := range map[string]func(context.Context, func(context.Context)){"goes on behind": cache.Goroutine, "ends": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newAged(t, cache.Options{Background: background}, cache.ViewOptions{StaleIfError: time.Hour, SoftTimeout: 100 * time.Millisecond}, time.Second)
				began := time.Now()
				v, info := a.get(t)
				check(t, "value", 1, v)
				check(t, "waited", 100*time.Millisecond, time.Since(began))
				check(t, "goes on", background != nil, info.Refreshing)
				noErr(t, a.cache.Drain(t.Context()))
				got, err := a.view.Get(t.Context(), "k")
				if background != nil {
					check(t, "stored", 2, got)
				} else if !errors.Is(err, cache.ErrMiss) {
					t.Errorf("Get of an expired value = %d, %v", got, err)
				}
			})
		})
	}
}

// TestARefreshThatFindsNothingForgetsTheValue: the source has the thing no more.
func TestARefreshThatFindsNothingForgetsTheValue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{}, cache.ViewOptions{StaleWhileRevalidate: time.Hour}, time.Second)
		a.err = cache.ErrNotFound
		if _, err := a.view.GetOrLoad(t.Context(), "k", a.load); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("GetOrLoad = %v", err)
		}
		if _, err := a.view.Get(t.Context(), "k"); !errors.Is(err, cache.ErrMiss) {
			t.Errorf("Get = %v", err)
		}
	})
}

// TestARefreshIsOvertaken by what somebody does while the loader runs.
func TestARefreshIsOvertaken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		during func(ctx context.Context, a *aged) error
		after  int // what Get finds, 0 for a miss
	}{
		"by a Delete":      {func(ctx context.Context, a *aged) error { return a.view.Delete(ctx, "k") }, 0},
		"by a Set":         {func(ctx context.Context, a *aged) error { return a.view.Set(ctx, "k", 7) }, 7},
		"by an Invalidate": {func(ctx context.Context, a *aged) error { return a.cache.Invalidate(ctx, "tag") }, 0},
		"by nothing":       {func(context.Context, *aged) error { return nil }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := newAged(t, cache.Options{Background: cache.Goroutine}, cache.ViewOptions{StaleWhileRevalidate: time.Hour}, time.Second)
				a.get(t)
				synctest.Wait()
				noErr(t, tt.during(t.Context(), a))
				noErr(t, a.cache.Drain(t.Context()))
				got, err := a.view.Get(t.Context(), "k")
				if got != tt.after || (tt.after == 0) != errors.Is(err, cache.ErrMiss) {
					t.Errorf("Get = %d, %v, want %d", got, err, tt.after)
				}
			})
		})
	}
}

func TestEarlyRefresh(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		luck, left float64 // seconds before the end of the TTL; the load takes 1s
		early      float64
		refreshed  bool
	}{
		"far from the end":    {0.5, 30, 0, false},
		"close to the end":    {0.5, 0.5, 0, true}, // ln 2 = 0.69s
		"close, and no luck":  {0.1, 0.5, 0, false},
		"switched off":        {0.99, 0.5, -1, false},
		"far, and a wide net": {0.5, 30, 100, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, c := newCache(t, cache.Options{})
				c.SetRandom(func() float64 { return tt.luck })
				view := cache.Of[int](c, cache.ViewOptions{TTL: time.Minute, Jitter: -1, EarlyRefresh: tt.early})
				n := 0
				load := func(context.Context, string) (int, error) {
					n++
					time.Sleep(time.Second) // bubble
					return n, nil
				}
				ok(view.GetOrLoad(t.Context(), "k", load))(t)
				time.Sleep(time.Minute - time.Duration(tt.left*float64(time.Second))) // bubble
				ok(view.GetOrLoad(t.Context(), "k", load))(t)
				check(t, "refreshed", tt.refreshed, n == 2)
			})
		})
	}
}
