package api

import (
	"context"

	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

// Data is what the API shows and changes: package catalog, or something to
// compare it with. Reads tell whether a cache had it.
type Data interface {
	Product(ctx context.Context, id string) (shop.Product, bool, error)
	ProductsOf(ctx context.Context, category string) ([]shop.Product, bool, error)
	Newest(ctx context.Context) ([]shop.Product, bool, error)
	Categories(ctx context.Context) ([]shop.Category, bool, error)
	Several(ctx context.Context, ids []string) (map[string]shop.Product, error)

	Create(ctx context.Context, c shop.Change) (shop.Product, error)
	Update(ctx context.Context, id string, c shop.Change) (shop.Product, error)
	Delete(ctx context.Context, id string) error
}

// Users is who may sign in: the shop.
type Users interface {
	SignIn(ctx context.Context, email, password string) (shop.User, error)
}
