// Full is a Lambda handler that uses the client, the cache, rate limits and
// sessions.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

type request struct {
	Token, Product string
}

type login struct{ Name string }

type product struct {
	ID    string
	Price int
}

func main() {
	rdb := upstash.Must(upstash.FromEnv())
	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	products := cache.Of[product](c, cache.ViewOptions{Prefix: "product:", TTL: time.Hour, Tags: []string{"products"}})
	limiter, err := ratelimit.New(rdb, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute)})
	if err != nil {
		panic(err)
	}
	sessions, err := session.New[login](rdb, session.Options{Namespace: "shop", Secret: session.Key(os.Getenv("SESSION_SECRET"))})
	if err != nil {
		panic(err)
	}
	lambda.Start(func(ctx context.Context, r request) (product, error) {
		s, err := sessions.Get(ctx, session.Token(r.Token))
		if err != nil {
			return product{}, err
		}
		if decision, err := limiter.Allow(ctx, s.Data.Name); err != nil || !decision.Allowed {
			return product{}, err
		}
		return products.GetOrLoad(ctx, r.Product, func(_ context.Context, id string) (product, error) {
			return product{ID: id}, nil
		})
	})
}
