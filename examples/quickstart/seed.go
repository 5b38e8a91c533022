package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Seed is the same data layer by the recipe that this SDK grew from, kept for
// comparison: an entry is a string, and a tag is the set of the keys that carry
// it. Do not take it along. Among what can go wrong:
//
//   - An entry and its tags are written by two requests. When the second one is
//     lost, no invalidation ever reaches the entry.
//   - A tag's set lives as long as its youngest entry asked for. Every list of a
//     category cuts the set "products" back to 31 minutes, while the products in
//     it live for an hour.
//   - A load that an invalidation overtakes stores what is old by then, and it
//     stays for the whole TTL.
type Seed struct {
	rdb    *upstash.Client
	prefix string
	store  *Store
}

// GetProduct returns one product.
func (s *Seed) GetProduct(ctx context.Context, id string) (Product, error) {
	return cacheAside(ctx, s, "product:"+id, time.Hour, []string{"products", "product:" + id},
		func() (Product, error) { return s.store.Product(ctx, id) })
}

// GetProductsByCategory returns the products of a category, the newest first.
func (s *Seed) GetProductsByCategory(ctx context.Context, id string) ([]Product, error) {
	return cacheAside(ctx, s, "products:category:"+id, 30*time.Minute, []string{"products", "category:" + id},
		func() ([]Product, error) { return s.store.Category(ctx, id) })
}

// UpdateProduct changes a product and invalidates two tags, because neither
// reaches both entries: a product does not carry its category's tag, nor the
// list those of its products. They go out side by side, as in the recipe, each
// with two requests: one of them may fail, and a reader may see the new product
// and the old list. A product that moves stays in the list it was in.
func (s *Seed) UpdateProduct(ctx context.Context, id string, change func(*Product)) (Product, error) {
	_, after, err := s.store.Update(ctx, id, change)
	if err != nil {
		return Product{}, err
	}
	other := make(chan error, 1)
	go func() { other <- s.invalidateTag(ctx, "category:"+after.CategoryID) }()
	err = s.invalidateTag(ctx, "product:"+id)
	return after, errors.Join(err, <-other)
}

func cacheAside[T any](ctx context.Context, s *Seed, key string, ttl time.Duration, tags []string, load func() (T, error)) (T, error) {
	cached, err := upstash.Exec(ctx, s.rdb, command.JSON[T](command.Get(s.prefix+key)))
	if !errors.Is(err, upstash.ErrNil) {
		return cached, err
	}
	fresh, err := load()
	if err != nil {
		return fresh, err
	}
	return fresh, s.set(ctx, key, fresh, ttl, tags)
}

func (s *Seed) set(ctx context.Context, key string, value any, ttl time.Duration, tags []string) error {
	text, err := stringify(value)
	if err != nil {
		return err
	}
	if _, err := s.rdb.SetWith(ctx, s.prefix+key, text, command.SetOptions{TTL: ttl}); err != nil {
		return err
	}
	p := pipeline.New(s.rdb)
	for _, tag := range tags {
		p.SAdd(s.tagKey(tag), s.prefix+key)
		p.Expire(s.tagKey(tag), ttl+time.Minute)
	}
	return p.Exec(ctx)
}

func (s *Seed) invalidateTag(ctx context.Context, tag string) error {
	keys, err := s.rdb.SMembers(ctx, s.tagKey(tag))
	if err != nil || len(keys) == 0 {
		return err
	}
	p := pipeline.New(s.rdb)
	for _, key := range keys {
		p.Del(key)
	}
	p.Del(s.tagKey(tag))
	return p.Exec(ctx)
}

func (s *Seed) tagKey(tag string) string { return s.prefix + "tag:" + tag }

// stringify writes JSON as JavaScript does, without escapes for HTML, so that
// the bytes can be compared.
func stringify(value any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(value)
	return string(bytes.TrimSuffix(b.Bytes(), []byte("\n"))), err
}
