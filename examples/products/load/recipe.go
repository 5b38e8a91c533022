package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/catalog"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Recipe is the data layer by the recipe that this SDK grew from: an entry is a
// string, a tag is the set of the keys that carry it. Do not take it along. It
// is given the tags of the shop and its record of what was not told yet, which
// the recipe has not, and goes to the database when Redis fails.
type Recipe struct {
	store *shop.Store
	rdb   *upstash.Client
}

// NewRecipe makes the data layer of the recipe.
func NewRecipe(s *shop.Store, rdb *upstash.Client) *Recipe { return &Recipe{store: s, rdb: rdb} }

// Product returns one product.
func (c *Recipe) Product(ctx context.Context, id string) (shop.Product, bool, error) {
	return cacheAside(ctx, c, "product:"+id, time.Hour, []string{"products", shop.TagProduct(id)}, id, c.store.Product)
}

// ProductsOf returns the products of a category.
func (c *Recipe) ProductsOf(ctx context.Context, category string) ([]shop.Product, bool, error) {
	tags := []string{"products", shop.TagCategory(category)}
	return cacheAside(ctx, c, "products:category:"+category, 30*time.Minute, tags, category, c.store.ProductsOf)
}

// Newest returns the newest products.
func (c *Recipe) Newest(ctx context.Context) ([]shop.Product, bool, error) {
	return cacheAside(ctx, c, "products:newest", 30*time.Minute, []string{"products", shop.TagNewest}, "", c.store.Newest)
}

// Categories returns all categories.
func (c *Recipe) Categories(ctx context.Context) ([]shop.Category, bool, error) {
	return cacheAside(ctx, c, "categories:all", 2*time.Hour, []string{shop.TagCategories}, "", c.store.Categories)
}

// Several returns products one by one.
func (c *Recipe) Several(ctx context.Context, ids []string) (map[string]shop.Product, error) {
	found := map[string]shop.Product{}
	for _, id := range ids {
		p, _, err := c.Product(ctx, id)
		if err == nil {
			found[id] = p
		} else if !errors.Is(err, cache.ErrNotFound) {
			return nil, err
		}
	}
	return found, nil
}

// Create adds a product.
func (c *Recipe) Create(ctx context.Context, change shop.Change) (shop.Product, error) {
	p, err := c.store.Create(ctx, change)
	return p, c.settle(ctx, err)
}

// Update changes a product.
func (c *Recipe) Update(ctx context.Context, id string, change shop.Change) (shop.Product, error) {
	p, err := c.store.Update(ctx, id, change)
	return p, c.settle(ctx, err)
}

// Delete removes a product.
func (c *Recipe) Delete(ctx context.Context, id string) error {
	return c.settle(ctx, c.store.Delete(ctx, id))
}

func (c *Recipe) settle(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	ctx = upstash.WithRetry(ctx, upstash.RetryOptions{Attempts: 5, Policy: upstash.RetryIdempotent})
	err = c.store.Settle(ctx, func(ctx context.Context, tags ...string) error {
		for _, tag := range tags {
			if err := c.invalidateTag(ctx, tag); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%w: %w", catalog.ErrUnsettled, err)
	}
	return nil
}

func (c *Recipe) invalidateTag(ctx context.Context, tag string) error {
	keys, err := c.rdb.SMembers(ctx, "tag:"+tag)
	if err != nil || len(keys) == 0 {
		return err
	}
	p := pipeline.New(c.rdb)
	for _, key := range keys {
		p.Del(key)
	}
	p.Del("tag:" + tag)
	return p.Exec(ctx)
}

func cacheAside[T any](
	ctx context.Context, c *Recipe, key string, ttl time.Duration, tags []string, arg string, load cache.Loader[T],
) (T, bool, error) {
	cached, err := upstash.Exec(ctx, c.rdb, command.JSON[T](command.Get(key)))
	if err == nil {
		return cached, true, nil
	}
	fresh, err := load(ctx, arg)
	if err != nil {
		return fresh, false, err
	}
	text, err := json.Marshal(fresh)
	if err != nil {
		return fresh, false, err
	}
	if _, err := c.rdb.SetWith(ctx, key, string(text), command.SetOptions{TTL: ttl}); err != nil {
		return fresh, false, nil //nolint:nilerr // the value is good, and is loaded again the next time
	}
	p := pipeline.New(c.rdb)
	for _, tag := range tags {
		p.SAdd("tag:"+tag, key)
		p.Expire("tag:"+tag, ttl+time.Minute)
	}
	_ = p.Exec(ctx) // as the recipe has it when the caller goes on: the entry then has no tag
	return fresh, false, nil
}
