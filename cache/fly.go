package cache

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// fly is one load: lease, read the source, fill.
func fly[T any](v *View[T], f *flight, key string, call call, seen sight, load Loader[T]) (T, loadReport, error) {
	var zero T
	w := v.cache.wire(&f.cost)
	var l lease
	var report loadReport
	if !f.key.blind {
		var end error
		l, seen, report, end = w.claim(f, call, seen)
		if end != nil || report.again {
			return zero, report, end
		}
	}
	v.cache.flights.begin(f, l.witness(seen))

	task := &task{wire: w, flight: f, stored: seen, call: call}
	ctx, cancel := context.WithTimeout(f.ctx, v.cache.opts.LoadTimeout)
	defer cancel()
	w.count(&w.stats.loads)
	start := time.Now()
	value, stored, encodeErr, err := guard(context.WithValue(ctx, taskKey{}, task), key, call, load)
	took := time.Since(start)
	v.took.Store(int64(took))
	task.finish()

	// Whoever still waits, and whatever became of the load's context: the
	// lease is given up or used.
	after, cancel := context.WithTimeout(context.WithoutCancel(f.ctx), leaseMargin)
	defer cancel()
	if errors.Is(err, ErrNotModified) {
		value, stored, err = previousOf[T](w, seen, call)
	}
	if failed := err != nil && !errors.Is(err, ErrNotFound); failed {
		w.count(&w.stats.loadErrors)
		if seen.valid || call.keepInvalid {
			w.pauseAfter(call.key, err)
		}
	}
	if l.holds() {
		report.stored, report.storeErr = w.settle(after, l, call, task, outcome{stored, encodeErr, err, took})
		w.report(after, report.storeErr)
	}
	return value, report, err
}

// settle uses the lease for what the loader said, or gives it back.
func (w *wire) settle(ctx context.Context, l lease, call call, t *task, o outcome) (bool, error) {
	stamps := t.addTo(l.stamps)
	switch v := w.conclude(call, t, stamps, o); v.act {
	case store:
		return w.filled(w.fill(ctx, l, v.doc, v.ttl))
	case drop:
		return false, w.drop(ctx, l)
	default:
		return false, errors.Join(v.err, w.release(ctx, l))
	}
}

// filled counts what was loaded and must not be stored.
func (w *wire) filled(stored bool, err error) (bool, error) {
	if !stored && err == nil {
		w.count(&w.stats.fillsRejected)
	}
	return stored, err
}

// guard runs what is the user's code, the loader and the value's own encoding,
// so that neither a panic, nor runtime.Goexit, nor a loader that does not
// look at its context leaves the callers waiting.
func guard[T any](ctx context.Context, key string, call call, load Loader[T]) (value T, b body, encodeErr, err error) {
	type loaded struct {
		value T
		outcome
	}
	done := make(chan loaded, 1)
	go func() {
		o := loaded{outcome: outcome{err: errGoexit}}
		defer func() {
			if r := recover(); r != nil {
				o.err = &PanicError{Value: r, Stack: debug.Stack()}
			}
			done <- o
		}()
		var l loaded
		if l.value, l.err = load(ctx, key); l.err == nil {
			l.body, l.encodeErr = call.encode(l.value) // what cannot be written is still a value
		}
		o = l
	}()
	var o loaded
	select {
	case o = <-done:
	case <-ctx.Done():
		select {
		case o = <-done: // both at once
		default:
			o.err = ctx.Err()
		}
	}
	return o.value, o.body, o.encodeErr, timedOut(ctx, o.err)
}

// timedOut says that it was the cache that ended the loader.
func timedOut(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) && errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w: %w", ErrLoadTimeout, err)
	}
	return err
}
