package cache

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"
)

// Loader reads a value from the source, a database for example. The key is the
// caller's, without the view's prefix. It returns [ErrNotFound] for what does
// not exist. Its context ends when [Options.LoadTimeout] has passed or when no
// caller waits any more, not when the caller that began it goes away. What it
// may say besides the value: [NoStore], [StoreFor], [WatchTags], [Previous],
// [ErrNotModified].
type Loader[T any] func(ctx context.Context, key string) (T, error)

// maxLooks bounds how often a call looks again because others were faster.
const maxLooks = 4

// GetOrLoad returns the stored value, or loads and stores it.
//
// A hit is one round trip and one billed command, whatever the number of
// declared tags. A miss is three of each, plus one command for each tag that is
// used the first time: look, take the lease, fill. Who finds that another
// process is loading waits for it: one command for each look, the first after
// half of the time that a load takes, the others after twice the time each.
//
// What it returns is never older than the last [Cache.Invalidate] of one of its
// tags, or [View.Delete] of its key, that finished before the call: the stamps
// that an entry carries are those that were read before the loader ran, and a
// load whose lease was deleted does not store. The value is returned all the
// same. Past its TTL a value is returned only within the windows of the view.
//
// Concurrent callers of one process share a load, and the value: treat it as
// read-only. A failure of Redis does not fail the call unless
// [Options.FailClosed] is set: the loader is asked and nothing is stored.
//
// Errors are the loader's own, [ErrNotFound], [ErrLoadTimeout], [ErrBusy], a
// [*PanicError], or the context's.
func (v *View[T]) GetOrLoad(ctx context.Context, key string, load Loader[T], opts ...Option) (T, error) {
	var zero T
	c, err := v.call(key, opts)
	if err != nil {
		return zero, err
	}
	if load == nil {
		return zero, errors.New("cache: the loader is nil: use Get to read without one")
	}
	begin := time.Now()
	value, err := v.getOrLoad(ctx, key, c, load)
	v.cache.observe(ctx, Observation{Op: "GetOrLoad", Prefix: v.opts.Prefix, Info: *c.info, Err: err}, begin)
	return value, err
}

func (v *View[T]) getOrLoad(ctx context.Context, key string, c call, load Loader[T]) (T, error) {
	w := v.cache.wire(&c.info.Cost)
	if old, ok := recall[T](w, c, w.opts.Trust); ok {
		c.info.InMemory = true
		return v.serve(c, old)
	}
	for range maxLooks {
		seen, err := w.lookAndRemember(c.context(ctx), c)
		if err != nil {
			return v.withoutRedis(ctx, key, c, err, load)
		}
		old := judge[T](w, &seen, c)
		switch old.standing {
		case fresh, negative:
			return v.serve(c, old)
		case early, stale:
			return v.refresh(ctx, key, c, seen, old, load)
		case absent, expired:
		}
		if c.keepInvalid && old.standing == absent && seen.exists && seen.doc.Header != nil && !seen.valid {
			invalid := seen
			if old = open[T](w, &invalid, c); old.standing != absent {
				old.standing = expired
			}
		}
		value, err := v.foreground(ctx, key, c, seen, old, load)
		if !errors.Is(err, errAgain) {
			return value, err
		}
	}
	return v.blind(ctx, key, c, load)
}

// errAgain sends a caller back to look, because the entry was filled by
// somebody else between its look and the lease.
var errAgain = errors.New("cache: look again")

// serve returns what is stored, and counts it.
func (v *View[T]) serve(c call, f found[T]) (T, error) {
	s := &v.cache.stats
	switch f.standing {
	case negative:
		v.cache.count(&s.negatives)
		f.served(c.info)
		return f.value, ErrNotFound
	case stale, expired:
		v.cache.count(&s.stale)
	case absent, fresh, early:
		v.cache.count(&s.hits)
	}
	return f.served(c.info), nil
}

// withoutRedis is for a caller who could not look.
func (v *View[T]) withoutRedis(ctx context.Context, key string, c call, err error, load Loader[T]) (T, error) {
	var zero T
	if ctx.Err() != nil {
		return zero, err
	}
	if old, ok := recall[T](v.cache.wire(&c.info.Cost), c, v.cache.opts.MemoryOnError); ok {
		v.cache.report(ctx, err)
		c.info.InMemory, c.info.ReadErr = true, err
		return v.serve(c, old)
	}
	if v.cache.opts.FailClosed {
		return zero, err
	}
	v.cache.report(ctx, err)
	value, loadErr := v.blind(ctx, key, c, load)
	c.info.ReadErr = err
	if c.info.State == Loaded {
		c.info.State = Bypass
	}
	return value, loadErr
}

// blind loads for a caller who has nothing to go by, and stores nothing.
func (v *View[T]) blind(ctx context.Context, key string, c call, load Loader[T]) (T, error) {
	return v.wait(ctx, c, v.board(ctx, key, c, sight{}, true, load))
}

// boarding is a flight that a caller is on.
type boarding struct {
	*flight

	started bool
}

// board finds or starts a flight for the caller, who must leave it.
func (v *View[T]) board(ctx context.Context, key string, c call, seen sight, patient bool, load Loader[T]) boarding {
	p := passage{
		key:     flightKey{key: v.cache.entryKey(c.key), kind: reflect.TypeFor[T](), blind: !seen.looked},
		seen:    seen,
		patient: patient,
		wait:    v.cache.patience(ctx),
		timeout: v.cache.opts.WaitLimit + 2*v.cache.leaseTTL(),
	}
	f, started := v.cache.flights.join(ctx, p, func(f *flight) { //nolint:contextcheck // a load has a context of its own: flight.ctx
		f.value, f.report, f.err = fly(v, f, key, c, seen, load)
	})
	return boarding{f, started}
}

// wait is on a flight until it ends or the caller's context does.
func (v *View[T]) wait(ctx context.Context, c call, b boarding) (T, error) {
	var zero T
	select {
	case <-b.done:
	case <-ctx.Done():
		v.abandon(ctx, c, b)
		return zero, fmt.Errorf("cache: waiting for the loader: %w", context.Cause(ctx))
	}
	v.cache.flights.leave(b.flight)
	return v.result(c, b)
}

// abandon leaves a flight that goes on. The last one who leaves ends it, unless
// it is to be kept and somebody can run it.
func (v *View[T]) abandon(ctx context.Context, c call, b boarding) {
	if v.cache.opts.KeepLoading && v.cache.behind(ctx, c.key, b.flight) {
		return
	}
	v.cache.flights.leave(b.flight)
}

// result is what a flight that has ended means for one of its callers.
func (v *View[T]) result(c call, b boarding) (T, error) {
	var zero T
	if b.started {
		c.info.Cost.RoundTrips += b.cost.RoundTrips
		c.info.Cost.Commands += b.cost.Commands
	}
	if b.report.again {
		return zero, errAgain
	}
	c.info.State, c.info.Shared = Loaded, !b.started
	c.info.Stored, c.info.StoreErr = b.report.stored, b.report.storeErr
	if p := (*PanicError)(nil); b.started && v.cache.opts.RethrowPanics && errors.As(b.err, &p) {
		panic(p)
	}
	value, _ := b.value.(T) // of another type only as the nil of an interface
	return value, b.err
}

// foreground loads for a caller who waits for it. old, where its standing says
// expired, is what stands in when the loader fails or takes long.
func (v *View[T]) foreground(ctx context.Context, key string, c call, seen sight, old found[T], load Loader[T]) (T, error) {
	if old.standing != expired {
		return v.wait(ctx, c, v.board(ctx, key, c, seen, true, load))
	}
	if err, paused := v.cache.pauses.get(v.cache.entryKey(c.key)); paused && err != nil {
		return v.standIn(ctx, c, old, err)
	}
	b := v.board(ctx, key, c, seen, true, load)
	soft, stop := timer(c.soft)
	defer stop()
	select {
	case <-b.done:
	case <-ctx.Done():
		return v.wait(ctx, c, b)
	case <-soft:
		if c.info.Refreshing = v.cache.behind(ctx, c.key, b.flight); !c.info.Refreshing {
			v.cache.flights.leave(b.flight)
		}
		return v.standIn(ctx, c, old, errSoft)
	}
	value, err := v.wait(ctx, c, b)
	switch {
	case err == nil, errors.Is(err, errAgain), errors.Is(err, ErrNotFound):
		return value, err
	case ctx.Err() != nil:
		return value, err
	}
	return v.standIn(ctx, c, old, err)
}

var errSoft = errors.New("cache: the loader takes longer than SoftTimeout")

// standIn returns an old value in the place of an error.
func (v *View[T]) standIn(ctx context.Context, c call, old found[T], err error) (T, error) {
	v.cache.report(ctx, err)
	*c.info = Info{Cost: c.info.Cost, Refreshing: c.info.Refreshing, LoadErr: err}
	return v.serve(c, old)
}

// timer fires after d, or never where d is 0.
func timer(d time.Duration) (<-chan time.Time, func()) {
	if d <= 0 {
		return nil, func() {}
	}
	t := time.NewTimer(d)
	return t.C, func() { t.Stop() }
}
