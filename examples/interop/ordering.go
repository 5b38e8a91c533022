package main

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// order is the same value as in client.mjs, of which JSON carries the half.
type order struct {
	ID      string                     `json:"id"`
	Total   *big.Int                   `json:"total"`
	At      time.Time                  `json:"at"`
	Tags    superjson.Set[string]      `json:"tags"`
	Amounts superjson.Map[string, int] `json:"amounts"`
	Note    superjson.Undefined        `json:"note"`
}

func anOrder(id string, total *big.Int) order {
	return order{
		ID: id, Total: total, At: time.Date(2026, 1, 31, 8, 0, 0, 5e6, time.UTC),
		Tags: superjson.Set[string]{"a", "b"}, Amounts: superjson.Map[string, int]{{Key: "tea", Value: 2}},
	}
}

// ordering caches in superjson: each side reads what the other wrote, as the
// value that it was.
func (s *suite) ordering(ctx context.Context) error {
	c, err := cache.New(s.rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		return err
	}
	orders := cache.Of[order](c, cache.ViewOptions{
		Prefix: "order:", Tags: []string{"orders"}, Codec: superjson.Codec(), Foreign: true,
	})
	loads := 0
	load := func(_ context.Context, id string) (order, error) {
		loads++
		return anOrder(id, new(big.Int).SetUint64(12345678901234567890)), nil
	}
	first, err := orders.GetOrLoad(ctx, "1", load)
	s.check("caches an order in superjson", is("order 1", anOrder("1", new(big.Int).SetUint64(12345678901234567890)))(first, err))

	histories := cache.Of[[]order](c, cache.ViewOptions{
		Prefix: "history:", Codec: cache.Compressed(superjson.Codec(), cache.CompressOptions{}),
	})
	history := make([]order, 100)
	for i := range history {
		history[i] = anOrder(strconv.Itoa(i), big.NewInt(int64(i)))
	}
	if err := histories.Set(ctx, "1", history); err != nil {
		return err
	}
	if err := s.typescript(ctx, "superjson"); err != nil {
		return err
	}

	s.check("reads what TypeScript wrote with superjson.stringify",
		is("order 2", anOrder("2", new(big.Int).Lsh(big.NewInt(1), 70)))(orders.GetOrLoad(ctx, "2", load)),
		is("loads", 1)(loads, nil))
	_, err = orders.Get(ctx, "none")
	s.check("reads null, which TypeScript wrote for nothing, as a miss", isMiss(err))

	if err := s.typescript(ctx, "del-orders"); err != nil {
		return err
	}
	_, err = orders.Get(ctx, "1")
	s.check("TypeScript's del of the tag's stamp invalidates entries in superjson",
		isMiss(err),
		is("order 2, which has no tags", anOrder("2", new(big.Int).Lsh(big.NewInt(1), 70)))(orders.Get(ctx, "2")))
	return nil
}

func isMiss(err error) error {
	if !errors.Is(err, cache.ErrMiss) {
		return fmt.Errorf("got error %w, want a miss", err)
	}
	return nil
}
