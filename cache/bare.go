package cache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// BareOptions describes the entries of a [Bare]. Every field may stay zero.
type BareOptions struct {
	// Prefix is put in front of every key, for example "price:".
	Prefix string

	// TTL is how long a value is kept, at least 1ms. Default 1 hour.
	TTL time.Duration

	// Jitter is that of [ViewOptions].
	Jitter float64

	// Codec says how values are written. It must have no annotations, as
	// superjson's may: a bare entry has no place for them. Default [JSON].
	Codec Codec
}

// Bare holds entries that are their values' JSON and nothing else, for programs
// in other languages that read and write the same keys without knowing this
// package: redis.get and redis.set of @upstash/redis, for example. Make one with
// [BareOf]; it is safe for concurrent use.
//
// What an entry without a header cannot have, a Bare does not have: tags, so that
// neither [Cache.Invalidate] nor [Cache.Purge] reaches it, stale windows, early
// refreshes, remembered absences, and a place in [Options.Memory]. What it keeps
// is the promise of [View.GetOrLoad] for Delete: a load that was overtaken by a
// Delete or a Set, or by another program's SET, does not store. So that nobody
// ever reads a placeholder, the lease is under a key beside the entry; another
// program that deletes an entry deletes that too:
//
//	DEL shop:k:price:tea shop:l:price:tea
//
// Without that, a load that is running may store what it read before.
//
// A View and a Bare of one cache must not have keys in common.
type Bare[T any] struct{ view *View[T] }

// BareOf makes a Bare of c. It does no I/O.
func BareOf[T any](c *Cache, o BareOptions) *Bare[T] {
	v := Of[T](c, ViewOptions{Prefix: o.Prefix, TTL: o.TTL, Jitter: o.Jitter, Codec: o.Codec, EarlyRefresh: -1})
	v.bare = true
	return &Bare[T]{v}
}

// Get returns the stored value, or [ErrMiss]. One round trip and one billed
// command.
func (b *Bare[T]) Get(ctx context.Context, key string, opts ...Option) (T, error) {
	return b.view.Get(ctx, key, opts...)
}

// GetMany is [View.GetMany]: one round trip and one billed command for up to
// 1,000 keys.
func (b *Bare[T]) GetMany(ctx context.Context, keys []string, opts ...Option) (map[string]T, error) {
	return b.view.GetMany(ctx, keys, opts...)
}

// GetOrLoad is [View.GetOrLoad]. A hit is one round trip and one billed command; a
// miss is three round trips and seven commands, because the fill is a script: the
// first one in the life of a server takes a round trip more.
func (b *Bare[T]) GetOrLoad(ctx context.Context, key string, load Loader[T], opts ...Option) (T, error) {
	return b.view.GetOrLoad(ctx, key, load, opts...)
}

// Set stores a value, and keeps loads that are running now from storing theirs.
// One round trip and two billed commands.
func (b *Bare[T]) Set(ctx context.Context, key string, value T, opts ...Option) error {
	return b.SetMany(ctx, map[string]T{key: value}, opts...)
}

// SetMany stores values as Set does. One round trip, as long as they fit a
// request, and a billed command for each besides one for all of their leases.
// When it fails, some of the values may have been stored.
func (b *Bare[T]) SetMany(ctx context.Context, values map[string]T, opts ...Option) error {
	if len(values) == 0 {
		return nil
	}
	v := b.view
	info := infoOf(opts)
	var leases []string
	var sets []command.Cmd[bool]
	for _, key := range slices.Sorted(maps.Keys(values)) {
		c, err := v.call(key, opts)
		if err != nil {
			return err
		}
		text, err := c.encode(values[key])
		if err == nil {
			err = v.cache.fits(string(text.value))
		}
		if err != nil {
			return fmt.Errorf("%w (value %d of %d)", err, len(sets)+1, len(values))
		}
		leases = append(leases, v.cache.leaseKey(c.key))
		sets = append(sets, command.SetWith(v.cache.entryKey(c.key), string(text.value), command.SetOptions{TTL: c.ttl}))
	}
	*info = Info{}
	p := pipeline.New(v.cache.wire(&info.Cost).doer)
	// First the leases: a load that begins after that finds the value in its way.
	p.Del(leases...)
	for _, set := range sets {
		pipeline.Queue(p, set)
	}
	return p.Exec(ctx)
}

// Delete removes entries, and keeps loads that are running now from storing
// theirs. One round trip and one billed command for any number of keys.
func (b *Bare[T]) Delete(ctx context.Context, keys ...string) error {
	return b.view.Delete(ctx, keys...)
}

var errBareTags = errors.New("cache: a bare entry has no tags: use a View for entries that are invalidated by tag")

// errAnnotations says why a value is not stored bare.
var errAnnotations = errors.New("cache: the value has annotations, for which a bare entry has no place: use a View, whose entries superjson.parse reads")

// bareValue reads an entry that is nothing but its value. Null is how JavaScript
// says that there is nothing, see [foreignValue].
func bareValue[T any](c call, text string) (value T, ok bool) {
	raw := []byte(text)
	if bytes.Equal(bytes.TrimSpace(raw), null) && !nilable(reflect.TypeFor[T]()) {
		return value, false
	}
	return decodeValue[T](c, raw, nil)
}
