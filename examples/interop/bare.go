package main

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// bare caches values that TypeScript reads and writes by redis.get and redis.set
// alone.
func (s *suite) bare(ctx context.Context) error {
	c, err := cache.New(s.rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		return err
	}
	type price struct {
		Cents int    `json:"cents"`
		Note  string `json:"note,omitempty"`
	}
	prices := cache.BareOf[price](c, cache.BareOptions{Prefix: "price:", TTL: time.Hour, Jitter: -1})
	tea := price{Cents: 450, Note: "Käse <&> 🧀"}
	load := func(during func() error) cache.Loader[price] {
		return func(context.Context, string) (price, error) { return tea, during() }
	}
	typescript := func(stage string) func() error {
		return func() error { return s.typescript(ctx, stage) }
	}
	s.check("caches a bare value", is("price", tea)(prices.GetOrLoad(ctx, "tea", load(func() error { return nil }))))

	if err := s.typescript(ctx, "bare"); err != nil {
		return err
	}
	s.check("reads what TypeScript set", is("price", price{Cents: 9})(prices.Get(ctx, "milk")))
	_, err = prices.GetOrLoad(ctx, "set meanwhile", load(typescript("bare-set")))
	s.check("what TypeScript set during a load stays", err, is("price", price{Cents: 7})(prices.Get(ctx, "set meanwhile")))
	_, err = prices.GetOrLoad(ctx, "deleted meanwhile", load(typescript("bare-del")))
	s.check("what TypeScript deleted during a load is not stored", err, isMiss(errorOf(prices.Get(ctx, "deleted meanwhile"))))
	return nil
}

func errorOf[T any](_ T, err error) error { return err }
