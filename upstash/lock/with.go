package lock

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// With runs f while it holds the lock of key: it waits for it as [Locker.Lock]
// does, and releases it when f returns or panics. The context of f ends with the
// lease, with [ErrLost] as its cause, and f must stop then; nothing can stop it
// from outside. With [Options.MaxHold] the lease is extended meanwhile.
//
// It returns the error of f. If the lease was lost before f was done, so that
// others may have worked at the same time, that is [ErrLost], beside the error
// of f. A lock that could not be given back is told to [Options.OnError].
func (k *Locker) With(ctx context.Context, key string, f func(ctx context.Context, lease *Lease) error) (err error) {
	lease, err := k.Lock(ctx, key)
	if err != nil {
		return err
	}
	work, cancel := lease.Context(ctx)
	stop := lease.keep(work)
	defer func() {
		stop()
		cancel()
		if lost := lease.leave(ctx); lost != nil {
			err = joined(err, lost)
		}
	}()
	return f(work, lease)
}

// keep extends the lease in the background as Options.MaxHold says. The function
// it returns ends that, and waits for the end.
func (l *Lease) keep(ctx context.Context) (stop func()) {
	maxHold := l.locker.opts.MaxHold
	if maxHold == 0 {
		return func() {}
	}
	ctx, cancel := context.WithTimeout(ctx, maxHold)
	var running sync.WaitGroup
	running.Go(func() { _ = l.KeepAlive(ctx) }) // what it finds, the lease knows
	return func() {
		cancel()
		running.Wait()
	}
}

// leave releases the lease unless that has been done, and is ErrLost when it did
// not last until now.
func (l *Lease) leave(ctx context.Context) error {
	if errors.Is(l.Err(), ErrNotHeld) {
		return nil // f released it
	}
	err := l.Release(ctx)
	if errors.Is(l.Err(), ErrLost) || errors.Is(err, ErrNotHeld) {
		return ErrLost
	}
	l.locker.report(ctx, err)
	return nil
}

func joined(err, lost error) error {
	switch {
	case err == nil:
		return lost
	case errors.Is(err, lost):
		return err
	}
	return fmt.Errorf("%w (%w)", err, lost)
}
