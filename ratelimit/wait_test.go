package ratelimit_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestWait: waiters of a key are served in their order, each when its unit is
// due, and only one of them asks.
func TestWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const waiters = 20
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		l, err := ratelimit.New(srv.Client(), ratelimit.Options{Limit: ratelimit.GCRA(1, time.Second)})
		noErr(t, err)
		noErr(t, l.Wait(t.Context(), "u"))
		srv.Reset()
		begin := time.Now()
		var mu sync.Mutex
		var order []int
		var took []time.Duration
		var wg sync.WaitGroup
		for i := range waiters {
			wg.Go(func() {
				noErr(t, l.Wait(t.Context(), "u"))
				mu.Lock()
				defer mu.Unlock()
				order, took = append(order, i), append(took, time.Since(begin))
			})
			synctest.Wait()
		}
		wg.Wait()
		want := make([]int, waiters)
		for i, d := range took {
			want[i] = i
			due := time.Duration(i+1) * time.Second
			if d < due || d > due+time.Duration(i+1)*51*time.Millisecond {
				t.Errorf("waiter %d was served after %v", i, d)
			}
		}
		check(t, "order", want, order)
		if trips := srv.Meter().RoundTrips; trips > 2*waiters {
			t.Errorf("%d round trips for %d waiters", trips, waiters)
		}
	})
}

func TestWaitEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		l, err := ratelimit.New(srv.Client(), ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute)})
		noErr(t, err)
		noErr(t, l.Wait(t.Context(), "u"))
		begin := time.Now()

		short, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		err = l.Wait(short, "u")
		check(t, "too long, at once", []any{true, true, time.Duration(0)},
			[]any{errors.Is(err, ratelimit.ErrTooLong), errors.Is(err, context.DeadlineExceeded), time.Since(begin)})

		gone, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		var first, second, third error
		wg.Go(func() { first = l.Wait(gone, "u") })
		synctest.Wait()
		wg.Go(func() { second = l.Wait(gone, "u") })
		wg.Go(func() { third = l.Wait(t.Context(), "u") })
		synctest.Wait()
		leave()
		wg.Wait()
		check(t, "who left", []any{true, true, true}, []any{errors.Is(first, context.Canceled), errors.Is(second, context.Canceled), third == nil})
		var cost *ratelimit.CostError
		check(t, "cost", true, errors.As(l.WaitN(t.Context(), "u", 2), &cost))
	})
}

func TestWaitDenied(t *testing.T) {
	t.Parallel()
	srv, now := newServer(t)
	l := newLimiter(t, srv.Client(), now, ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute), DenyList: true})
	noErr(t, l.Deny(t.Context(), "u"))
	check(t, "denied", true, errors.Is(l.Wait(t.Context(), "u"), ratelimit.ErrDenied))
}

// TestTurnThatNobodyTakes: a waiter may leave at the moment when it is its turn,
// which then goes on to the next one.
func TestTurnThatNobodyTakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, err := ratelimit.New(upstash.DoerFunc(hung), ratelimit.Options{Limit: ratelimit.GCRA(1, time.Minute)})
		noErr(t, err)
		for range 50 { // whether the turn comes before the waiter is out of the line is chance
			noErr(t, l.TakeTurn(t.Context(), "u"))
			gone, leave := context.WithCancel(t.Context())
			var wg sync.WaitGroup
			wg.Go(func() {
				if l.TakeTurn(gone, "u") == nil {
					l.PassTurn("u")
				}
			})
			synctest.Wait()
			leave()
			l.PassTurn("u")
			wg.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			noErr(t, l.TakeTurn(ctx, "u"))
			cancel()
			l.PassTurn("u")
		}
	})
}
