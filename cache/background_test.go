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

var behind = cache.ViewOptions{StaleWhileRevalidate: time.Hour}

func TestDrainGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{Background: cache.Goroutine}, behind, time.Second)
		a.get(t)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var left *cache.DrainError
		if err := a.cache.Drain(ctx); !errors.As(err, &left) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("Drain = %v", err)
		}
		check(t, "what is left", []string{"k"}, left.Keys)
		check(t, "its text", "cache: 1 loads are still under way: context deadline exceeded", left.Error())
		noErr(t, a.cache.Drain(t.Context()))
		check(t, "loads", int32(1), a.loads.Load())
		noErr(t, a.cache.Drain(t.Context())) // nothing is under way
	})
}

func TestWhileTheCacheDrainsNothingIsBegunBehindACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{Background: cache.Goroutine}, behind, time.Second)
		noErr(t, a.view.Set(t.Context(), "other", 1))
		time.Sleep(time.Minute + time.Second) // bubble
		a.get(t)
		synctest.Wait()
		drained := make(chan struct{})
		go func() {
			noErr(t, a.cache.Drain(t.Context()))
			close(drained)
		}()
		synctest.Wait()
		var info cache.Info
		v := ok(a.view.GetOrLoad(t.Context(), "other", never[int](t), cache.Report(&info)))(t)
		check(t, "value", 1, v)
		check(t, "a refresh is under way", false, info.Refreshing)
		check(t, "dropped", int64(1), a.cache.Stats().Dropped)
		<-drained
	})
}

func TestBackgroundWorkIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{Background: cache.Goroutine, MaxBackground: 2}, behind, time.Second)
		for i := range 5 {
			noErr(t, a.view.Set(t.Context(), strconv.Itoa(i), 1))
		}
		time.Sleep(time.Minute + time.Second) // bubble
		for i := range 5 {
			ok(a.view.GetOrLoad(t.Context(), strconv.Itoa(i), a.load))(t)
		}
		noErr(t, a.cache.Drain(t.Context()))
		check(t, "loads", int32(2), a.loads.Load())
		check(t, "dropped", int64(3), a.cache.Stats().Dropped)
	})
}

// TestBackgroundWorkEndsWithItsContext: the time of an invocation is up, and the
// work is told. What it would have done is done by the next one.
func TestBackgroundWorkEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := cache.Options{Background: func(ctx context.Context, work func(context.Context)) {
			ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
			go func() {
				defer cancel()
				work(ctx)
			}()
		}}
		a := newAged(t, o, behind, time.Second)
		began := time.Now()
		a.get(t)
		noErr(t, a.cache.Drain(t.Context()))
		check(t, "time until it ended", 300*time.Millisecond, time.Since(began))
		synctest.Wait()
		check(t, "keys left of the lease", int64(0), ok(a.srv.Client().Exists(t.Context(), "shop:l:k"))(t))
	})
}

func TestKeepLoading(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]bool{"on": true, "off": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, c := newCache(t, cache.Options{KeepLoading: keep, Background: cache.Goroutine})
				view := cache.Of[int](c, cache.ViewOptions{})
				ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
				defer cancel()
				var ended atomic.Bool
				_, err := view.GetOrLoad(ctx, "k", func(ctx context.Context, _ string) (int, error) {
					select {
					case <-time.After(time.Second):
						return 1, nil
					case <-ctx.Done():
						ended.Store(true)
						return 0, ctx.Err()
					}
				})
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("GetOrLoad = %v", err)
				}
				noErr(t, c.Drain(t.Context()))
				synctest.Wait()
				check(t, "the loader was told to end", !keep, ended.Load())
				_, err = view.Get(t.Context(), "k")
				check(t, "stored", keep, err == nil)
			})
		})
	}
}
