package cache

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// task is a load as its loader sees it, through its context.
type task struct {
	wire   *wire
	flight *flight
	call   call
	stored sight

	mu      sync.Mutex
	over    bool
	noStore bool
	ttl     time.Duration
	extra   map[string]string // stamps of tags that the loader added
}

type taskKey struct{}

var errNoTask = errors.New("cache: this context is not a loader's: use the one that GetOrLoad gave it")

// change lets the loader say something as long as it runs.
func change(ctx context.Context, f func(*task) error) error {
	t, _ := ctx.Value(taskKey{}).(*task)
	if t == nil {
		return errNoTask
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.over {
		return errors.New("cache: the load is over")
	}
	return f(t)
}

// NoStore keeps what the loader returns out of the cache: its callers get it,
// the next ones load anew. It is an error outside a loader.
func NoStore(ctx context.Context) error {
	return change(ctx, func(t *task) error { t.noStore = true; return nil })
}

// StoreFor replaces the TTL of what the loader returns, for a source that knows
// how long it holds. At least 1ms.
func StoreFor(ctx context.Context, ttl time.Duration) error {
	if ttl < time.Millisecond {
		return fmt.Errorf("cache: a TTL of %v: expected at least 1ms", ttl)
	}
	return change(ctx, func(t *task) error { t.ttl = ttl; return nil })
}

// WatchTags adds tags that only the loader knows to the entry. Call it before
// the data is read that they stand for: an invalidation after this call reaches
// the entry, one before it does not. One round trip and one billed command, and
// one more of each where tags are used the first time.
//
// Readers should declare the tags too, by [Tags] or in the view: checking tags
// that they do not declare costs a second round trip for each hit.
func WatchTags(ctx context.Context, tags ...string) error {
	if slices.Contains(tags, "") {
		return errors.New("cache: a tag is empty")
	}
	return change(ctx, func(t *task) error {
		if t.call.bare {
			return errBareTags
		}
		if len(t.extra)+len(tags) > maxTags {
			return fmt.Errorf("cache: %d more tags: at most %d fit one entry", len(tags), maxTags)
		}
		// Who comes later cannot tell from the lease whether these are valid.
		// First this, then the stamps: who joined before has asked before.
		if t.flight != nil { // LoadMany shares none
			t.wire.flights.seal(t.flight)
		}
		var cost Cost
		s, err := t.wire.Cache.wire(&cost).ensure(ctx, tags)
		if err != nil {
			return err
		}
		if t.extra == nil {
			t.extra = make(map[string]string)
		}
		for tag, stamp := range s.tags {
			if _, has := t.extra[tag]; !has { // the older stamp is the stricter one
				t.extra[tag] = stamp
			}
		}
		return nil
	})
}

// ErrNotModified is returned by a loader whose source says that the value of
// [Previous] still holds: that value is stored anew, with the stamps and the TTL
// of this load.
var ErrNotModified = errors.New("cache: not modified")

// Previous returns the value that the load is to replace, and whether there is
// one that was valid: for a source that is asked for changes since then.
func Previous[T any](ctx context.Context) (value T, ok bool) {
	t, _ := ctx.Value(taskKey{}).(*task)
	if t == nil || !t.stored.valid {
		return value, false
	}
	value, _, err := previousOf[T](t.wire, t.stored, t.call)
	return value, err == nil
}

// previousOf reads the value of what a load is to replace.
func previousOf[T any](w *wire, s sight, c call) (T, body, error) {
	c.ifError = 1 << 62 // however old
	if f := judge[T](w, &s, c); f.standing != absent && f.standing != negative {
		return f.value, f.body, nil
	}
	var zero T
	return zero, body{}, fmt.Errorf("%w: the loader said so, and there is no previous value", ErrNotModified)
}

func (t *task) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.over = true
}

func (t *task) ttlOr(otherwise time.Duration) time.Duration {
	if t.ttl > 0 {
		return t.ttl
	}
	return otherwise
}

// addTo adds the stamps of the loader's tags to those of its lease.
func (t *task) addTo(s stamps) stamps {
	if len(t.extra) == 0 {
		return s
	}
	all := maps.Clone(t.extra)
	maps.Copy(all, s.tags) // read earlier
	return stamps{epoch: s.epoch, tags: all}
}
