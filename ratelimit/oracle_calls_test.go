package ratelimit_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// calls makes the calls of one of some processes.
func (r oracleRun) calls(ctx context.Context, d upstash.Doer, calls, process, processes int) ([]asked, error) {
	const (
		goroutines = 32
		slow       = 8 // milliseconds, the most that a clock is slow
	)
	var ticks, left atomic.Int64
	left.Store(int64(calls))
	var mu sync.Mutex
	var failed error
	all := make([]asked, 0, calls)
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			own := &clock{}
			l, err := ratelimit.New(d, ratelimit.Options{
				Limit: r.limit, Mode: r.mode, BlockCache: -1, Budget: -1, ServerClock: r.server, Clock: own.Now,
				ObserveFailure: func(_ context.Context, err error) {
					mu.Lock()
					failed = err
					mu.Unlock()
				},
			})
			rng := rand.New(rand.NewPCG(r.seed+uint64(process), uint64(g)))
			for err == nil && left.Add(-1) >= 0 {
				tick := ticks.Add(1)*int64(processes) + int64(process)
				own.ms.Store(start + pauses(tick) - rng.Int64N(slow)) // so that time goes back, whoever runs when
				var a asked
				a, err = r.ask(ctx, l, rng)
				mu.Lock()
				all = append(all, a)
				mu.Unlock()
			}
			if err != nil {
				mu.Lock()
				failed = cmp.Or(failed, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return all, failed
}

// ask makes a call. Nothing is given back of the key k0, whose bounds are
// checked.
func (r oracleRun) ask(ctx context.Context, l *ratelimit.Limiter, rng *rand.Rand) (asked, error) {
	a := asked{Op: "take", Key: "k" + strconv.Itoa(rng.IntN(3)), Cost: 1 + rng.Int64N(1+r.most/6)}
	var seen trace
	ctx = context.WithValue(ctx, traceKey{}, &seen)
	var result ratelimit.Result
	var err error
	switch n := rng.IntN(12); {
	case n == 0 && a.Key != "k0":
		a.Op = "refund"
		result, err = l.Refund(ctx, a.Key, a.Cost)
	case n <= 2 && r.mode == ratelimit.Strict:
		a.Op, a.Cost = "upto", 1+rng.Int64N(r.most)
		a.Granted, result, err = l.AllowUpTo(ctx, a.Key, a.Cost)
	case n == 3 && r.mode == ratelimit.Strict:
		a.Op, a.Cost = "peek", 1
		result, err = l.Peek(ctx, a.Key)
	default:
		result, err = l.AllowN(ctx, a.Key, a.Cost)
	}
	if a.Op == "take" && result.Allowed {
		a.Granted = a.Cost
	}
	if err == nil && result.Reason != ratelimit.Counted {
		err = fmt.Errorf("a decision that was %v", result.Reason)
	}
	a.Order, a.Now, a.Allowed, a.Remaining = seen.order, seen.now, result.Allowed, result.Remaining
	return a, err
}
