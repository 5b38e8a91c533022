package lock

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// How many requests in a row may remain without a certain answer before it is
// given up. Who waits polls anyway, and a long wait meets many faults.
const (
	maxUnclear        = 3
	maxUnclearWaiting = 10
)

// TryLock acquires the lock of key if it is free, and is [ErrNotAcquired]
// otherwise. It is one round trip; one whose reply is lost is repeated, up to
// three in all, with the same token, so that the caller then knows whether it
// has the lock. One that fails gives back what it may have acquired.
func (k *Locker) TryLock(ctx context.Context, key string) (*Lease, error) {
	return k.acquire(ctx, key, false)
}

// Lock acquires the lock of key, and waits for it as long as ctx lives: bound it
// with [context.WithTimeout]. Then it is [ErrNotAcquired] with the context's
// cause. Every poll is a round trip, and billed; [Lease.Polls] counts them. The
// pauses between them are random and grow to a second. Who waits longest has no
// precedence.
func (k *Locker) Lock(ctx context.Context, key string) (*Lease, error) {
	return k.acquire(ctx, key, true)
}

func (k *Locker) acquire(ctx context.Context, key string, wait bool) (*Lease, error) {
	if err := k.check(key); err != nil {
		return nil, err
	}
	a := &acquisition{locker: k, key: key, value: rand.Text() + k.opts.Note, first: k.now()}
	lease, err := a.run(ctx, wait)
	if err != nil && a.mayHold {
		_, _, dropErr := k.drop(ctx, key, a.value)
		k.report(ctx, dropErr)
	}
	return lease, err
}

// acquisition is one call of TryLock or Lock. All its requests carry the same
// value, so that whichever of them ran, the lock is recognized as its own.
type acquisition struct {
	locker     *Locker
	key, value string
	first      instant // before the first request
	polls      int
	unclear    int   // requests in a row without a certain answer
	last       error // of the last one, if it failed
	mayHold    bool  // a request may have acquired the lock, and no answer since says otherwise
}

func (a *acquisition) run(ctx context.Context, wait bool) (*Lease, error) {
	limit := maxUnclear
	if wait {
		limit = maxUnclearWaiting
	}
	for {
		if ctx.Err() != nil {
			return nil, a.gaveUp(ctx)
		}
		sent := a.locker.now()
		lease, err := a.poll(ctx, sent)
		switch {
		case lease != nil:
			return lease, nil
		case err == nil && !wait:
			return nil, ErrNotAcquired
		case err == nil:
			a.unclear = 0
		case ctx.Err() != nil:
			return nil, a.gaveUp(ctx)
		default:
			a.unclear++
			if !unclear(err) || a.unclear == limit {
				return nil, fmt.Errorf("lock: %w", err)
			}
		}
		if !sleep(ctx, pollPause(a.polls, sent.elapsed(a.locker.now()))) {
			return nil, a.gaveUp(ctx)
		}
	}
}

// poll asks once. It returns neither lease nor error when somebody else has the
// lock.
func (a *acquisition) poll(ctx context.Context, sent instant) (*Lease, error) {
	k := a.locker
	a.polls++
	// A reply that takes longer is of no use, see late.
	ctx, cancel := context.WithTimeout(ctx, k.opts.TTL/2)
	defer cancel()
	got, err := k.ask(ctx, a.key, a.value)
	if a.last = err; err != nil {
		a.mayHold = a.mayHold || !upstash.SafeToRetry(err)
		return nil, err
	}
	a.mayHold = got.state != taken
	since := sent
	switch got.state {
	case given:
	case had:
		// It may have been the very first one, or a copy of it that the network
		// made. If that is long ago, the TTL is started again.
		since = a.first
		if k.late(since) {
			since = k.now()
			if own, err := k.extend(ctx, a.key, a.value); err != nil || !own {
				a.last = err
				return nil, err
			}
		}
	default:
		return nil, nil //nolint:nilnil // unexported, and the comment above says what it means
	}
	if k.late(since) {
		a.last = errTooSlow
		return nil, errTooSlow
	}
	return newLease(ctx, a, got.fence, since), nil
}

// late reports whether too little of a TTL is left to begin anything with it.
func (k *Locker) late(since instant) bool { return since.elapsed(k.now()) > k.opts.TTL/2 }

func (a *acquisition) gaveUp(ctx context.Context) error {
	err := fmt.Errorf("%w after %d attempts: %w", ErrNotAcquired, a.polls, context.Cause(ctx))
	if a.last != nil {
		err = fmt.Errorf("%w (the last one: %w)", err, a.last)
	}
	return err
}
