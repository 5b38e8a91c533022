package upstash

import (
	"context"
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// RetryOptions say when a failed round trip is tried again. The zero value is
// the default: nothing that may have run is sent again unless it only reads.
type RetryOptions struct {
	// Attempts is the largest number of round trips for one call, the first
	// one included. Default 3, that of the AWS SDKs; 1 turns retries off.
	Attempts int

	// Policy decides after which failures another attempt is made. Default
	// [RetryNotExecuted] or [RetryReads].
	Policy RetryPolicy

	// BaseDelay is the longest pause before the second attempt. It doubles with
	// every further one, up to MaxDelay, and the pause is a random part of it
	// (full jitter), so that clients that failed together do not come back
	// together. Defaults 50ms and 2s.
	BaseDelay time.Duration
	MaxDelay  time.Duration

	// Reserve is kept free before the context's deadline: no attempt begins
	// within it, so that the caller has time to say what failed. Default 50ms.
	Reserve time.Duration

	// AttemptTimeout bounds each round trip, so that one that hangs leaves time
	// for another. Default 0: only the call as a whole is bounded.
	AttemptTimeout time.Duration
}

// Source of the numbers: AWS SDKs, retry mode "standard" (3 attempts, a quota
// of 500, 5 for a retry); pauses are for a database and not for a control plane.
const (
	defaultAttempts  = 3
	defaultBaseDelay = 50 * time.Millisecond
	defaultMaxDelay  = 2 * time.Second
	defaultReserve   = 50 * time.Millisecond
)

func (o RetryOptions) withDefaults() RetryOptions {
	o.Attempts = orDefault(o.Attempts, defaultAttempts)
	o.BaseDelay = orDefault(o.BaseDelay, defaultBaseDelay)
	o.MaxDelay = orDefault(o.MaxDelay, defaultMaxDelay)
	o.Reserve = orDefault(o.Reserve, defaultReserve)
	if o.Policy == nil {
		o.Policy = RetryAny(RetryNotExecuted, RetryReads)
	}
	return o
}

func orDefault[T ~int | ~int64](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

func (o RetryOptions) validate() error {
	if o.Attempts < 0 || o.BaseDelay < 0 || o.MaxDelay < 0 || o.Reserve < 0 || o.AttemptTimeout < 0 {
		return errors.New("upstash: a number in Options.Retry is negative: leave it 0 for the default")
	}
	return nil
}

type retryKey struct{}

// WithRetry returns a context whose calls are retried as o says, whatever the
// client's own options: RetryOptions{Attempts: 1} for not at all.
func WithRetry(ctx context.Context, o RetryOptions) context.Context {
	return context.WithValue(ctx, retryKey{}, o.withDefaults())
}

// Retry returns a [Middleware] that sends a batch again as o says. A [Client]
// has one already, see Options.Retry; this one is for a [Doer] of your own.
//
// It shares a quota among all calls, so that retries cannot multiply the load
// of a server that is failing: when most calls fail they are not repeated.
func Retry(o RetryOptions) Middleware {
	o = o.withDefaults()
	return func(next Doer) Doer { return &retrier{next: next, options: o, quota: newQuota()} }
}

type retrier struct {
	next    Doer
	options RetryOptions
	quota   *quota
}

// Do makes attempts until one is answered or none is left.
func (r *retrier) Do(ctx context.Context, b Batch) ([]command.Reply, error) {
	o := r.options
	if own, ok := ctx.Value(retryKey{}).(RetryOptions); ok {
		o = own
	}
	spent, made := 0, 0
	var unknown error // of an attempt that may have run
	for attempt := 1; ; attempt++ {
		replies, err := r.try(ctx, b, o, attempt)
		if !unmade(err) {
			made++
		}
		if OutcomeUnknown(err) {
			unknown = err
		}
		again := Attempt{Number: attempt, Class: b.class(), Err: err}
		if err == nil {
			if again.turned, again.whole = failover(b, replies); !again.turned {
				r.quota.succeed(spent)
				return replies, nil
			}
		}
		if spent = r.wait(ctx, o, again); spent == 0 {
			if err == nil && unknown != nil && again.Class != command.ReadOnly {
				replies, err = nil, unknown // what was turned away now may have run before
			}
			return replies, counted(err, made, unknown)
		}
	}
}

// wait returns what another attempt took from the quota when it is time for it,
// and 0 when there is none.
func (r *retrier) wait(ctx context.Context, o RetryOptions, a Attempt) (spent int) {
	if a.Number >= o.Attempts || !a.passing() || !o.Policy(a) {
		return 0
	}
	pause := o.pause(a.Number, a.Err)
	if pause < 0 || !inTime(ctx, pause+o.Reserve) {
		return 0
	}
	if spent = r.quota.take(); spent == 0 || !sleep(ctx, pause) {
		return 0
	}
	return spent
}

func (r *retrier) try(ctx context.Context, b Batch, o RetryOptions, attempt int) ([]command.Reply, error) {
	if attempt > 1 {
		ctx = context.WithValue(ctx, attemptKey{}, attempt)
	}
	if o.AttemptTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, o.AttemptTimeout)
		defer cancel()
	}
	return r.next.Do(ctx, b)
}

// unmade tells an attempt that ended before anything was asked of the network.
func unmade(err error) bool {
	e, ok := err.(*Error) //nolint:errorlint // as in counted
	return ok && e.Attempts == 0
}

// counted puts the number of attempts into a failed round trip's error, and that
// an earlier one may have run.
func counted(err error, attempts int, unknown error) error {
	e, ok := err.(*Error) //nolint:errorlint // one that is wrapped cannot be replaced
	if !ok {
		return err
	}
	mayHaveRun := unknown != nil && e.outcome == notExecuted
	if e.Attempts == attempts && !mayHaveRun {
		return err
	}
	own := *e // who made it may hand it to others too
	own.Attempts = attempts
	if mayHaveRun {
		own.outcome, own.Sent, own.repeatable = outcomeUnknown, true, SafeToRetry(unknown)
	}
	return &own
}

type attemptKey struct{}

// attemptOf is the number of the attempt that ctx belongs to.
func attemptOf(ctx context.Context) int {
	if n, ok := ctx.Value(attemptKey{}).(int); ok {
		return n
	}
	return 1
}
