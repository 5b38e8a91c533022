package load_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/examples/products/api"
	"github.com/seed-9937a0e6/upstash-go/examples/products/load"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func TestX(t *testing.T) {
	t.Parallel()
	r, err := load.Run(t.Context(), config(func(s *shop.Store, rdb *upstash.Client) (api.Data, error) {
		return load.NewRecipe(s, rdb), nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", r)
}
