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
	load := func(context.Context, string) (price, error) { return price{Cents: 450, Note: "Käse <&> 🧀"}, nil }
	s.check("caches a bare value", is("price", price{450, "Käse <&> 🧀"})(prices.GetOrLoad(ctx, "tea", load)))

	// TypeScript changes a price, and deletes another one, while Go loads them.
	if err := s.typescript(ctx, "bare"); err != nil {
		return err
	}
	s.check("reads what TypeScript set", is("price", price{Cents: 9})(prices.Get(ctx, "milk")))
	overtaken := func(phase string) cache.Loader[price] {
		return func(ctx context.Context, key string) (price, error) {
			p, _ := load(ctx, key)
			return p, s.typescript(ctx, phase)
		}
	}
	_, err = prices.GetOrLoad(ctx, "set meanwhile", overtaken("bare-set"))
	s.check("what TypeScript set during a load stays", err, is("price", price{Cents: 7})(prices.Get(ctx, "set meanwhile")))
	_, err = prices.GetOrLoad(ctx, "deleted meanwhile", overtaken("bare-del"))
	s.check("what TypeScript deleted during a load is not stored", err, isMiss(errorOf(prices.Get(ctx, "deleted meanwhile"))))
	return nil
}

func errorOf[T any](_ T, err error) error { return err }
