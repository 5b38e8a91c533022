package load_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/api"
	"github.com/seed-9937a0e6/upstash-go/examples/products/catalog"
	"github.com/seed-9937a0e6/upstash-go/examples/products/load"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func config(data func(*shop.Store, *upstash.Client) (api.Data, error)) load.Config {
	c := load.Config{Duration: 2 * time.Second, AtLeast: 300, Callers: 64, Products: 200, Faults: true, Data: data}
	if os.Getenv("UPSTASH_LONG") != "" {
		c.Duration = 30 * time.Second
	}
	return c
}

func ours(s *shop.Store, rdb *upstash.Client) (api.Data, error) {
	return catalog.New(s, rdb, cache.Options{Namespace: "shop"})
}

// Nobody gets a wrong answer, nor one that is older than a change that was
// acknowledged before, whatever fails meanwhile.
func TestAPIUnderLoadFaultMatrix(t *testing.T) {
	t.Parallel()
	r, err := load.Run(t.Context(), config(ours))
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := load.Print(&table, config(ours), load.Named{Name: "this package", Report: r}); err != nil {
		t.Error(err)
	}
	t.Log(table.String())
	if r.Wrong > 0 || r.Stale > 0 {
		t.Errorf("%d wrong, %d stale of %d reads and %d writes", r.Wrong, r.Stale, r.Reads, r.Writes)
	}
	if r.Struck == 0 || r.Hits == 0 || r.Writes == 0 { // errors and changes that are not settled are a matter of time
		t.Errorf("nothing happened: %+v", r)
	}
}

// planted is a data layer with a fault.
type planted struct {
	api.Data
	store *shop.Store

	forget bool // to tell the cache
	lie    bool // about a price
}

func (p *planted) Update(ctx context.Context, id string, c shop.Change) (shop.Product, error) {
	if !p.forget {
		return p.Data.Update(ctx, id, c)
	}
	product, err := p.store.Update(ctx, id, c)
	if err == nil {
		err = p.store.Settle(ctx, func(context.Context, ...string) error { return nil })
	}
	return product, err
}

func (p *planted) Product(ctx context.Context, id string) (shop.Product, bool, error) {
	product, hit, err := p.Data.Product(ctx, id)
	if p.lie && id == "p001" {
		product.Price++
	}
	return product, hit, err
}

// The checker is worth what it notices.
func TestAPIUnderLoadNoticesPlantedFaults(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		plant        planted
		stale, wrong bool
	}{
		"the cache is not told": {planted{forget: true}, true, false},
		"a price is changed":    {planted{lie: true}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := config(func(s *shop.Store, rdb *upstash.Client) (api.Data, error) {
				data, err := ours(s, rdb)
				p := tt.plant
				p.Data, p.store = data, s
				return &p, err
			})
			c.Duration, c.AtLeast, c.Products, c.Faults = 0, 400, 20, false
			r, err := load.Run(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if (r.Stale > 0) != tt.stale || (r.Wrong > 0) != tt.wrong {
				t.Errorf("%d stale, %d wrong of %d reads and %d writes", r.Stale, r.Wrong, r.Reads, r.Writes)
			}
		})
	}
}
