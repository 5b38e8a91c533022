package load_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/examples/products/api"
	"github.com/seed-9937a0e6/upstash-go/examples/products/load"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A product changes, and its reader has loaded what it was before and not
// stored it yet. By the recipe the old one is stored, for an hour.
func TestLoadThatAChangeOvertakes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		data func(*shop.Store, *upstash.Client) (api.Data, error)
		want int64
	}{
		"this package":      {ours, 777},
		"the seed's recipe": {func(s *shop.Store, rdb *upstash.Client) (api.Data, error) { return load.NewRecipe(s, rdb), nil }, 490},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, ctx := upstashtest.New(t), t.Context()
			store, err := shop.Open(ctx, "")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = store.Close() })
			if err := store.Fill(ctx, 6); err != nil {
				t.Fatal(err)
			}
			writer, err := tt.data(store, srv.Client())
			if err != nil {
				t.Fatal(err)
			}

			// The change happens before the request that carries the product.
			overtake := sync.OnceFunc(func() {
				price := int64(777)
				if _, err := writer.Update(ctx, "p001", shop.Change{Price: &price}); err != nil {
					t.Error(err)
				}
			})
			o := srv.ClientOptions()
			o.Middleware = []upstash.Middleware{func(next upstash.Doer) upstash.Doer {
				return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
					if carries(b, `"Small Headphones"`) {
						overtake()
					}
					return next.Do(ctx, b)
				})
			}}
			rdb, err := upstash.New(o)
			if err != nil {
				t.Fatal(err)
			}
			reader, err := tt.data(store, rdb)
			if err != nil {
				t.Fatal(err)
			}
			p, _, err := reader.Product(ctx, "p001")
			if err != nil || p.Price != 490 {
				t.Errorf("the reader that was overtaken: %d, %v", p.Price, err)
			}
			p, _, err = writer.Product(ctx, "p001")
			if err != nil || p.Price != tt.want {
				t.Errorf("a reader after the change: %d, %v, want %d", p.Price, err, tt.want)
			}
		})
	}
}

func carries(b upstash.Batch, text string) bool {
	return slices.ContainsFunc(b.Commands, func(c command.Args) bool {
		return slices.ContainsFunc(c.Words(), func(word string) bool { return strings.Contains(word, text) })
	})
}
