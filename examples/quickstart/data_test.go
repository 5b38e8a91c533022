package main

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func ids(products []Product) []string {
	list := make([]string, len(products))
	for i, p := range products {
		list[i] = p.ID
	}
	return list
}

// layers returns both data layers over a server of their own.
func layers(t *testing.T) (srv *upstashtest.Server, ours *Products, theirs *Seed) {
	t.Helper()
	srv = upstashtest.New(t)
	c, err := cache.New(srv.Client(), cache.Options{Namespace: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	products := smallCatalog(t).Products
	return srv, NewProducts(c, NewStore(products)), &Seed{rdb: srv.Client(), prefix: "seed:", store: NewStore(products)}
}

func TestCategoryIsSortedNewestFirst(t *testing.T) {
	t.Parallel()
	_, ours, theirs := layers(t)
	for range 2 { // loaded, then read
		for _, layer := range []DataLayer{ours, theirs} {
			list, err := layer.GetProductsByCategory(t.Context(), "b")
			if diff := cmp.Diff([]string{"q", "p"}, ids(list)); err != nil || diff != "" {
				t.Errorf("%T: %v (-want +got):\n%s", layer, err, diff)
			}
		}
	}
}

func TestNoSuchProduct(t *testing.T) {
	t.Parallel()
	_, ours, theirs := layers(t)
	for _, layer := range []DataLayer{ours, theirs} {
		if _, err := layer.GetProduct(t.Context(), "none"); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("%T: GetProduct: %v", layer, err)
		}
		if _, err := layer.UpdateProduct(t.Context(), "none", func(*Product) {}); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("%T: UpdateProduct: %v", layer, err)
		}
	}
}

// A product that moves leaves the list it was in. By the seed's recipe it stays.
func TestProductMovesToAnotherCategory(t *testing.T) {
	t.Parallel()
	_, ours, theirs := layers(t)
	for _, tt := range []struct {
		layer DataLayer
		left  []string
	}{{ours, []string{"q"}}, {theirs, []string{"q", "p"}}} {
		for _, category := range []string{"a", "b"} {
			if _, err := tt.layer.GetProductsByCategory(t.Context(), category); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := tt.layer.UpdateProduct(t.Context(), "p", func(p *Product) { p.CategoryID = "a" }); err != nil {
			t.Fatal(err)
		}
		for category, want := range map[string][]string{"a": {"r", "p"}, "b": tt.left} {
			list, err := tt.layer.GetProductsByCategory(t.Context(), category)
			if diff := cmp.Diff(want, ids(list)); err != nil || diff != "" {
				t.Errorf("%T, category %s: %v (-want +got):\n%s", tt.layer, category, err, diff)
			}
		}
	}
}

// What the comment on Seed says about the lifetime of its sets.
func TestSeedCutsTheLifeOfATagShort(t *testing.T) {
	t.Parallel()
	srv, _, theirs := layers(t)
	if _, err := theirs.GetProduct(t.Context(), "p"); err != nil {
		t.Fatal(err)
	}
	if _, err := theirs.GetProductsByCategory(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	srv.Advance(31*time.Minute + time.Second)
	if err := theirs.invalidateTag(t.Context(), "products"); err != nil {
		t.Fatal(err)
	}
	if n, err := srv.Client().Exists(t.Context(), "seed:product:p"); n != 1 {
		t.Errorf("%d products are left (%v): the set still reached it", n, err)
	}
}
