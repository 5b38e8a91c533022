package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

const key, value = "bench:greeting", "hello"

// way is one way to make calls, and how many a second it made in each round.
type way struct {
	name    string
	measure func(ctx context.Context, p plan) (float64, error)
	rates   []float64
}

// measure takes turns, so that whatever else the machine does hits all of them.
func measure(ctx context.Context, p plan, ways []*way) error {
	for range p.rounds {
		for _, w := range ways {
			rate, err := w.measure(ctx, p)
			if err != nil {
				return err
			}
			w.rates = append(w.rates, rate)
		}
	}
	return nil
}

var errWrong = errors.New("a GET returned another value")

// inGo has goroutines GET over and over. The first quarter of the time is not
// counted: connections are made in it.
func inGo(d upstash.Doer) func(context.Context, plan) (float64, error) {
	return func(ctx context.Context, p plan) (float64, error) {
		rdb := upstash.Over(d)
		var calls atomic.Int64
		var over atomic.Bool
		failures := make(chan error, p.callers)
		var callers sync.WaitGroup
		for range p.callers {
			callers.Go(func() {
				for !over.Load() {
					got, err := rdb.Get(ctx, key)
					if err == nil && got != value {
						err = errWrong
					}
					if err != nil {
						failures <- err
						return
					}
					calls.Add(1)
				}
			})
		}
		time.Sleep(p.time / 4)
		before, start := calls.Load(), time.Now()
		time.Sleep(p.time - p.time/4)
		rate := float64(calls.Load()-before) / time.Since(start).Seconds()
		over.Store(true)
		callers.Wait()
		select {
		case err := <-failures:
			return 0, err
		default:
			return rate, nil
		}
	}
}
