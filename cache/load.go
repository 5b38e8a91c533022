package cache

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"time"
)

// Loader reads a value from the source, a database for example. The key is the
// caller's, without the view's prefix. It returns [ErrNotFound] for what does
// not exist. Its context ends when [Options.LoadTimeout] has passed or when no
// caller waits any more, not when the caller that began it goes away.
type Loader[T any] func(ctx context.Context, key string) (T, error)

// loadReport is what a flight tells its callers besides the value.
type loadReport struct {
	again    bool // somebody else filled the entry meanwhile: look again
	stored   bool
	storeErr error
}

// maxLooks bounds how often a call looks again because others were faster.
const maxLooks = 4

// GetOrLoad returns the stored value, or loads and stores it.
//
// A hit is one round trip and one billed command, whatever the number of
// declared tags. A miss is three of each, plus one command for each tag that is
// used the first time: look, take the lease, fill.
//
// What it returns is never older than the last [Cache.Invalidate] of one of its
// tags, or [View.Delete] of its key, that finished before the call: the stamps
// that an entry carries are those that were read before the loader ran, and a
// load whose lease was deleted does not store. The value is returned all the same.
//
// Concurrent callers of one process share a load, and the value: treat it as
// read-only. A failure of Redis does not fail the call unless
// [Options.FailClosed] is set: the loader is asked and nothing is stored.
//
// Errors are the loader's own, [ErrNotFound], a [*PanicError], or the context's.
func (v *View[T]) GetOrLoad(ctx context.Context, key string, load Loader[T], opts ...Option) (T, error) {
	var zero T
	c, err := v.call(key, opts)
	if err != nil {
		return zero, err
	}
	if load == nil {
		return zero, errors.New("cache: the loader is nil: use Get to read without one")
	}
	for range maxLooks {
		seen, err := v.cache.look(ctx, c.key, c.tags)
		if err != nil {
			if ctx.Err() != nil || v.cache.opts.FailClosed {
				return zero, err
			}
			v.cache.report(ctx, err)
			c.info.ReadErr = err
			return v.share(ctx, key, c, sight{}, true, load)
		}
		switch value, state := decode[T](seen, c); state {
		case Hit:
			return value, nil
		case Negative:
			return zero, ErrNotFound
		case Missed, Loaded:
		}
		value, err := v.share(ctx, key, c, seen, false, load)
		if !errors.Is(err, errAgain) {
			return value, err
		}
	}
	return v.share(ctx, key, c, sight{}, true, load)
}

// errAgain sends a caller back to look, because the entry was filled by
// somebody else between its look and the lease.
var errAgain = errors.New("cache: look again")

// share waits for a load that may serve this caller. A blind one is for a caller
// who has nothing to go by, and stores nothing.
func (v *View[T]) share(ctx context.Context, key string, c call, seen sight, blind bool, load Loader[T]) (T, error) {
	g := &v.cache.flights
	id := flightKey{key: v.cache.entryKey(c.key), kind: reflect.TypeFor[T](), blind: blind}
	f, started := g.join(ctx, id, seen, 2*v.cache.opts.LoadTimeout+leaseMargin, func(f *flight) { //nolint:contextcheck // a load has a context of its own: flight.ctx
		f.value, f.report, f.err = fly(v.cache, f, key, c, seen, load)
	})
	defer g.leave(f)
	var zero T
	select {
	case <-f.done:
	case <-ctx.Done():
		return zero, fmt.Errorf("cache: waiting for the loader: %w", ctx.Err())
	}
	if f.report.again {
		return zero, errAgain
	}
	c.info.State, c.info.Shared = Loaded, !started
	c.info.Stored, c.info.StoreErr = f.report.stored, f.report.storeErr
	value, _ := f.value.(T) // of another type only as the nil of an interface
	return value, f.err
}

// fly is one load: lease, read the source, fill.
func fly[T any](c *Cache, f *flight, key string, call call, seen sight, load Loader[T]) (T, loadReport, error) {
	var zero T
	var report loadReport
	var held lease
	if !f.key.blind {
		var err error
		held, err = c.acquire(f.ctx, call, seen)
		switch {
		case err != nil:
			c.report(f.ctx, err)
			report.storeErr = err
		case held.filled:
			return zero, loadReport{again: true}, nil
		}
	}
	c.flights.begin(f, witness(held, seen))

	ctx, cancel := context.WithTimeout(f.ctx, c.opts.LoadTimeout)
	defer cancel()
	start := time.Now()
	value, body, encodeErr, err := guard(ctx, key, call, load)
	took := time.Since(start)

	if held.text == "" {
		return value, report, err
	}
	// Whoever still waits, and whatever became of the load's context: the
	// lease is given up or used.
	after, cancel := context.WithTimeout(context.WithoutCancel(f.ctx), leaseMargin)
	defer cancel()
	switch {
	case errors.Is(err, ErrNotFound) && call.negativeTTL > 0:
		call.ttl = call.negativeTTL
		doc := c.document(call, held.stamps, absence, took)
		doc.Header.Negative = true
		report.stored, report.storeErr = c.fill(after, call, held, doc)
	case err == nil && encodeErr == nil:
		report.stored, report.storeErr = c.fill(after, call, held, c.document(call, held.stamps, body, took))
	default:
		if err == nil {
			report.storeErr = encodeErr
		}
		c.report(after, c.release(after, call, held))
	}
	c.report(after, report.storeErr)
	return value, report, err
}

// guard runs what is the user's code, the loader and the value's own encoding,
// so that neither a panic nor runtime.Goexit leaves the callers waiting.
func guard[T any](ctx context.Context, key string, call call, load Loader[T]) (value T, b body, encodeErr, err error) {
	done := make(chan struct{})
	go func() {
		returned := false
		defer close(done)
		defer func() {
			if returned {
				return
			}
			if r := recover(); r != nil {
				err = &PanicError{Value: r, Stack: debug.Stack()}
				return
			}
			err = errGoexit
		}()
		if value, err = load(ctx, key); err == nil {
			b, encodeErr = call.encode(value) // what cannot be written is still a value
		}
		returned = true
	}()
	<-done
	return value, b, encodeErr, err
}
