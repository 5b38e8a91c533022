package ratelimit_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var policies = map[string]struct {
	policy  ratelimit.Failure
	allowed bool
}{
	"closed": {ratelimit.FailClosed, false},
	"open":   {ratelimit.FailOpen, true},
	"local":  {ratelimit.FailLocal, true},
}

// hung is a store that answers never.
func hung(ctx context.Context, _ upstash.Batch) ([]command.Reply, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestBudget: a store that hangs is given up when the budget is over.
func TestBudget(t *testing.T) {
	t.Parallel()
	for name, p := range policies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l, err := ratelimit.New(upstash.DoerFunc(hung), ratelimit.Options{Limit: ratelimit.GCRA(10, time.Minute), OnFailure: p.policy})
				noErr(t, err)
				begin := time.Now()
				r := ok(l.Allow(t.Context(), "u"))(t)
				check(t, "took", 300*time.Millisecond, time.Since(begin))
				check(t, "decision", []any{p.allowed, ratelimit.TimedOut}, []any{r.Allowed, r.Reason})
				_, err = l.Peek(t.Context(), "u")
				check(t, "Peek fails", true, errors.Is(err, context.DeadlineExceeded))
			})
		})
	}
}

// TestCallerGone: that the caller's context ends is no failure of the store.
func TestCallerGone(t *testing.T) {
	t.Parallel()
	l, err := ratelimit.New(upstash.DoerFunc(hung), ratelimit.Options{Limit: ratelimit.GCRA(10, time.Minute), OnFailure: ratelimit.FailOpen})
	noErr(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := l.Allow(ctx, "u")
	check(t, "error and result", []any{true, ratelimit.Result{}}, []any{errors.Is(err, context.Canceled), r})
}

// TestFailLocal: without a store each instance grants its part.
func TestFailLocal(t *testing.T) {
	t.Parallel()
	_, now := newServer(t)
	broken := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) { return nil, errors.New("down") })
	l := newLimiter(t, broken, now, ratelimit.Options{
		Limit: ratelimit.FixedWindow(100, time.Minute), OnFailure: ratelimit.FailLocal, Instances: 10,
	})
	granted := 0
	var last ratelimit.Result
	for range 30 {
		if last = ok(l.Allow(t.Context(), "u"))(t); last.Allowed {
			granted++
		}
	}
	check(t, "granted at once", 10, granted)
	check(t, "the next one", now.Now().Add(6*time.Second), last.RetryAt)
	now.Advance(6*time.Second - time.Millisecond)
	check(t, "a millisecond early", false, ok(l.Allow(t.Context(), "u"))(t).Allowed)
	now.Advance(time.Millisecond)
	check(t, "then", true, ok(l.Allow(t.Context(), "u"))(t).Allowed)
	for i := range 20_000 { // memory is bounded, whoever asks
		ok(l.Allow(t.Context(), string(rune(i))+"x"))(t)
	}
}
