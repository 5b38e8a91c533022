package main

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// Products is the data layer of the shop: its pages read and change products
// through it, and a page never sees a product that is older than the last
// change that was finished before.
type Products struct {
	store      *Store
	cache      *cache.Cache
	byID       *cache.View[Product]
	byCategory *cache.View[[]Product]
}

// NewProducts puts the cache in front of the store.
func NewProducts(c *cache.Cache, s *Store) *Products {
	return &Products{
		store: s,
		cache: c,
		byID: cache.Of[Product](c, cache.ViewOptions{
			Prefix: "product:",
			TTL:    time.Hour,
			Tags:   []string{"products"},
			TagsOf: func(id string) []string { return []string{"product:" + id} },
		}),
		byCategory: cache.Of[[]Product](c, cache.ViewOptions{
			Prefix: "products:category:",
			TTL:    30 * time.Minute,
			Tags:   []string{"products"},
			TagsOf: func(id string) []string { return []string{"category:" + id} },
		}),
	}
}

// GetProduct returns one product, or a [cache.ErrNotFound].
func (p *Products) GetProduct(ctx context.Context, id string) (Product, error) {
	return p.byID.GetOrLoad(ctx, id, p.store.Product)
}

// GetProductsByCategory returns the products of a category, the newest first.
func (p *Products) GetProductsByCategory(ctx context.Context, id string) ([]Product, error) {
	return p.byCategory.GetOrLoad(ctx, id, p.store.Category)
}

// UpdateProduct changes a product and makes everything that shows it invalid:
// its own entry, the list it is in and, when it moves, the list it was in. When
// the error is the cache's, the product is changed already: invalidate again.
func (p *Products) UpdateProduct(ctx context.Context, id string, change func(*Product)) (Product, error) {
	before, after, err := p.store.Update(ctx, id, change)
	if err != nil {
		return Product{}, err
	}
	return after, p.cache.Invalidate(ctx, "product:"+id, "category:"+before.CategoryID, "category:"+after.CategoryID)
}
