package catalog_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/catalog"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func newStore(t *testing.T) *shop.Store {
	t.Helper()
	s, err := shop.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Fill(t.Context(), 12); err != nil {
		t.Fatal(err)
	}
	return s
}

// over returns a catalog of a client of its own, as another process has one.
func over(t *testing.T, srv *upstashtest.Server, s *shop.Store) *catalog.Catalog {
	t.Helper()
	rdb, err := upstash.New(srv.ClientOptions())
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.New(s, rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func priced(cents int64) shop.Change { return shop.Change{Price: &cents} }

// price reads a product, and fails where it is not as it should be.
func price(t *testing.T, c *catalog.Catalog, id string) (cents int64, hit bool) {
	t.Helper()
	p, hit, err := c.Product(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return p.Price, hit
}

func TestCost(t *testing.T) {
	t.Parallel()
	srv, s := upstashtest.New(t), newStore(t)
	c, ctx := over(t, srv, s), t.Context()
	reads := map[string]func() (bool, error){
		"product":    func() (bool, error) { _, hit, err := c.Product(ctx, "p001"); return hit, err },
		"category":   func() (bool, error) { _, hit, err := c.ProductsOf(ctx, "desk"); return hit, err },
		"newest":     func() (bool, error) { _, hit, err := c.Newest(ctx); return hit, err },
		"categories": func() (bool, error) { _, hit, err := c.Categories(ctx); return hit, err },
		"nothing": func() (bool, error) {
			_, hit, err := c.Product(ctx, "nothing")
			if !errors.Is(err, cache.ErrNotFound) {
				t.Errorf("error %v", err)
			}
			return hit, nil
		},
	}
	for name, read := range reads {
		if hit, err := read(); hit || err != nil {
			t.Fatalf("%s at first: hit %t, %v", name, hit, err)
		}
		upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() {
			if hit, err := read(); !hit || err != nil {
				t.Errorf("%s: hit %t, %v", name, hit, err)
			}
		})
	}
	if err := c.Settle(ctx); err != nil { // of filling the shop
		t.Fatal(err)
	}
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() {
		if _, err := c.Update(ctx, "p001", priced(5)); err != nil {
			t.Error(err)
		}
	})
	upstashtest.AssertCost(t, srv, upstashtest.Cost{}, func() { // nothing is left to be told
		if err := c.Settle(ctx); err != nil {
			t.Error(err)
		}
	})
}

// Each change is seen by the next read, in another process too, and makes
// nothing stale that does not show it.
func TestChangesAreSeen(t *testing.T) {
	t.Parallel()
	srv, s, ctx := upstashtest.New(t), newStore(t), t.Context()
	writer, reader := over(t, srv, s), over(t, srv, s)
	if err := writer.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	type seen struct{ Desk, Kitchen, Newest, Categories, Other bool }
	hits := func() (h seen) {
		t.Helper()
		var errs [5]error
		_, h.Desk, errs[0] = reader.ProductsOf(ctx, "desk")
		_, h.Kitchen, errs[1] = reader.ProductsOf(ctx, "kitchen")
		_, h.Newest, errs[2] = reader.Newest(ctx)
		_, h.Categories, errs[3] = reader.Categories(ctx)
		_, h.Other, errs[4] = reader.Product(ctx, "p002")
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		return h
	}
	hits()
	kitchen, name := "kitchen", "New"
	var id string
	for _, tt := range []struct {
		name  string
		write func() error
		want  seen
	}{
		{"nothing", func() error { return nil }, seen{true, true, true, true, true}},
		{"a price", func() error { _, err := writer.Update(ctx, "p003", priced(5)); return err }, seen{false, true, false, true, true}},
		{"a move", func() error { _, err := writer.Update(ctx, "p003", shop.Change{CategoryID: &kitchen}); return err }, seen{false, false, false, false, true}},
		{"a new one", func() error {
			p, err := writer.Create(ctx, shop.Change{Name: &name, CategoryID: &kitchen})
			id = p.ID
			return err
		}, seen{true, false, false, false, true}},
		{"its end", func() error { return writer.Delete(ctx, id) }, seen{true, false, false, false, true}},
	} {
		if err := tt.write(); err != nil {
			t.Fatal(tt.name, err)
		}
		if diff := cmp.Diff(tt.want, hits()); diff != "" {
			t.Errorf("hits after %s (-want +got):\n%s", tt.name, diff)
		}
	}
	if cents, _ := price(t, reader, "p003"); cents != 5 {
		t.Errorf("price %d after it became 5", cents)
	}
}

// A program that crashes between the commit and the cache leaves word of it.
func TestChangeThatWasNotSettled(t *testing.T) {
	t.Parallel()
	srv, s, ctx := upstashtest.New(t), newStore(t), t.Context()
	c := over(t, srv, s)
	if err := c.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	before, _ := price(t, c, "p001")
	down := srv.InterceptAll(upstashtest.On("DEL", upstashtest.Status(500)))
	p, err := c.Update(ctx, "p001", priced(before+1))
	if !errors.Is(err, catalog.ErrUnsettled) || p.Price != before+1 {
		t.Errorf("%+v, %v", p, err)
	}
	down()
	if cents, hit := price(t, c, "p001"); cents != before || !hit {
		t.Errorf("the cache was told while it was down: price %d, hit %t", cents, hit)
	}
	if err := over(t, srv, s).Settle(ctx); err != nil { // what a program does when it starts
		t.Fatal(err)
	}
	if cents, _ := price(t, c, "p001"); cents != before+1 {
		t.Errorf("price %d, want %d", cents, before+1)
	}
}

// A caller that goes away after the commit does not keep the cache from being told.
func TestCallerGoesAway(t *testing.T) {
	t.Parallel()
	srv, s := upstashtest.New(t), newStore(t)
	c := over(t, srv, s)
	ctx, goAway := context.WithCancel(t.Context())
	before, _ := price(t, c, "p001")
	srv.Intercept(upstashtest.On("DEL", func(x *upstashtest.Exchange) { goAway(); x.Drop() }))
	if _, err := c.Update(ctx, "p001", priced(before+1)); err != nil {
		t.Error(err)
	}
	if cents, _ := price(t, c, "p001"); cents != before+1 {
		t.Errorf("price %d, want %d", cents, before+1)
	}
}

// Without Redis the shop still sells.
func TestWithoutRedis(t *testing.T) {
	t.Parallel()
	srv, s, ctx := upstashtest.New(t), newStore(t), t.Context()
	c := over(t, srv, s)
	srv.InterceptAll(upstashtest.Status(400))
	before, _ := price(t, c, "p001")
	if _, err := c.Update(ctx, "p001", priced(before+1)); !errors.Is(err, catalog.ErrUnsettled) {
		t.Errorf("error %v", err)
	}
	if cents, _ := price(t, c, "p001"); cents != before+1 {
		t.Errorf("price %d, want %d", cents, before+1)
	}
	found, err := c.Several(ctx, []string{"p001", "nothing", "p002"})
	if err != nil || len(found) != 2 {
		t.Errorf("%d of 2 products, %v", len(found), err)
	}
}

func TestSeveral(t *testing.T) {
	t.Parallel()
	srv, s, ctx := upstashtest.New(t), newStore(t), t.Context()
	c := over(t, srv, s)
	price(t, c, "p001")
	price(t, c, "p002")
	upstashtest.AssertCost(t, srv, upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() {
		found, err := c.Several(ctx, []string{"p002", "p001"})
		if err != nil || len(found) != 2 || found["p002"].ID != "p002" {
			t.Errorf("%+v, %v", found, err)
		}
	})
	found, err := c.Several(ctx, []string{"p003", "p001", "nothing"})
	if err != nil || len(found) != 2 || found["p003"].ID != "p003" {
		t.Errorf("%+v, %v", found, err)
	}
}
