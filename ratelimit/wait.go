package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// ErrDenied says that waiting is in vain: what asks is on the deny list.
var ErrDenied = errors.New("ratelimit: denied")

// ErrTooLong says that the units come after the context's deadline. It is a
// [context.DeadlineExceeded], known before the deadline.
var ErrTooLong = fmt.Errorf("ratelimit: the wait would end after the deadline: %w", context.DeadlineExceeded)

// Wait waits until one unit of the key is granted, see [Limiter.WaitN].
func (l *Limiter) Wait(ctx context.Context, key string) error { return l.WaitN(ctx, key, 1) }

// WaitN waits until n units of the key are granted. Those who wait for the same
// key in this process are served in the order in which they came, and only the
// first of them asks the store, each time when its units are due: one round trip
// where nobody else is faster. The time is slept on real timers, also when
// Options.Clock is another one.
//
// It returns ctx's error when that ends first, at once with [ErrTooLong] when
// that is certain, [ErrDenied], or the errors of [Limiter.AllowN].
func (l *Limiter) WaitN(ctx context.Context, key string, n int64) error {
	if err := l.turns.take(ctx, key); err != nil {
		return err
	}
	defer l.turns.pass(key)
	for {
		r, err := l.AllowN(ctx, key, n)
		switch {
		case err != nil:
			return err
		case r.Allowed:
			return nil
		case r.Reason == Denied:
			return ErrDenied
		case r.RetryAt.IsZero():
			return &CostError{Cost: n, Capacity: r.Limit, Policy: l.options.Name}
		}
		if err := sleep(ctx, time.Duration(r.RetryAt.UnixMilli()-l.now())*time.Millisecond); err != nil {
			return err
		}
	}
}

// spread is the most that is added to a pause, a tenth of it at most, so that
// processes that wait for the same window do not ask in the same instant.
const spread = 50 * time.Millisecond

func sleep(ctx context.Context, pause time.Duration) error {
	pause = max(pause, time.Millisecond)
	if deadline, has := ctx.Deadline(); has && time.Until(deadline) < pause {
		return ErrTooLong
	}
	pause += rand.N(min(pause/10, spread) + 1)
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
