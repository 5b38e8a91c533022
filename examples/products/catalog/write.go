package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Create adds a product. The error may be an [ErrUnsettled], as that of the
// other writes may: then the change is made all the same.
func (c *Catalog) Create(ctx context.Context, change shop.Change) (shop.Product, error) {
	p, err := c.store.Create(ctx, change)
	if err != nil {
		return p, err
	}
	return p, c.Settle(ctx)
}

// Update changes a product.
func (c *Catalog) Update(ctx context.Context, id string, change shop.Change) (shop.Product, error) {
	p, err := c.store.Update(ctx, id, change)
	if err != nil {
		return p, err
	}
	return p, c.Settle(ctx)
}

// Delete removes a product.
func (c *Catalog) Delete(ctx context.Context, id string) error {
	if err := c.store.Delete(ctx, id); err != nil {
		return err
	}
	return c.Settle(ctx)
}

// patience bounds what a write waits for the cache.
const patience = 3 * time.Second

// Settle tells the cache of all changes that it was not told of yet: one round
// trip and one billed command, or none. It goes on when ctx ends, because the
// change is committed by then. Call it when a program starts, too.
func (c *Catalog) Settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	// Invalidating twice is as good as once, so a request whose answer was lost
	// is sent again.
	ctx = upstash.WithRetry(ctx, upstash.RetryOptions{Attempts: 5, Policy: upstash.RetryIdempotent})
	if err := c.store.Settle(ctx, c.cache.Invalidate); err != nil {
		return fmt.Errorf("%w: %w", ErrUnsettled, err)
	}
	return nil
}
