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
// client reads.
const maxMany = 1000

// GetMany returns the stored values of keys. A key without a valid entry, or
// whose absence is remembered, is not in the map. One round trip and one billed
// command for up to 1,000 keys, and one more for entries that carry tags which
// the view does not declare.
func (v *View[T]) GetMany(ctx context.Context, keys []string, opts ...Option) (map[string]T, error) {
	found := make(map[string]T, len(keys))
	w := v.cache.wire(new(Cost))
	for batch := range slices.Chunk(keys, maxMany) {
		if err := v.getMany(ctx, w, batch, opts, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func (v *View[T]) getMany(ctx context.Context, w *wire, keys []string, opts []Option, found map[string]T) error {
	calls := make([]call, len(keys))
	full := make([]string, len(keys))
	var declared []string
	for i, key := range keys {
		c, err := v.call(key, opts)
		if err != nil {
			return err
		}
		calls[i], full[i] = c, v.cache.entryKey(c.key)
		declared = append(declared, c.tags...)
	}
	slices.Sort(declared)
	seen, err := w.lookMany(ctx, full, slices.Compact(declared))
	if err != nil {
		return err
	}
	for i, s := range seen {
		s.valid = s.exists && s.doc.Header != nil && s.stamps.admit(s.doc.Header, calls[i].tags)
		switch f := judge[T](w, &s, calls[i]); f.standing {
		case fresh, early, stale:
			found[keys[i]] = f.value
		case absent, expired, negative:
		}
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

// SetMany stores values with the tags of the view and of the call. Two round
// trips whatever their number, as long as they fit a request, and one billed
// command for each besides one for the stamps; tags that are used the first time
// take one round trip more. See [View.Set] for what it means for invalidations.
//
// When it fails, some of the values may have been stored: all of them are whole,
// and calling it again is safe.
func (v *View[T]) SetMany(ctx context.Context, values map[string]T, opts ...Option) error {
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
	w := v.cache.wire(new(Cost))
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
