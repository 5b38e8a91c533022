package cache

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// ViewOptions describes the entries of one kind. Every field may stay zero.
type ViewOptions struct {
	// Prefix is put in front of every key, for example "product:".
	Prefix string

	// TTL is how long an entry lives, at least 1ms. Default 1 hour.
	TTL time.Duration

	// Jitter spreads the ends of entries that were stored together: each lives
	// shorter by up to this part of its TTL, the same part for the same key
	// every time. Default 0.1; negative for none.
	Jitter float64

	// NegativeTTL is how long it is remembered that something does not exist.
	// Default 0: not at all.
	NegativeTTL time.Duration

	// Tags are carried by every entry. Tags per key come from TagsOf. Each tag
	// is one more key in the single command that reads an entry; at most 64
	// in all.
	Tags   []string
	TagsOf func(key string) []string

	// TypeName tells entries of different types apart: one that was stored
	// under another name is a miss. Default: the Go name of the type, such as
	// "shop.Product". Set it where programs whose packages differ share entries.
	TypeName string

	// Codec says how values are written. Default [JSON].
	Codec Codec

	// Foreign makes superjson documents that another program stored under the
	// view's keys, without a header of this package, values of the view:
	// redis.set(key, superjson.stringify(value)) in TypeScript. They are fresh as
	// long as Redis keeps them and have no tags, so that neither Invalidate nor
	// Purge reaches them, only Delete, Set and their own writer. They have to be
	// in the form of Codec. Default: they are misses.
	Foreign bool
}

const (
	defaultTTL    = time.Hour
	defaultJitter = 0.1
)

var errNoView = errors.New("cache: the view was not made by Of")

// View is the entries of one type in a [Cache]. It is safe for concurrent use.
type View[T any] struct {
	cache *Cache
	opts  ViewOptions
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
	c := call{key: v.opts.Prefix + key, ttl: v.opts.TTL, negativeTTL: v.opts.NegativeTTL, typeName: v.opts.TypeName, codec: v.opts.Codec, foreign: v.opts.Foreign}
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
	case len(c.tags) > maxTags:
		return c, fmt.Errorf("cache: %d tags: at most %d fit one entry", len(c.tags), maxTags)
	case v.opts.Jitter > 1:
		return c, errors.New("cache: Jitter is above 1: expected a part of the TTL, such as 0.1")
	case c.ttl < time.Millisecond || c.negativeTTL < 0 || c.negativeTTL > 0 && c.negativeTTL < time.Millisecond:
		return c, errors.New("cache: a TTL is below 1ms")
	}
	if keyed, ok := c.codec.(KeyedCodec); ok {
		c.codec = keyed.At(v.cache.entryKey(c.key))
	}
	c.ttl, c.negativeTTL = spread(c.ttl, v.opts.Jitter, c.key), spread(c.negativeTTL, v.opts.Jitter, c.key)
	return c, nil
}

// Get returns the stored value. [ErrMiss] says that there is no valid one, and
// [ErrNotFound] that it is remembered not to exist. One round trip and one
// billed command, whatever the number of declared tags.
func (v *View[T]) Get(ctx context.Context, key string, opts ...Option) (T, error) {
	var zero T
	c, err := v.call(key, opts)
	if err != nil {
		return zero, err
	}
	seen, err := v.cache.look(ctx, c.key, c.tags)
	if err != nil {
		return zero, err
	}
	switch value, state := decode[T](seen, c); state {
	case Hit:
		return value, nil
	case Negative:
		return zero, ErrNotFound
	default:
		return zero, ErrMiss
	}
}

// Set stores a value with the tags of the view and of the call, in one write:
// two round trips and two billed commands, and one more of each for tags that
// are used the first time.
//
// An invalidation that happens after Set was called is never undone by it. One
// that happened between reading the source and calling Set is: a value that was
// read from the source belongs into [View.GetOrLoad], which closes that gap.
func (v *View[T]) Set(ctx context.Context, key string, value T, opts ...Option) error {
	c, err := v.call(key, opts)
	if err != nil {
		return err
	}
	body, err := c.encode(value)
	if err != nil {
		return err
	}
	s, err := v.cache.ensure(ctx, c.tags)
	if err != nil {
		return err
	}
	text, err := v.cache.document(c, s, body, 0).encode()
	if err != nil {
		return err
	}
	if err := v.cache.fits(text); err != nil {
		return err
	}
	_, err = upstash.Exec(ctx, v.cache.doer, command.SetWith(v.cache.entryKey(c.key), text, command.SetOptions{TTL: c.ttl}))
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
	full := make([]string, len(keys))
	for i, key := range keys {
		full[i] = v.cache.entryKey(v.opts.Prefix + key)
	}
	_, err := upstash.Exec(ctx, v.cache.doer, command.Del(full...))
	return err
}

// document is an entry with its header.
func (c *Cache) document(call call, s stamps, b body, took time.Duration) document {
	now := time.Now()
	return document{Value: b.value, Meta: b.meta, Header: &header{
		Version: entryVersion, ID: randomID(), Created: now.UnixMilli(), Fresh: now.Add(call.ttl).UnixMilli(), Delta: took.Milliseconds(),
		Codec: call.codec.Name(), Type: call.typeName, Epoch: s.epoch, Stamps: s.tags,
	}}
}

// decode reads what was seen and says what it is: a value, a remembered absence,
// or, of another type or codec, nothing.
func decode[T any](s sight, c call) (value T, state State) {
	if c.foreign && s.exists && s.doc.Header == nil {
		if value, ok := foreignValue[T](c, s.text); ok {
			c.info.State = Hit
			return value, Hit
		}
	}
	if !s.valid || s.doc.Header.Lease {
		return value, Missed
	}
	h := s.doc.Header
	if h.Codec != c.codec.Name() || h.Type != c.typeName {
		return value, Missed
	}
	state = Negative
	if !h.Negative {
		var ok bool
		if value, ok = decodeValue[T](c, s.doc.Value, s.doc.Meta); !ok {
			return value, Missed
		}
		state = Hit
	}
	c.info.State, c.info.Age = state, time.Since(time.UnixMilli(h.Created))
	return value, state
}
