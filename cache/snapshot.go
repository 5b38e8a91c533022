package cache

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
)

// Snapshot is the right to store what is read from the source after it was
// taken; see [View.Snapshot]. Its zero value stores nothing. It shows nothing of
// what it holds.
type Snapshot struct{ taken *taken }

type taken struct {
	view   any
	call   call
	lease  lease
	placed bool // the key holds its placeholder
	at     time.Time
}

const snapshotText = "cache.Snapshot{...}"

// String says what it is, and nothing of the entry.
func (s Snapshot) String() string { return snapshotText }

// GoString is [Snapshot.String], so that %#v shows no more.
func (s Snapshot) GoString() string { return snapshotText }

// LogValue is [Snapshot.String], so that a logger shows no more.
func (s Snapshot) LogValue() slog.Value { return slog.StringValue(snapshotText) }

// Snapshot is for a value that is not read by a [Loader]. Take it before the
// source is read, and store by [View.SetSnapshot] what was read: an Invalidate,
// a Delete, a Purge or a Set that happened in between wins.
//
//	s, err := prices.Snapshot(ctx, "tea")
//	price, err := readFromSomewhere()
//	stored, err := prices.SetSnapshot(ctx, s, price)
//
// A valid entry is served meanwhile, and replaced only if it is still the same
// one. Where there is none, the key holds a placeholder, for which other callers
// wait as for a loader: until SetSnapshot or [View.ReleaseSnapshot], at most for
// [Options.LoadTimeout] and 5 seconds, after which the snapshot is worth nothing.
// An entry of another program in [ViewOptions.Foreign] is never replaced.
//
// The options are those of what will be stored; what [Report] gets is filled by
// SetSnapshot too. One round trip and one billed command where there is a valid
// entry, otherwise two of each, and one command more for each tag that is used
// the first time.
//
// A Snapshot that comes with an error may be used as well: it stores what it can
// safely store, if anything.
func (v *View[T]) Snapshot(ctx context.Context, key string, opts ...Option) (Snapshot, error) {
	c, err := v.call(key, opts)
	if err != nil {
		return Snapshot{}, err
	}
	t := &taken{view: v, call: c, at: time.Now()}
	w := v.cache.wire(&c.info.Cost)
	for range maxLooks {
		seen, err := w.look(c.context(ctx), c)
		if err != nil {
			return Snapshot{t}, err
		}
		if f := judge[T](w, &seen, c); seen.isForeign(f.standing) {
			return Snapshot{t}, nil
		}
		if seen.mayStay(c) {
			t.lease, err = w.watch(ctx, c, seen)
			return Snapshot{t}, err
		}
		var came bid
		t.lease, came, err = w.acquireInPlace(ctx, c, seen)
		if t.placed = t.lease.holds(); err != nil || came == won {
			return Snapshot{t}, err
		}
	}
	return Snapshot{t}, nil // others store all the time: theirs is as new as what is read now
}

// isForeign tells an entry of another program, which has no identity by which a
// change could be noticed.
func (s sight) isForeign(what standing) bool { return what != absent && s.doc.Header == nil }

// mayStay tells what is not replaced by a placeholder: a value that is served or
// may stand in, and the placeholder of somebody else.
func (s sight) mayStay(c call) bool {
	return s.valid && !s.spoiled || s.exists && c.keepInvalid && s.doc.Header != nil
}

// watch makes the right to replace what was seen, and nothing else, without
// keeping anybody else from loading.
func (w *wire) watch(ctx context.Context, c call, seen sight) (lease, error) {
	proposed, missing, init := w.propose(seen.stamps, c.tags)
	p := pipeline.New(w.doer)
	made := queue(p, init)
	if err := p.Exec(ctx); err != nil {
		return lease{}, err
	}
	return lease{key: c.key, over: holds(seen), stamps: proposed.settle(missing, made)}, nil
}

// SetSnapshot stores a value that was read after s was taken, and reports
// whether it did: not when the entry was deleted or stored by somebody else
// since. An entry whose tag was invalidated since is stored, and is invalid from
// birth. One round trip and one billed command.
//
// A snapshot stores once. When the value cannot be written, or is too large, the
// snapshot is released.
func (v *View[T]) SetSnapshot(ctx context.Context, s Snapshot, value T) (stored bool, err error) {
	t, err := v.own(s)
	if t == nil {
		return false, err
	}
	w := v.cache.wire(&t.call.info.Cost)
	body, err := t.call.encode(value)
	if err != nil {
		return false, errors.Join(err, w.releaseSnapshot(ctx, t))
	}
	took := min(time.Since(t.at), w.opts.LoadTimeout) // longer, it was not the source that took the time
	text, err := w.document(t.call, t.lease.stamps, body, took).encode()
	if err == nil {
		err = w.fits(text)
	}
	if err != nil {
		return false, errors.Join(err, w.releaseSnapshot(ctx, t))
	}
	done, err := w.swap(ctx, []step{{key: w.entryKey(t.lease.key), old: t.lease.over, text: text, ttl: t.call.hard()}}, nil)
	w.forgetNearby(w.entryKey(t.lease.key))
	stored, err = w.filled(done[0], err)
	t.call.info.Stored = stored
	return stored, err
}

// ReleaseSnapshot gives up a snapshot, for example because the source failed, so
// that nobody waits for it. One round trip and one billed command where the key
// holds its placeholder, otherwise none.
func (v *View[T]) ReleaseSnapshot(ctx context.Context, s Snapshot) error {
	t, err := v.own(s)
	if t == nil {
		return err
	}
	return v.cache.wire(&t.call.info.Cost).releaseSnapshot(ctx, t)
}

// own opens a snapshot of this view. Of one without the right to store, such as
// the zero Snapshot, it returns nothing, which is no error.
func (v *View[T]) own(s Snapshot) (*taken, error) {
	switch {
	case s.taken == nil:
		return nil, nil
	case s.taken.view != any(v):
		return nil, errors.New("cache: the snapshot is of another view: store by the view that took it")
	case !s.taken.lease.holds():
		return nil, nil
	}
	return s.taken, nil
}

// releaseSnapshot removes a placeholder of its own. What it only watches stays.
func (w *wire) releaseSnapshot(ctx context.Context, t *taken) error {
	if !t.placed {
		return nil
	}
	return w.drop(ctx, t.lease)
}
