package lock

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// Extend starts the lease's TTL again: one round trip and one billed command,
// repeated when its reply is lost, as long as the lease lasts. It is [ErrLost]
// when the lock is no longer the lease's, and without a request when its time
// is up; any other error leaves the lease as it was.
func (l *Lease) Extend(ctx context.Context) error {
	for n := 1; ; n++ {
		left := l.Remaining()
		if left == 0 {
			return l.Err()
		}
		sent := l.locker.now()
		own, err := l.extend(ctx, left)
		if err == nil {
			return l.extended(sent, own)
		}
		if !unclear(err) || n == maxUnclear || !sleep(ctx, min(pollPause(0, 0), left)) {
			return fmt.Errorf("lock: extend: %w", err)
		}
	}
}

// extend does not wait longer than the answer is of use.
func (l *Lease) extend(ctx context.Context, left time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	return l.locker.extend(ctx, l.key, l.value)
}

func (l *Lease) extended(sent instant, own bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	// An answer that comes after the lease was over does not bring it back: work
	// may have seen it end.
	if err := l.state(); err != nil {
		return err
	}
	if !own {
		return l.lose()
	}
	if sent.monotonic.After(l.since.monotonic) {
		l.since = sent
	}
	return nil
}

// KeepAlive extends the lease again and again, when about a third of the TTL has
// passed, until the lease is over or ctx ends. It returns nil after Release,
// [ErrLost], or the context's cause. A failure is tried again as long as the
// lease lasts.
//
// It is meant for a goroutine of the caller's, who owns its end:
//
//	go func() { _ = lease.KeepAlive(ctx) }()
//
// Bound ctx, or work that hangs keeps the lock for ever. A process that is
// frozen extends nothing; when it goes on, the lease is lost if its time is up.
// On Lambda that is between invocations: release before the handler returns.
func (l *Lease) KeepAlive(ctx context.Context) error {
	ttl := l.locker.opts.TTL
	for {
		pause := l.Remaining() - ttl*2/3
		// A random part earlier, so that holders that began together do not
		// stay together; and a while later after a failure.
		timer := time.NewTimer(max(pause, ttl/10) - rand.N(ttl/20)) //nolint:gosec // jitter is not a secret
		select {
		case <-timer.C:
		case <-l.over.Done():
		case <-ctx.Done():
		}
		timer.Stop()
		switch err := l.Err(); {
		case errors.Is(err, ErrNotHeld):
			return nil
		case err != nil:
			return err
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		_ = l.Extend(ctx) // a lease that is lost is noticed above, and every other failure is tried again
	}
}
