package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// product is what Go caches and TypeScript reads.
type product struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Price     int64     `json:"price"`
	CreatedAt time.Time `json:"createdAt"`
	Images    []string  `json:"images"`
	Category  *string   `json:"category"`
}

// A shop is the source of products, and the cache before it.
type shop struct {
	prices   map[string]int64
	loads    int
	onLoad   func(ctx context.Context) error // called while a loader runs
	products *cache.View[product]
}

func (s *shop) load(ctx context.Context, id string) (product, error) {
	s.loads++
	if s.onLoad != nil {
		if err := s.onLoad(ctx); err != nil {
			return product{}, err
		}
	}
	price, has := s.prices[id]
	if !has {
		return product{}, cache.ErrNotFound
	}
	created := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	return product{ID: id, Name: "Käse <&> 🧀", Price: price, CreatedAt: created, Images: []string{"a.png", "b.png"}}, nil
}

// price reads the price of a product, and how many loads that took.
func (s *shop) price(ctx context.Context, id string) (priceAndLoads [2]int64, err error) {
	before := s.loads
	p, err := s.products.GetOrLoad(ctx, id, s.load)
	return [2]int64{p.Price, int64(s.loads - before)}, err
}

// misses says with an error that a product is still in the cache.
func (s *shop) misses(ctx context.Context, id string) error {
	if p, err := s.products.Get(ctx, id); !errors.Is(err, cache.ErrMiss) {
		return fmt.Errorf("product %s: got price %d and error %w, want a miss", id, p.Price, err)
	}
	return nil
}

// caching fills a cache with Go, reads it with TypeScript, and invalidates it
// from both sides.
func (s *suite) caching(ctx context.Context) error {
	c, err := cache.New(s.rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		return err
	}
	sh := &shop{
		prices: map[string]int64{"42": 1250, "7": 990},
		products: cache.Of[product](c, cache.ViewOptions{
			Prefix: "product:", TTL: time.Hour, NegativeTTL: time.Minute, Jitter: -1, // the other side checks the TTL
			Tags: []string{"products"}, TagsOf: func(id string) []string { return []string{"product:" + id} },
		}),
	}

	sh.onLoad = func(ctx context.Context) error { return s.typescript(ctx, "lease") }
	first, err := sh.price(ctx, "42")
	sh.onLoad = nil
	s.check("caches what was loaded",
		is("product 42", [2]int64{1250, 1})(first, err),
		is("product 42 again", [2]int64{1250, 0})(sh.price(ctx, "42")),
		is("product 7", [2]int64{990, 1})(sh.price(ctx, "7")))
	_, err = sh.products.GetOrLoad(ctx, "gone", sh.load)
	if !errors.Is(err, cache.ErrNotFound) {
		return fmt.Errorf("product gone: got %w, want cache.ErrNotFound", err)
	}
	if err := s.typescript(ctx, "cache"); err != nil {
		return err
	}

	if err := c.Invalidate(ctx, "product:42"); err != nil {
		return err
	}
	if err := s.typescript(ctx, "invalidated"); err != nil {
		return err
	}
	s.check("fills again what it invalidated", is("product 42", [2]int64{1250, 1})(sh.price(ctx, "42")))

	sh.prices["42"] = 1300
	if err := s.typescript(ctx, "del-tag"); err != nil {
		return err
	}
	s.check("TypeScript's del of a tag's stamp invalidates its entries",
		sh.misses(ctx, "42"),
		is("product 7", [2]int64{990, 0})(sh.price(ctx, "7")),
		is("product 42", [2]int64{1300, 1})(sh.price(ctx, "42")),
		is("product 42 again", [2]int64{1300, 0})(sh.price(ctx, "42")))

	if err := s.typescript(ctx, "del-tags"); err != nil {
		return err
	}
	s.check("TypeScript's del of a common tag's stamp invalidates all of them",
		sh.misses(ctx, "42"), sh.misses(ctx, "7"),
		is("product 42", [2]int64{1300, 1})(sh.price(ctx, "42")),
		is("product 7", [2]int64{990, 1})(sh.price(ctx, "7")))

	if err := s.typescript(ctx, "del-all"); err != nil {
		return err
	}
	s.check("TypeScript's del of the namespace's stamp invalidates everything",
		sh.misses(ctx, "42"), sh.misses(ctx, "7"),
		is("product 7", [2]int64{990, 1})(sh.price(ctx, "7")))

	if err := s.typescript(ctx, "overwrite"); err != nil {
		return err
	}
	s.check("a document that TypeScript put in an entry's place is a miss",
		sh.misses(ctx, "7"),
		is("product 7", [2]int64{990, 1})(sh.price(ctx, "7")))
	return nil
}
