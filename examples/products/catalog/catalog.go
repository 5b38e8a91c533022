// Package catalog is the data layer of the shop: reads through a cache with
// tags, writes that invalidate. Nobody reads a product, a category or a list
// that is older than the last change that was finished before.
//
//	p, hit, err := c.Product(ctx, "p001")
//	p, err = c.Update(ctx, "p001", shop.Change{Price: &price})
//
// A hit is one round trip and one billed command, and so is what a write does
// to the cache, however many entries show the product.
package catalog

import (
	"context"
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Catalog is the cache in front of the shop. It is safe for concurrent use.
type Catalog struct {
	store      *shop.Store
	cache      *cache.Cache
	products   *cache.View[shop.Product]
	byCategory *cache.View[[]shop.Product]
	newest     *cache.View[[]shop.Product]
	categories *cache.View[[]shop.Category]
}

// ErrUnsettled says that a change is committed, and that readers may not see it
// yet because the cache could not be told. The next write tells it, or
// [Catalog.Settle].
var ErrUnsettled = errors.New("the change is made, but the cache could not be told: readers see it a little later")

// everything is a tag of every entry, for what changes all of them, as when
// prices are imported.
const everything = "products"

// New makes a catalog over d, a client for example. It does no I/O.
func New(s *shop.Store, d upstash.Doer, o cache.Options) (*Catalog, error) {
	c, err := cache.New(d, o)
	if err != nil {
		return nil, err
	}
	return &Catalog{
		store: s,
		cache: c,
		products: cache.Of[shop.Product](c, cache.ViewOptions{
			Prefix: "product:", TTL: time.Hour, NegativeTTL: time.Minute,
			Tags:   []string{everything},
			TagsOf: func(id string) []string { return []string{shop.TagProduct(id)} },
		}),
		byCategory: cache.Of[[]shop.Product](c, cache.ViewOptions{
			Prefix: "products:category:", TTL: 30 * time.Minute, NegativeTTL: time.Minute,
			Tags:   []string{everything},
			TagsOf: func(id string) []string { return []string{shop.TagCategory(id)} },
		}),
		newest: cache.Of[[]shop.Product](c, cache.ViewOptions{
			Prefix: "products:", TTL: 30 * time.Minute, Tags: []string{everything, shop.TagNewest},
		}),
		categories: cache.Of[[]shop.Category](c, cache.ViewOptions{
			Prefix: "categories:", TTL: 2 * time.Hour, Tags: []string{everything, shop.TagCategories},
		}),
	}, nil
}

// Product returns one product, and whether the cache had it. The error is a
// [cache.ErrNotFound] where there is none.
func (c *Catalog) Product(ctx context.Context, id string) (shop.Product, bool, error) {
	return read(ctx, c.products, id, c.store.Product)
}

// ProductsOf returns the products of a category, the newest first.
func (c *Catalog) ProductsOf(ctx context.Context, category string) ([]shop.Product, bool, error) {
	return read(ctx, c.byCategory, category, c.store.ProductsOf)
}

// Newest returns the newest products.
func (c *Catalog) Newest(ctx context.Context) ([]shop.Product, bool, error) {
	return read(ctx, c.newest, "newest", c.store.Newest)
}

// Categories returns all categories.
func (c *Catalog) Categories(ctx context.Context) ([]shop.Category, bool, error) {
	return read(ctx, c.categories, "all", c.store.Categories)
}

// Several returns the products among ids that there are, by ID: those that the
// cache has in one round trip, the others one by one.
func (c *Catalog) Several(ctx context.Context, ids []string) (map[string]shop.Product, error) {
	found, err := c.products.GetMany(ctx, ids)
	if err != nil { // a cache that is down is no reason to fail
		found = map[string]shop.Product{}
	}
	for _, id := range ids {
		if _, ok := found[id]; ok {
			continue
		}
		p, _, err := c.Product(ctx, id)
		switch {
		case errors.Is(err, cache.ErrNotFound):
		case err != nil:
			return nil, err
		default:
			found[id] = p
		}
	}
	return found, nil
}

func read[T any](ctx context.Context, v *cache.View[T], key string, load cache.Loader[T]) (T, bool, error) {
	var info cache.Info
	value, err := v.GetOrLoad(ctx, key, load, cache.Report(&info))
	return value, info.State == cache.Hit || info.State == cache.Negative, err
}
