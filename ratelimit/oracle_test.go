package ratelimit_test

import (
	"cmp"
	"context"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var models = []struct {
	name  string
	limit ratelimit.Algorithm
	most  int64
	make  func() model
}{
	{"FixedWindow", ratelimit.FixedWindow(40, 100*time.Millisecond), 40, func() model {
		return &modelFixed{40, 100, map[int64]int64{}}
	}},
	{"SlidingWindow", ratelimit.SlidingWindow(37, 101*time.Millisecond), 37, func() model {
		return &modelSliding{modelFixed{37, 101, map[int64]int64{}}}
	}},
	{"TokenBucket", ratelimit.TokenBucket(40, 7, 30*time.Millisecond), 40, func() model {
		return &modelBucket{capacity: 40, refill: 7, interval: 30}
	}},
	{"GCRA", ratelimit.GCRA(37, 100*time.Millisecond), 37, func() model {
		return &modelGCRA{each: big.NewRat(100, 37), burst: 37, whole: new(big.Rat)}
	}},
	{"GCRA burst", ratelimit.GCRA(300, 700*time.Millisecond).Burst(11), 11, func() model {
		return &modelGCRA{each: big.NewRat(700, 300), burst: 11, whole: new(big.Rat)}
	}},
	{"SlidingLog", ratelimit.SlidingLog(30, 100*time.Millisecond), 30, func() model {
		return &modelLog{limit: 30, window: 100}
	}},
}

// asked is one call and what came of it.
type asked struct {
	now     int64
	op      string
	key     string
	cost    int64
	granted int64
	result  ratelimit.Result
}

// TestOracle has many goroutines ask at once, each with a clock of its own, and
// has a model decide the same calls in the order in which the server ran them.
// UPSTASH_LONG=1 runs 200,000 decisions, 50,000 with the race detector.
func TestOracle(t *testing.T) {
	t.Parallel()
	total := scale(6000, 200_000)
	if raceEnabled {
		total = scale(1800, 50_000)
	}
	for _, m := range models {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			replay(t, m.limit, m.most, m.make, total/len(models))
		})
	}
}

func replay(t *testing.T, limit ratelimit.Algorithm, most int64, fresh func() model, calls int) {
	t.Helper()
	const processes, goroutines = 8, 32
	srv, _ := newServer(t) // its clock stands still: nothing expires
	store := &ordered{Doer: srv.Client(), at: map[int64]int64{}}
	var ticks, left atomic.Int64
	ticks.Store(start)
	left.Store(int64(calls))
	var mu sync.Mutex
	all := make([]asked, 0, calls)
	var wg sync.WaitGroup
	for p := range processes {
		for g := range goroutines {
			wg.Go(func() {
				own := &clock{}
				l := newLimiter(t, store, own, ratelimit.Options{Limit: limit, BlockCache: -1})
				rng := rand.New(rand.NewPCG(uint64(p), uint64(g)))
				for left.Add(-1) >= 0 {
					own.ms.Store(ticks.Add(1)) // no two calls have the same instant, so it tells them apart
					a := ask(t, l, rng, most)
					a.now = own.ms.Load()
					mu.Lock()
					all = append(all, a)
					mu.Unlock()
				}
			})
		}
	}
	wg.Wait()
	check(t, "calls", calls, len(all))
	slices.SortFunc(all, func(a, b asked) int { return cmp.Compare(store.at[a.now], store.at[b.now]) })
	compare(t, all, fresh, most)
}

// ordered has the server number the scripts that it runs, in the same
// transaction.
type ordered struct {
	upstash.Doer

	mu sync.Mutex
	at map[int64]int64 // by the instant that a script was called with
}

func (o *ordered) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	b.Atomic = true
	b.Commands = append([]command.Args{command.Incr("order").Args()}, b.Commands...)
	replies, err := o.Doer.Do(ctx, b)
	if err != nil {
		return nil, err
	}
	if numbers, err := replies[1].Ints(); err == nil && len(numbers) > 0 { // not when the script was unknown
		position, err := replies[0].Int()
		if err != nil {
			return nil, err
		}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.at[numbers[0]] = position
	}
	return replies[1:], nil
}

func ask(t *testing.T, l *ratelimit.Limiter, rng *rand.Rand, most int64) asked {
	t.Helper()
	a := asked{op: "take", key: "k" + strconv.Itoa(rng.IntN(3)), cost: 1 + rng.Int64N(1+most/6)}
	switch rng.IntN(12) {
	case 0:
		a.op = "refund"
		a.result = ok(l.Refund(t.Context(), a.key, a.cost))(t)
	case 1, 2:
		a.op, a.cost = "upto", 1+rng.Int64N(most)
		granted, r, err := l.AllowUpTo(t.Context(), a.key, a.cost)
		noErr(t, err)
		a.granted, a.result = granted, r
	default:
		a.result = ok(l.AllowN(t.Context(), a.key, a.cost))(t)
	}
	return a
}
