package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ManyLoader reads the values of several keys from the source, in one query for
// example. The keys are the caller's, without the view's prefix, each of them
// once. A key that is not in the map does not exist. What it may say besides, by
// its context, holds for all of them: [NoStore], [StoreFor], [WatchTags]. An
// error, [ErrNotFound] too, is one for all of the keys.
type ManyLoader[T any] func(ctx context.Context, keys []string) (map[string]T, error)

// LoadMany is [View.GetOrLoad] for many keys: it returns the stored values, and
// loads and stores the others by one call of the loader. A key that does not
// exist is not in the map, and its absence is remembered for
// [ViewOptions.NegativeTTL].
//
// With hits only, up to 1,000 keys are one round trip and one billed command.
// With L misses it is three round trips, and a command for each of their leases
// and fills: 1 + 2L, and one for each tag that is used the first time. Requests
// of more than 1,000 commands, or of more than 10 MB, are divided. A server
// without the conditional forms takes a round trip for each fill.
//
// Values to be refreshed, past their TTL within
// [ViewOptions.StaleWhileRevalidate] or chosen by [ViewOptions.EarlyRefresh],
// are loaded by the same call of the loader as those that are missing. Where
// nothing is missing, that call is behind this one if it may, see
// [Options.Background], and otherwise within it.
//
// Keys that somebody else is loading are waited for after the others have been
// loaded and stored, so that two who load each other's keys never wait for each
// other; what does not come in time, see [Options.WaitLimit], takes one more call
// of the loader and is not stored. Calls of one process find each other that way
// too, by their leases: LoadMany shares no load in memory, neither with another
// LoadMany nor with GetOrLoad.
//
// The promise is that of GetOrLoad, and so is what becomes of failures: an old
// value stands in within [ViewOptions.StaleIfError]. If one key has none, the
// error is returned, together with the values that there are. Without Redis every
// call asks the loader, for all keys that memory does not have.
//
// [Info] is about all keys: State is Hit if all were hits and the one farthest
// from that otherwise, Stored says that all that was loaded is in the cache now,
// Age is the oldest.
func (v *View[T]) LoadMany(ctx context.Context, keys []string, load ManyLoader[T], opts ...Option) (map[string]T, error) {
	m, err := v.many(keys, opts)
	if err != nil {
		return nil, err
	}
	if load == nil {
		return nil, errors.New("cache: the loader is nil: use GetMany to read without one")
	}
	if err := v.lookAtAll(ctx, m); err != nil {
		return nil, err
	}
	values := make(map[string]T, len(m.items))
	missing, aging := v.sort(m, values)
	m.info.InMemory = len(values) > 0 && len(missing)+len(aging) == 0 && !m.asked
	if len(missing)+len(aging) == 0 {
		return values, nil
	}
	return values, v.loadMany(ctx, m, missing, aging, values, load)
}

// lookAtAll sees what is stored for the items. Those that it could not look at
// stay as they are.
func (v *View[T]) lookAtAll(ctx context.Context, m *many[T]) error {
	for batch := range inRequests(m.items) {
		err := v.lookAtMany(ctx, m, batch)
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			return err
		}
		m.info.ReadErr = err
		for _, i := range m.items {
			if i.seen.looked || i.old.standing != absent {
				continue
			}
			i.old, _ = recall[T](m.wire, i.call, v.cache.opts.MemoryOnError)
			if i.old.standing == absent && v.cache.opts.FailClosed {
				return err
			}
		}
		v.cache.report(ctx, err)
		return nil
	}
	return nil
}

// sort serves what needs no load, and returns what is missing and what is to be
// refreshed.
func (v *View[T]) sort(m *many[T], values map[string]T) (missing, aging []*item[T]) {
	for _, i := range m.items {
		if s := i.seen; i.call.keepInvalid && i.old.standing == absent && s.exists && s.doc.Header != nil && !s.valid {
			if i.old = open[T](m.wire, &s, i.call); i.old.standing != absent {
				i.old.standing = expired
			}
		}
		err, paused := v.cache.pauses.get(v.cache.entryKey(i.call.key))
		switch {
		case i.old.standing == absent:
			missing = append(missing, i)
		case i.old.standing == fresh || i.old.standing == negative:
			m.serve(i, values)
		case paused && (i.old.standing != expired || err != nil):
			m.serve(i, values)
			m.info.LoadErr = errors.Join(m.info.LoadErr, err)
		case i.old.standing == expired:
			missing = append(missing, i)
		default:
			aging = append(aging, i)
		}
	}
	return missing, aging
}

// loadMany has items loaded, and puts them, or what stands in, into values.
func (v *View[T]) loadMany(ctx context.Context, m *many[T], missing, aging []*item[T], values map[string]T, load ManyLoader[T]) error {
	items := slices.Concat(missing, aging)
	f := v.flyMany(ctx, items, load)
	soft, stop := timer(0)
	if standsIn(missing) {
		soft, stop = timer(items[0].call.soft)
	}
	defer stop()
	if len(missing) == 0 && v.cache.opts.Background != nil {
		// Without a place behind the call the load ends, and somebody else tries.
		if m.info.Refreshing = v.cache.behind(ctx, items[0].call.key, f); !m.info.Refreshing {
			v.cache.flights.leave(f)
		}
		return v.landed(ctx, m, items, &loadedMany[T]{}, values)
	}
	select {
	case <-f.done:
		v.cache.flights.leave(f)
	case <-ctx.Done():
		if !v.cache.opts.KeepLoading || !v.cache.behind(ctx, items[0].call.key, f) {
			v.cache.flights.leave(f)
		}
		return fmt.Errorf("cache: waiting for the loader: %w", context.Cause(ctx))
	case <-soft:
		if m.info.Refreshing = v.cache.behind(ctx, items[0].call.key, f); !m.info.Refreshing {
			v.cache.flights.leave(f)
		}
		return v.landed(ctx, m, items, &loadedMany[T]{err: errSoft}, values)
	}
	m.info.Cost.RoundTrips += f.cost.RoundTrips
	m.info.Cost.Commands += f.cost.Commands
	if p := (*PanicError)(nil); v.cache.opts.RethrowPanics && errors.As(f.err, &p) {
		panic(p)
	}
	loaded, _ := f.value.(*loadedMany[T])
	if loaded == nil { // it ended before it began
		loaded = &loadedMany[T]{err: f.err}
	}
	return v.landed(ctx, m, items, loaded, values)
}

// standsIn reports whether there is an old value of each item.
func standsIn[T any](items []*item[T]) bool {
	for _, i := range items {
		if i.old.standing == absent {
			return false
		}
	}
	return true
}

// landed takes over what a flight brought, and for the rest what stands in.
func (v *View[T]) landed(ctx context.Context, m *many[T], items []*item[T], l *loadedMany[T], values map[string]T) error {
	var failed, stoodIn bool
	for _, i := range items {
		value, has := l.values[i.key]
		switch {
		case has:
			values[i.key] = value
		case l.gone[i.key]:
		case i.old.standing != absent:
			m.serve(i, values)
			stoodIn = true
		default:
			failed = true
		}
	}
	if l.asked {
		m.info.State, m.info.Stored = Loaded, l.loads == l.stores
		if m.info.ReadErr != nil {
			m.info.State = Bypass
		}
	}
	m.info.StoreErr = l.storeErr
	switch {
	case failed:
		return l.err
	case stoodIn && l.err != nil:
		v.cache.report(ctx, l.err)
		m.info.LoadErr = l.err
	}
	return nil
}
