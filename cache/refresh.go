package cache

import (
	"context"
	"errors"
)

// refresh returns a stored value and sees to it that somebody loads it anew: one
// caller of one process, which the lease beside the value decides.
//
// With [Options.Background] the load runs behind the call. Without, it runs
// within the call of the one who has the lease, so that nothing is under way
// when the call returns; everybody else is served at once.
func (v *View[T]) refresh(ctx context.Context, key string, c call, seen sight, old found[T], load Loader[T]) (T, error) {
	if err, paused := v.cache.pauses.get(v.cache.entryKey(c.key)); paused {
		c.info.LoadErr = err
		return v.serve(c, old)
	}
	b := v.board(ctx, key, c, seen, false, load)
	if !b.started {
		v.cache.flights.leave(b.flight)
		c.info.Refreshing = true
		return v.serve(c, old)
	}
	if v.cache.opts.Background != nil {
		// Without a place behind the call the load ends, and somebody else tries.
		if c.info.Refreshing = v.cache.behind(ctx, c.key, b.flight); !c.info.Refreshing {
			v.cache.flights.leave(b.flight)
		}
		return v.serve(c, old)
	}
	value, err := v.wait(ctx, c, b)
	switch {
	case b.isBusy(), errors.Is(err, errAgain):
		return v.serve(c, old)
	case err == nil, errors.Is(err, ErrNotFound):
		return value, err
	}
	return v.standIn(ctx, c, old, err)
}

// isBusy reports whether a flight ended because another process loads.
func (f *flight) isBusy() bool {
	select {
	case <-f.done:
		return f.report.busy
	default:
		return false
	}
}
