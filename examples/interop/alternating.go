package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// alternatingCalls is how many calls there are of each limiter.
const alternatingCalls = 10_000

// A limiting is a limiter as both sides make it.
type limiting struct {
	name       string
	algorithm  string // in TypeScript
	most       int64  // the limit
	window     string
	refill     int64 // of a bucket
	everything bool  // the block cache, dynamic limits and analytics, too
}

// limitings are the algorithms of one region, with numbers that divide evenly
// and that do not: 475 in 501 ms is where doubles and integers differ.
var limitings = []limiting{
	{"fixed", "fixedWindow", 7, "1 s", 0, false},
	{"fixed, everything", "fixedWindow", 7, "1.5s", 0, true},
	{"sliding", "slidingWindow", 475, "501 ms", 0, false},
	{"sliding, everything", "slidingWindow", 9, "0.0166666 m", 0, true},
	{"bucket", "tokenBucket", 10, "700.4ms", 3, false},
	{"bucket, everything", "tokenBucket", 10, "1 s", 5, true},
}

// limit is the algorithm in Go, by the same text of a window.
func (l limiting) limit() (ratelimit.Algorithm, error) {
	window, err := ratelimit.ParseWindow(l.window)
	switch l.algorithm {
	case "fixedWindow":
		return ratelimit.FixedWindow(l.most, window), err
	case "slidingWindow":
		return ratelimit.SlidingWindow(l.most, window), err
	default:
		return ratelimit.TokenBucket(l.most, l.refill, window), err
	}
}

// numbers are the parameters in TypeScript.
func (l limiting) numbers() []any {
	if l.algorithm == "tokenBucket" {
		return []any{l.refill, l.window, l.most}
	}
	return []any{l.most, l.window}
}

// alternating has two services use each limiter by turns: once both are
// TypeScript, and once the second is Go. Everything must be the same: each
// result, and the keys at the end with their types, values and expiry.
func (s *suite) alternating(ctx context.Context) error {
	for _, l := range limitings {
		err := l.alternate(ctx, s.node, alternatingCalls, goLimiter)
		s.check(fmt.Sprintf("takes turns with TypeScript, %d calls: %s", alternatingCalls, l.name), err)
	}
	return ctx.Err()
}

// A service answers the calls of a turn, in their order.
type service interface {
	turn(ctx context.Context, now int64, calls []limitCall) ([]verdict, error)
}

// alternate plays one history on two servers and compares them.
func (l limiting) alternate(ctx context.Context, n node, calls int, second func(limiting, *stage) (service, error)) error {
	alone, err := newStage(ctx, n)
	if err != nil {
		return err
	}
	defer alone.close()
	mixed, err := newStage(ctx, n)
	if err != nil {
		return err
	}
	defer mixed.close()

	var first, other [2]service // of alone, of mixed
	for i, st := range []*stage{alone, mixed} {
		if first[i], err = st.npm.make(l, "first"); err != nil {
			return err
		}
	}
	if other[0], err = alone.npm.make(l, "second"); err != nil {
		return err
	}
	if other[1], err = second(l, mixed); err != nil {
		return err
	}

	h := history{limiting: l, rng: rand.New(rand.NewPCG(1, 2)), now: startMS}
	for turn := 0; calls > 0; turn++ {
		asked := h.next()
		calls -= len(asked)
		services := first
		if turn%2 == 1 {
			services = other
		}
		want, err := alone.play(ctx, services[0], h.now, asked)
		if err != nil {
			return fmt.Errorf("TypeScript alone, turn %d: %w", turn, err)
		}
		got, err := mixed.play(ctx, services[1], h.now, asked)
		if err != nil {
			return fmt.Errorf("both, turn %d: %w", turn, err)
		}
		for i := range asked {
			if got[i] != want[i] {
				return fmt.Errorf("turn %d at %d: %+v: got %+v, want %+v", turn, h.now, asked[i], got[i], want[i])
			}
		}
	}
	return compareKeys(ctx, alone, mixed, other[1])
}

// compareKeys compares what is stored at the end.
func compareKeys(ctx context.Context, alone, mixed *stage, last service) error {
	if f, is := last.(interface{ flush(context.Context) error }); is {
		if err := f.flush(ctx); err != nil {
			return err
		}
	}
	want, err := alone.keys(ctx)
	if err != nil {
		return err
	}
	got, err := mixed.keys(ctx)
	if err != nil {
		return err
	}
	if len(want) == 0 || !maps.Equal(got, want) {
		return fmt.Errorf("keys at the end: got %v, want %v", got, want)
	}
	return nil
}

// A limitCall is one call of a turn, in the words of the TypeScript package.
type limitCall struct {
	Op string `json:"op"`
	ID string `json:"id"`
	N  *int64 `json:"n"` // the cost, or the dynamic limit; null where it is not given
}

func (c limitCall) String() string {
	text, _ := json.Marshal(c) // it has no value that JSON has not
	return string(text)
}

// A verdict is what the TypeScript package returns, in its words.
type verdict struct {
	Success   bool   `json:"success"`
	Limit     int64  `json:"limit"`
	Remaining int64  `json:"remaining"`
	Reset     int64  `json:"reset"`
	Reason    string `json:"reason"`
}
