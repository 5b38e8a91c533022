package cache_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func Example() {
	srv, err := upstashtest.NewServer(upstashtest.Options{}) // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	rdb, ctx := srv.Client(), context.Background()

	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	prices := cache.Of[int](c, cache.ViewOptions{Prefix: "price:", TTL: time.Hour, Tags: []string{"prices"}})

	source := map[string]int{"tea": 450}
	load := func(_ context.Context, key string) (int, error) {
		fmt.Println("reading the source")
		return source[key], nil
	}
	for range 2 {
		price, err := prices.GetOrLoad(ctx, "tea", load)
		fmt.Println(price, err)
	}

	source["tea"] = 500
	if err := c.Invalidate(ctx, "prices"); err != nil {
		panic(err)
	}
	price, err := prices.GetOrLoad(ctx, "tea", load)
	fmt.Println(price, err)
	// Output:
	// reading the source
	// 450 <nil>
	// 450 <nil>
	// reading the source
	// 500 <nil>
}

func ExampleErrNotFound() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	c, err := cache.New(srv.Client(), cache.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	prices := cache.Of[int](c, cache.ViewOptions{NegativeTTL: time.Minute})
	load := func(context.Context, string) (int, error) {
		fmt.Println("reading the source")
		return 0, cache.ErrNotFound
	}
	for range 2 {
		_, err := prices.GetOrLoad(context.Background(), "unknown", load)
		fmt.Println(errors.Is(err, cache.ErrNotFound))
	}
	// Output:
	// reading the source
	// true
	// true
}
