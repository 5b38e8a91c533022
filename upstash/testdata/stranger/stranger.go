// Package stranger is a module of somebody else, who imports everything that is
// published. It has to compile.
package stranger

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/memory"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/fetch"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/otelupstash"
)

// A Product is what the stranger sells.
type Product struct{ Name string }

// A Shop is built on all of it.
type Shop struct {
	Client   *upstash.Client
	Products *cache.View[Product]
	Limit    *ratelimit.Limiter
	Sessions *session.Manager[Product]
	Locks    *lock.Locker
	Front    *httplimit.Middleware
}

// Open makes a shop over a database.
func Open(o upstash.Options) (*Shop, error) {
	if o.HTTPClient == nil && inBrowser {
		o.HTTPClient = fetch.Client()
	}
	rdb, err := otelupstash.New(o)
	if err != nil {
		return nil, err
	}
	c, err := cache.New(rdb, cache.Options{Namespace: "shop", Memory: memory.New(1 << 20)})
	if err != nil {
		return nil, err
	}
	limit, err := ratelimit.New(rdb, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute)})
	if err != nil {
		return nil, err
	}
	front, err := httplimit.New(limit, httplimit.Options{Key: httplimit.ByAddress(clientip.Peer())})
	if err != nil {
		return nil, err
	}
	sessions, err := session.New[Product](rdb, session.Options{Namespace: "shop"})
	if err != nil {
		return nil, err
	}
	locks, err := lock.New(rdb, lock.Options{})
	if err != nil {
		return nil, err
	}
	return &Shop{
		Client: rdb, Products: cache.Of[Product](c, cache.ViewOptions{Prefix: "product:"}),
		Limit: limit, Sessions: sessions, Locks: locks, Front: front,
	}, nil
}

// inBrowser is what a build tag would say.
const inBrowser = false

// Rename is two commands in one round trip, and what it stores.
func (s *Shop) Rename(ctx context.Context, id string, p Product) error {
	text, err := superjson.Marshal(p)
	if err != nil {
		return err
	}
	batch := pipeline.New(s.Client)
	_ = batch.Incr("renamed")
	_ = pipeline.Queue(batch, command.Set("name:"+id, string(text)))
	return batch.Exec(ctx)
}
