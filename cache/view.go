package cache

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

const (
	defaultTTL    = time.Hour
	defaultJitter = 0.1
	defaultEarly  = 1
)

var errNoView = errors.New("cache: the view was not made by Of")

// View is the entries of one type in a [Cache]. It is safe for concurrent use.
type View[T any] struct {
	cache *Cache
	opts  ViewOptions
	bare  bool         // its entries are nothing but their values: the view of a [Bare]
	took  atomic.Int64 // nanoseconds of the last load
}

// Of makes a view of c. It does no I/O, and views of one cache share its tags:
//
//	products := cache.Of[Product](c, cache.ViewOptions{Prefix: "product:", Tags: []string{"products"}})
//	byCategory := cache.Of[[]Product](c, cache.ViewOptions{Prefix: "category:", Tags: []string{"products"}})
func Of[T any](c *Cache, o ViewOptions) *View[T] {
	if o.TTL == 0 {
		o.TTL = defaultTTL
	}
	switch {
	case o.Jitter == 0:
		o.Jitter = defaultJitter
	case o.Jitter < 0:
		o.Jitter = 0
	}
	if o.EarlyRefresh == 0 {
		o.EarlyRefresh = defaultEarly
	}
	if o.TypeName == "" {
		o.TypeName = reflect.TypeFor[T]().String()
	}
	if o.Codec == nil {
		o.Codec = JSON()
	}
	return &View[T]{cache: c, opts: o}
}

// call gathers what one operation needs, or says what is wrong with it.
func (v *View[T]) call(key string, opts []Option) (call, error) {
	c := call{
		key: v.opts.Prefix + key, ttl: v.opts.TTL, negativeTTL: v.opts.NegativeTTL, typeName: v.opts.TypeName,
		whileStale: v.opts.StaleWhileRevalidate, ifError: v.opts.StaleIfError,
		early: v.opts.EarlyRefresh, soft: v.opts.SoftTimeout, keepInvalid: v.opts.StaleIfErrorAfterInvalidate,
		took: time.Duration(v.took.Load()), codec: v.opts.Codec, foreign: v.opts.Foreign, bare: v.bare,
	}
	c.tags = slices.Clone(v.opts.Tags)
	if v.opts.TagsOf != nil {
		c.tags = append(c.tags, v.opts.TagsOf(key)...)
	}
	for _, o := range opts {
		o(&c)
	}
	if c.info == nil {
		c.info = new(Info)
	}
	*c.info = Info{}
	slices.Sort(c.tags)
	c.tags = slices.Compact(c.tags)
	switch {
	case v.cache == nil:
		return c, errNoView
	case c.key == "":
		return c, errors.New("cache: the key is empty")
	case len(c.tags) > 0 && c.tags[0] == "":
		return c, errors.New("cache: a tag is empty")
	case v.bare && len(c.tags) > 0:
		return c, errBareTags
	case len(c.tags) > maxTags:
		return c, fmt.Errorf("cache: %d tags: at most %d fit one entry", len(c.tags), maxTags)
	case v.opts.Jitter > 1:
		return c, errors.New("cache: Jitter is above 1: expected a part of the TTL, such as 0.1")
	case c.ttl < time.Millisecond || c.negativeTTL < 0 || c.negativeTTL > 0 && c.negativeTTL < time.Millisecond:
		return c, errors.New("cache: a TTL is below 1ms")
	case c.whileStale < 0 || c.ifError < 0 || c.soft < 0:
		return c, errors.New("cache: a stale window or SoftTimeout is negative: expected 0 for none, or more")
	}
	if keyed, ok := c.codec.(KeyedCodec); ok {
		c.codec = keyed.At(v.cache.entryKey(c.key))
	}
	c.ttl, c.negativeTTL = spread(c.ttl, v.opts.Jitter, c.key), spread(c.negativeTTL, v.opts.Jitter, c.key)
	return c, nil
}

// Get returns the stored value. [ErrMiss] says that there is no valid one, and
// [ErrNotFound] that it is remembered not to exist. A value in
// [ViewOptions.StaleWhileRevalidate] is valid, and nothing refreshes it here;
// [Info.State] tells. One round trip and one
// billed command, whatever the number of declared tags.
func (v *View[T]) Get(ctx context.Context, key string, opts ...Option) (T, error) {
	var zero T
	c, err := v.call(key, opts)
	if err != nil {
		return zero, err
	}
	begin := time.Now()
	value, err := v.get(ctx, c)
	v.cache.observe(ctx, Observation{Op: "Get", Prefix: v.opts.Prefix, Info: *c.info, Err: err}, begin)
	return value, err
}

func (v *View[T]) get(ctx context.Context, c call) (T, error) {
	var zero T
	w := v.cache.wire(&c.info.Cost)
	if old, ok := recall[T](w, c, w.opts.Trust); ok {
		c.info.InMemory = true
		return v.serve(c, old)
	}
	seen, err := w.lookAndRemember(c.context(ctx), c)
	if err != nil {
		return zero, err
	}
	f := judge[T](w, &seen, c)
	if f.standing == absent || f.standing == expired {
		return zero, ErrMiss
	}
	return v.serve(c, f)
}

// Set stores a value with the tags of the view and of the call, in one write:
// two round trips and two billed commands, and one more of each for tags that
// are used the first time.
//
// An invalidation that begins after Set has read the stamps, in its first round
// trip, is never undone by it. One that happened between reading the source and
// that moment is: a value that was read from the source belongs into
// [View.GetOrLoad], or under a [View.Snapshot], which close that gap.
func (v *View[T]) Set(ctx context.Context, key string, value T, opts ...Option) error {
	c, err := v.call(key, opts)
	if err != nil {
		return err
	}
	body, err := c.encode(value)
	if err != nil {
		return err
	}
	w := v.cache.wire(&c.info.Cost)
	s, err := w.ensure(ctx, c.tags)
	if err != nil {
		return err
	}
	text, err := w.document(c, s, body, 0).encode()
	if err != nil {
		return err
	}
	if err := v.cache.fits(text); err != nil {
		return err
	}
	_, err = upstash.Exec(ctx, w.doer, command.SetWith(w.entryKey(c.key), text, command.SetOptions{TTL: c.hard()}))
	w.forgetNearby(w.entryKey(c.key))
	return err
}

// Delete removes entries, and keeps loads that are running now from storing
// theirs. One round trip and one billed command for any number of keys.
func (v *View[T]) Delete(ctx context.Context, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	if v.cache == nil {
		return errNoView
	}
	full := make([]string, 0, 2*len(keys))
	for _, key := range keys {
		full = append(full, v.cache.entryKey(v.opts.Prefix+key), v.cache.leaseKey(v.opts.Prefix+key))
	}
	_, err := upstash.Exec(ctx, v.cache.doer, command.Del(full...))
	v.cache.forgetNearby(full...)
	return err
}

// document is an entry with its header.
func (c *Cache) document(call call, s stamps, b body, took time.Duration) document {
	now := time.Now()
	return document{Value: b.value, Meta: b.meta, Header: &header{
		Version: entryVersion, ID: c.newID(), Created: now.UnixMilli(), Fresh: now.Add(call.ttl).UnixMilli(), Delta: took.Milliseconds(),
		Codec: call.codec.Name(), Type: call.typeName, Epoch: s.epoch, Stamps: s.tags,
	}}
}
