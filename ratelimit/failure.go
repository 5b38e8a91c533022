package ratelimit

import (
	"context"
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// failedRetry is when to come back after a refusal for want of a store.
const failedRetry = time.Second

// decideFailed decides without the store. Nothing is sent again: whether the
// cost was counted may be unknown, and counting it twice is worse than once or
// not at all. That ctx ended is no failure of the store.
func (l *Limiter) decideFailed(ctx context.Context, r Request, a Algorithm, now int64, err error) (Result, int64, error) {
	if ctx.Err() != nil {
		return Result{}, 0, ctx.Err()
	}
	if l.options.ObserveFailure != nil {
		l.options.ObserveFailure(ctx, err)
	}
	result := Result{Limit: a.limit, Policy: a.policy(l.options.Name)}
	switch l.options.OnFailure {
	case FailOpen:
		result.Allowed = true
	case FailLocal:
		result = l.local.take(r.Key, r.N, now)
		result.Policy = a.policy(l.options.Name)
	default:
		result.RetryAt = instant(now + failedRetry.Milliseconds())
	}
	result.Reason = Failed
	if errors.Is(err, context.DeadlineExceeded) || upstash.IsTimeout(err) {
		result.Reason = TimedOut
	}
	if result.Allowed {
		return result, r.N, nil
	}
	return result, 0, nil
}
