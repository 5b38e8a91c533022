package cache

import (
	"context"
	"math/rand/v2"
	"time"
)

// claim gets the lease for a flight. Where another process has it, the flight
// waits for what that one stores, as long as it is worth it.
//
// It returns an error only where the flight must not load; a report with again,
// where the callers must look again; and otherwise a lease, which is empty where
// the flight may load and must not store.
func (w *wire) claim(f *flight, call call, seen sight) (lease, sight, loadReport, error) {
	wait := w.newWait(f, call, seen)
	for {
		l, came, err := w.acquire(f.ctx, call, seen)
		switch {
		case f.ctx.Err() != nil:
			return l, seen, loadReport{}, f.ctx.Err()
		case err != nil: // the source is there all the same
			w.report(f.ctx, err)
			return l, seen, loadReport{storeErr: err}, nil
		case came == won:
			return l, seen, loadReport{}, nil
		case came == changed: // perhaps by a flight of this process that the callers can share
			return lease{}, seen, loadReport{again: true}, nil
		case !w.flights.waits(f):
			w.pauses.set(w.entryKey(call.key), nil, call.expected())
			return lease{}, seen, loadReport{again: true, busy: true}, nil
		}
		w.count(&w.stats.waits)
		if !wait.pause() {
			if f.ctx.Err() != nil {
				return lease{}, seen, loadReport{}, f.ctx.Err()
			}
			return w.waitedEnough(seen)
		}
		again, err := w.look(call.context(f.ctx), call)
		switch {
		case err != nil:
			w.report(f.ctx, err)
			return lease{}, seen, loadReport{storeErr: err}, nil
		case (again.valid && !again.doc.Header.Lease || call.bare && again.exists) && again.text != seen.text:
			return lease{}, seen, loadReport{again: true}, nil
		}
		seen = again
	}
}

// waitedEnough is what becomes of a flight whose wait did not end in time.
func (w *wire) waitedEnough(seen sight) (lease, sight, loadReport, error) {
	if w.opts.Busy == BusyFails {
		return lease{}, seen, loadReport{}, ErrBusy
	}
	return lease{}, seen, loadReport{}, nil
}

// wait paces the looks at what another process is loading: the first after half
// of the time that the load takes, the others after twice the time each, all of
// them less by up to half so that processes do not look in step.
type wait struct {
	ctx   context.Context //nolint:containedctx // it lives as long as the flight waits
	next  time.Duration
	until time.Time
}

const (
	shortestWait = 5 * time.Millisecond
	longestWait  = 2 * time.Second
)

func (c *Cache) newWait(f *flight, call call, seen sight) *wait {
	took := call.expected()
	if h := seen.doc.Header; seen.valid && h != nil && h.Delta > 0 {
		took = time.Duration(h.Delta) * time.Millisecond
	}
	return &wait{ctx: f.ctx, next: took / 2, until: time.Now().Add(f.wait)}
}

// patience is how long a caller waits for another process: WaitLimit, and not
// into the last tenth of its own time, in which it can still load by itself.
func (c *Cache) patience(ctx context.Context) time.Duration {
	deadline, has := ctx.Deadline()
	if !has {
		return c.opts.WaitLimit
	}
	return min(c.opts.WaitLimit, time.Until(deadline)*9/10)
}

// pause waits, and reports whether there is time left.
func (w *wait) pause() bool {
	d := min(max(w.next, shortestWait), longestWait)
	w.next = 2 * d
	d -= time.Duration(rand.Float64() / 2 * float64(d))
	left := time.Until(w.until)
	if left <= 0 {
		return false
	}
	t := time.NewTimer(min(d, left))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-w.ctx.Done():
		return false
	}
}
