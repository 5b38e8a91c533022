package cache

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// maxMany bounds the keys of one MGET, so that its reply stays within what a
// client reads; maxManyBytes the length of their names, so that its request
// stays below the limit of the smallest plan, 10 MB.
const (
	maxMany      = 1000
	maxManyBytes = 8 << 20
)

// GetMany returns the stored values of keys. A key without a valid entry, or
// whose absence is remembered, is not in the map. One round trip and one billed
// command for up to 1,000 keys, and one more for entries that carry tags which
// the view does not declare.
func (v *View[T]) GetMany(ctx context.Context, keys []string, opts ...Option) (map[string]T, error) {
	many, err := v.many(keys, opts)
	if err != nil {
		return nil, err
	}
	found := make(map[string]T, len(keys))
	for batch := range inRequests(many.items) {
		if err := v.lookAtMany(ctx, many, batch); err != nil {
			return nil, err
		}
	}
	for _, i := range many.items {
		switch i.old.standing {
		case fresh, early, stale:
			many.serve(i, found)
		case absent, expired, negative:
		}
	}
	many.info.InMemory = len(found) > 0 && !many.asked
	return found, nil
}

// SetMany stores values with the tags of the view and of the call. Two round
// trips whatever their number, as long as they fit a request, and one billed
// command for each besides one for the stamps; tags that are used the first time
// take one round trip more. See [View.Set] for what it means for invalidations.
//
// When it fails, some of the values may have been stored: all of them are whole,
// and calling it again is safe.
func (v *View[T]) SetMany(ctx context.Context, values map[string]T, opts ...Option) error {
	info := infoOf(opts)
	if len(values) == 0 {
		return nil
	}
	keys := slices.Sorted(maps.Keys(values))
	calls := make([]call, len(keys))
	bodies := make([]body, len(keys))
	var tags []string
	for i, key := range keys {
		var err error
		if calls[i], err = v.call(key, opts); err != nil {
			return err
		}
		if bodies[i], err = calls[i].encode(values[key]); err != nil {
			return fmt.Errorf("%w (value %d of %d)", err, i+1, len(keys))
		}
		tags = append(tags, calls[i].tags...)
	}
	slices.Sort(tags)
	*info = Info{}
	w := v.cache.wire(&info.Cost)
	s, err := w.ensure(ctx, slices.Compact(tags))
	if err != nil {
		return err
	}
	p := pipeline.New(w.doer)
	written := make([]string, len(calls))
	defer func() { w.forgetNearby(written...) }()
	for i, c := range calls {
		written[i] = w.entryKey(c.key)
		text, err := v.cache.document(c, s.only(c.tags), bodies[i], 0).encode()
		if err != nil {
			return err
		}
		if err := v.cache.fits(text); err != nil {
			return fmt.Errorf("%w (value %d of %d)", err, i+1, len(keys))
		}
		pipeline.Queue(p, command.SetWith(v.cache.entryKey(c.key), text, command.SetOptions{TTL: c.hard()}))
	}
	return p.Exec(ctx)
}
