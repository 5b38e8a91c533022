package cache

import (
	"context"
	"errors"
	"time"
)

// loadedMany is what became of a load of many keys.
type loadedMany[T any] struct {
	values   map[string]T    // loaded, or stored by somebody else meanwhile
	gone     map[string]bool // what does not exist
	asked    bool            // the loader was
	loads    int             // keys that the loader was asked for
	stores   int             // of them, those whose answer is in the cache now
	storeErr error
	err      error
}

// flyMany starts a load of its own for many keys, which nobody joins. Its caller
// must leave it. It works on copies: what the caller knows stays as it is.
func (v *View[T]) flyMany(ctx context.Context, items []*item[T], load ManyLoader[T]) *flight {
	o := v.cache.opts
	f := &flight{done: make(chan struct{}), waiters: 1, patient: true, wait: v.cache.patience(ctx)}
	timeout := o.WaitLimit + 2*(v.cache.leaseTTL()+o.LoadTimeout)
	f.ctx, f.cancel = context.WithTimeout(context.WithoutCancel(ctx), timeout) //nolint:gosec // flights.finish cancels it
	mine := make([]*item[T], len(items))
	for at, i := range items {
		own := *i
		mine[at] = &own
	}
	go func() { //nolint:contextcheck // a load has a context of its own: flight.ctx
		defer v.cache.flights.finish(f)
		l := &loadedMany[T]{values: map[string]T{}, gone: map[string]bool{}}
		l.err = v.rounds(f, mine, l, load)
		f.value, f.err = l, l.err
	}()
	return f
}

// rounds loads what this process has the leases of, then looks what others have
// stored of the rest, and so on until nothing is left or the wait is over. It
// waits with no lease in its hands.
func (v *View[T]) rounds(f *flight, items []*item[T], l *loadedMany[T], load ManyLoader[T]) error {
	w := v.cache.wire(&f.cost)
	wait := &wait{ctx: f.ctx, next: items[0].call.expected() / 2, until: time.Now().Add(f.wait)}
	for {
		mine, others := claimMany(f.ctx, w, items)
		if len(mine) > 0 {
			if err := v.loadAndFill(f, w, mine, l, load); err != nil {
				return err
			}
		}
		if items = impatient(w, others); len(items) == 0 {
			return nil
		}
		if len(mine) == 0 && leased(items) {
			w.count(&w.stats.waits)
			if !wait.pause() {
				break
			}
		}
		items = v.lookAgain(f.ctx, w, items, l)
		if len(items) == 0 {
			return nil
		}
	}
	switch {
	case f.ctx.Err() != nil:
		return f.ctx.Err()
	case w.opts.Busy == BusyFails:
		return ErrBusy
	}
	for _, i := range items {
		i.lease = lease{}
	}
	return v.loadAndFill(f, w, items, l, load)
}

// impatient leaves out what others refresh: the old value is good meanwhile.
func impatient[T any](w *wire, items []*item[T]) (waiting []*item[T]) {
	for _, i := range items {
		if i.old.standing == stale || i.old.standing == early {
			w.pauses.set(w.entryKey(i.call.key), nil, i.call.expected())
			continue
		}
		waiting = append(waiting, i)
	}
	return waiting
}

// leased reports whether all of the items are waited for, and none was only
// changed between the look and the lease.
func leased[T any](items []*item[T]) bool {
	for _, i := range items {
		if i.tries > 0 {
			return false
		}
	}
	return true
}

// lookAgain takes over what others have stored, and returns the rest.
func (v *View[T]) lookAgain(ctx context.Context, w *wire, items []*item[T], l *loadedMany[T]) (rest []*item[T]) {
	m := &many[T]{wire: w, info: new(Info)}
	for batch := range inRequests(items) {
		if err := v.lookAtMany(ctx, m, batch); err != nil {
			w.report(ctx, err)
			for _, i := range batch {
				i.seen = sight{} // loads, and does not store
			}
		}
	}
	for _, i := range items {
		switch i.old.standing {
		case fresh, early, stale:
			l.values[i.key] = i.old.value
		case negative:
			l.gone[i.key] = true
		case absent, expired:
			rest = append(rest, i)
		}
	}
	return rest
}

// answer is what a loader said of many keys, written as it will be stored.
type answer[T any] struct {
	values  map[string]T
	bodies  map[string]body
	encodes map[string]error
}

// loadAndFill asks the loader once for items, and stores what their leases allow.
func (v *View[T]) loadAndFill(f *flight, w *wire, items []*item[T], l *loadedMany[T], load ManyLoader[T]) error {
	keys := make([]string, len(items))
	for at, i := range items {
		keys[at] = i.key
	}
	task := &task{wire: w, call: items[0].call}
	ctx, cancel := context.WithTimeout(f.ctx, w.opts.LoadTimeout)
	defer cancel()
	w.count(&w.stats.loads)
	l.asked, l.loads = true, l.loads+len(items)
	start := time.Now()
	got, err := askMany(context.WithValue(ctx, taskKey{}, task), keys, items, load)
	took := time.Since(start)
	v.took.Store(int64(took))
	task.finish()

	// As for one key: the leases are given up or used, whoever still waits.
	after, cancel := context.WithTimeout(context.WithoutCancel(f.ctx), leaseMargin)
	defer cancel()
	if err != nil {
		w.count(&w.stats.loadErrors)
		for _, i := range items {
			if i.seen.valid || i.call.keepInvalid {
				w.pauseAfter(i.call.key, err)
			}
		}
	}
	s := settlement[T]{wire: w, task: task, took: took}
	for _, i := range items {
		value, has := got.values[i.key]
		switch {
		case err != nil:
		case has:
			l.values[i.key] = value
		default:
			l.gone[i.key] = true
		}
		s.add(i, got, err)
	}
	storeErr := s.settle(after)
	l.stores += s.stored
	l.storeErr = errors.Join(l.storeErr, storeErr)
	w.report(after, storeErr)
	return err
}

// askMany runs the loader and the encoding of its values where neither can leave
// the caller waiting.
func askMany[T any](ctx context.Context, keys []string, items []*item[T], load ManyLoader[T]) (answer[T], error) {
	calls := make(map[string]call, len(items))
	for _, i := range items {
		calls[i.key] = i.call
	}
	// To guard, which encodes what is loaded, an answer is an empty object.
	got, _, _, err := guard(ctx, "", call{codec: JSON()}, func(ctx context.Context, _ string) (answer[T], error) {
		values, err := load(ctx, keys)
		if err != nil {
			return answer[T]{}, err
		}
		a := answer[T]{make(map[string]T, len(values)), make(map[string]body, len(values)), map[string]error{}}
		for key, c := range calls {
			value, has := values[key]
			if !has {
				continue
			}
			a.values[key] = value
			b, err := c.encode(value)
			if err != nil {
				a.encodes[key] = err // what cannot be written is still a value
				continue
			}
			a.bodies[key] = b
		}
		return a, nil
	})
	return got, err
}
