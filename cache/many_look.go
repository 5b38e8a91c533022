package cache

import (
	"context"
	"iter"
	"maps"
	"slices"
)

// many is one operation on many keys.
type many[T any] struct {
	wire  *wire
	info  *Info
	items []*item[T] // each key once
	asked bool       // Redis, not only the memory
}

// item is one of its keys.
type item[T any] struct {
	key   string // the caller's
	call  call
	seen  sight
	old   found[T] // what is stored, as far as it is worth something
	lease lease
	tries int // leases that somebody else was faster to take

	watched bool // the lease is the entry that was seen, and there is nothing to give back
}

// infoOf is what the caller wants to be filled in, or nothing in particular.
func infoOf(opts []Option) *Info {
	var c call
	for _, o := range opts {
		o(&c)
	}
	if c.info == nil {
		return new(Info)
	}
	return c.info
}

func (v *View[T]) many(keys []string, opts []Option) (*many[T], error) {
	if v.cache == nil {
		return nil, errNoView
	}
	m := &many[T]{info: infoOf(opts), items: make([]*item[T], 0, len(keys))}
	known := make(map[string]bool, len(keys))
	for _, key := range keys {
		if known[key] {
			continue
		}
		known[key] = true
		c, err := v.call(key, opts)
		if err != nil {
			return nil, err
		}
		m.items = append(m.items, &item[T]{key: key, call: c})
	}
	*m.info = Info{}
	m.wire = v.cache.wire(&m.info.Cost)
	return m, nil
}

// serve puts a stored value where the caller finds it. The info of many keys is
// that of the one that is the farthest from a hit.
func (m *many[T]) serve(i *item[T], into map[string]T) {
	var one Info
	value := i.old.served(&one)
	switch one.State {
	case Hit:
		m.wire.count(&m.wire.stats.hits)
	case Stale:
		m.wire.count(&m.wire.stats.stale)
	case Negative:
		m.wire.count(&m.wire.stats.negatives)
	case Missed, Loaded, Bypass:
	}
	m.info.State, m.info.Age = max(m.info.State, one.State), max(m.info.Age, one.Age)
	if one.State != Negative {
		into[i.key] = value
	}
}

// inRequests divides items so that the names of each part fit one MGET.
func inRequests[T any](items []*item[T]) iter.Seq[[]*item[T]] {
	return func(yield func([]*item[T]) bool) {
		from, bytes := 0, 0
		for at, i := range items {
			n := len(i.call.key) + 4*len(i.call.tags) // the tags of many keys are mostly the same ones
			if at > from && (at-from == maxMany || bytes+n > maxManyBytes) {
				if !yield(items[from:at]) {
					return
				}
				from, bytes = at, 0
			}
			bytes += n
		}
		if from < len(items) {
			yield(items[from:])
		}
	}
}

// lookAtMany sees what is stored for items, in memory or, in one command, in
// Redis.
func (v *View[T]) lookAtMany(ctx context.Context, m *many[T], items []*item[T]) error {
	var rest []*item[T]
	for _, i := range items {
		if old, ok := recall[T](m.wire, i.call, m.wire.opts.Trust); ok {
			i.old = old
			continue
		}
		rest = append(rest, i)
	}
	if len(rest) == 0 {
		return nil
	}
	m.asked = true
	return v.lookAtRedis(ctx, m.wire, rest)
}

// lookAtRedis sees, in one command, what is stored for items.
func (v *View[T]) lookAtRedis(ctx context.Context, w *wire, items []*item[T]) error {
	if items[0].call.bare {
		return v.lookAtBare(ctx, w, items)
	}
	var full, declared []string
	for _, i := range items {
		full = append(full, w.entryKey(i.call.key))
		declared = append(declared, i.call.tags...)
	}
	slices.Sort(declared)
	generation := w.began()
	seen, err := w.lookMany(items[0].call.context(ctx), full, slices.Compact(declared))
	if err != nil {
		return err
	}
	for at, i := range items {
		i.seen = seen[at]
		i.seen.valid = i.seen.exists && i.seen.doc.Header != nil && i.seen.stamps.admit(i.seen.doc.Header, i.call.tags)
		w.remember(i.call.key, i.seen, generation)
		i.old = judge[T](w, &i.seen, i.call)
	}
	return nil
}

// lookMany is look for many keys. Whether an entry is valid is for the caller to
// say, who knows which tags each key declares.
func (w *wire) lookMany(ctx context.Context, keys, declared []string) ([]sight, error) {
	entries, stamps, err := w.read(ctx, keys, declared)
	if err != nil {
		return nil, err
	}
	seen := make([]sight, len(keys))
	others := map[string]bool{}
	for i, entry := range entries {
		seen[i] = sight{text: entry.V, exists: entry.Valid, looked: true}
		if doc, ok := decodeDocument(entry.V); entry.Valid && ok {
			seen[i].doc = doc
			for _, tag := range undeclared(doc.Header, declared) {
				others[tag] = true
			}
		}
	}
	if len(others) > 0 {
		// Read later than the others, see look.
		_, more, err := w.read(ctx, nil, slices.Sorted(maps.Keys(others)))
		if err != nil {
			return nil, err
		}
		maps.Copy(stamps.tags, more.tags)
		stamps.epoch = more.epoch
	}
	for i := range seen {
		seen[i].stamps = stamps
	}
	return seen, nil
}
