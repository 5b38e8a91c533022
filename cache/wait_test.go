package cache_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// twoProcesses are views of one namespace; the loader of the first one runs
// until it is told to end.
type twoProcesses struct {
	srv          *upstashtest.Server
	here, there  *cache.View[int]
	end          chan error
	loaded       chan error
	callsOfThere atomic.Int32
}

func newTwoProcesses(t *testing.T, there cache.Options) *twoProcesses {
	t.Helper()
	srv, c := newCache(t, cache.Options{})
	p := &twoProcesses{
		srv: srv, here: cache.Of[int](c, cache.ViewOptions{}), there: cache.Of[int](cacheOver(t, srv.Client(), there), cache.ViewOptions{}),
		end: make(chan error), loaded: make(chan error, 1),
	}
	go func() {
		_, err := p.here.GetOrLoad(t.Context(), "k", func(context.Context, string) (int, error) { return 1, <-p.end })
		p.loaded <- err
	}()
	synctest.Wait()
	srv.Reset()
	return p
}

func (p *twoProcesses) load(context.Context, string) (int, error) {
	p.callsOfThere.Add(1)
	return 2, nil
}

func TestAnotherProcessIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newTwoProcesses(t, cache.Options{})
		const callers = 50
		done := make(chan cache.Info, callers)
		for range callers {
			go func() {
				var info cache.Info
				check(t, "value", 1, ok(p.there.GetOrLoad(t.Context(), "k", p.load, cache.Report(&info)))(t))
				done <- info
			}()
		}
		time.Sleep(100 * time.Millisecond) // bubble: twice what a load is expected to take
		p.end <- nil
		for range callers {
			check(t, "state", cache.Hit, (<-done).State)
		}
		noErr(t, <-p.loaded)
		check(t, "loads there", int32(0), p.callsOfThere.Load())
		// Each caller looks at the beginning and at the end. In between, one of
		// them looks for all, each time after twice the time.
		m := p.srv.Meter()
		if most := 2*callers + 4 + 1; m.Commands > most || m.RoundTrips > most {
			t.Errorf("%d commands in %d round trips, want at most %d", m.Commands, m.RoundTrips, most)
		}
	})
}

func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		there cache.Options
		ctx   time.Duration
		waits time.Duration
		value int
		err   error
	}{
		"with the limit, and loads":     {cache.Options{WaitLimit: time.Second}, 0, time.Second, 2, nil},
		"with the limit, and fails":     {cache.Options{WaitLimit: time.Second, Busy: cache.BusyFails}, 0, time.Second, 0, cache.ErrBusy},
		"in time to load by itself":     {cache.Options{}, time.Second, 900 * time.Millisecond, 2, nil},
		"with the lease of who is gone": {cache.Options{LoadTimeout: time.Hour}, 0, 10 * time.Second, 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newTwoProcesses(t, tt.there)
				ctx := t.Context()
				if tt.ctx > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.ctx)
					defer cancel()
				}
				began := time.Now()
				v, err := p.there.GetOrLoad(ctx, "k", p.load)
				if v != tt.value || !errors.Is(err, tt.err) {
					t.Errorf("GetOrLoad = %d, %v", v, err)
				}
				if waited := time.Since(began); waited < tt.waits || waited > tt.waits+2*time.Second {
					t.Errorf("waited %v, want %v", waited, tt.waits)
				}
				close(p.end)
				for range p.loaded { // whatever became of it
					break
				}
			})
		})
	}
}

// TestAFailedLoadFreesThoseWhoWait: the lease is given back, and one of them loads.
func TestAFailedLoadFreesThoseWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newTwoProcesses(t, cache.Options{})
		done := make(chan int)
		for range 10 {
			go func() { done <- ok(p.there.GetOrLoad(t.Context(), "k", p.load))(t) }()
		}
		time.Sleep(time.Second) // bubble
		p.end <- errDown
		for range 10 {
			check(t, "value", 2, <-done)
		}
		check(t, "loads there", int32(1), p.callsOfThere.Load())
		if err := <-p.loaded; !errors.Is(err, errDown) {
			t.Errorf("here: %v", err)
		}
	})
}

func TestLoadTimeoutDoesNotNeedTheLoadersHelp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := newCache(t, cache.Options{LoadTimeout: time.Second})
		view := cache.Of[int](c, cache.ViewOptions{})
		began := time.Now()
		_, err := view.GetOrLoad(t.Context(), "k", func(context.Context, string) (int, error) {
			time.Sleep(time.Minute) // bubble: it does not look at its context
			return 1, nil
		})
		if !errors.Is(err, cache.ErrLoadTimeout) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("GetOrLoad = %v", err)
		}
		check(t, "after", time.Second, time.Since(began))
		calls := 0
		var info cache.Info
		check(t, "the next load", 2, ok(view.GetOrLoad(t.Context(), "k", returns(2, &calls), cache.Report(&info)))(t))
		check(t, "it has the lease", true, info.Stored)
		time.Sleep(time.Hour / 2) // bubble: the first loader has ended, and stored nothing
		check(t, "stored", 2, ok(view.Get(t.Context(), "k"))(t))
	})
}

func TestRethrowPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := newCache(t, cache.Options{RethrowPanics: true})
		view := cache.Of[int](c, cache.ViewOptions{})
		panics := make(chan any, 2)
		errs := make(chan error, 2)
		for range 2 {
			go func() {
				defer func() { panics <- recover() }()
				_, err := view.GetOrLoad(t.Context(), "k", func(context.Context, string) (int, error) {
					time.Sleep(time.Second) // bubble
					panic("oh")
				})
				errs <- err
			}()
		}
		var thrown *cache.PanicError
		for range 2 {
			if p, is := (<-panics).(*cache.PanicError); is {
				thrown = p
			}
		}
		if thrown == nil || !strings.Contains(thrown.Error(), "oh") {
			t.Errorf("panic = %v", thrown)
		}
		if err := <-errs; !errors.As(err, &thrown) {
			t.Errorf("the other one's error = %v", err)
		}
	})
}
