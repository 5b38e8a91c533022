// Load asks the shop's API from many callers at once while requests to Redis
// fail, compares every answer with the history of the database, and does the
// same with the recipe that this SDK grew from:
//
//	go -C examples/products run ./cmd/load
//
// It fails when an answer of this package was wrong or stale.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/examples/products/api"
	"github.com/seed-9937a0e6/upstash-go/examples/products/catalog"
	"github.com/seed-9937a0e6/upstash-go/examples/products/load"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	c := load.Config{}
	flag.DurationVar(&c.Duration, "duration", 5*time.Second, "how long each of the two runs takes")
	flag.IntVar(&c.Callers, "callers", 64, "how many ask at once")
	flag.IntVar(&c.Products, "products", 200, "how many products there are")
	flag.BoolVar(&c.Faults, "faults", true, "have one request to Redis in twenty fail")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, c, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, c load.Config, out io.Writer) error {
	c.Data = func(s *shop.Store, rdb *upstash.Client) (api.Data, error) {
		return catalog.New(s, rdb, cache.Options{Namespace: "shop"})
	}
	ours, err := load.Run(ctx, c)
	if err != nil {
		return err
	}
	c.Data = func(s *shop.Store, rdb *upstash.Client) (api.Data, error) { return load.NewRecipe(s, rdb), nil }
	recipe, err := load.Run(ctx, c)
	if err != nil {
		return err
	}
	if err := load.Print(out, c, load.Named{Name: "this package", Report: ours}, load.Named{Name: "the seed's recipe", Report: recipe}); err != nil {
		return err
	}
	if ours.Wrong+ours.Stale > 0 {
		return fmt.Errorf("%d answers were wrong and %d stale: expected none", ours.Wrong, ours.Stale)
	}
	_, err = fmt.Fprintln(out, "\nEvery answer was one that the database had, none older than a change that was acknowledged before.")
	return err
}
