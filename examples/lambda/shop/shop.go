// Package shop is the HTTP API of a small shop as a function on Lambda: a rate
// limit for each address, products behind a cache, and a counter of views.
package shop

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"strconv"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Product is something that can be bought.
type Product struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Cents int64  `json:"cents"`
}

// Start serves the API with the runtime of Lambda. It does not return.
func Start() {
	rdb, err := upstash.Shared()
	if err != nil {
		log.Fatal(err)
	}
	handler, err := New(rdb)
	if err != nil {
		log.Fatal(err)
	}
	awslambda.Start(lambda.HTTPHandler(handler))
}

// New makes the API. It is a plain http.Handler, which net/http serves as well.
func New(rdb *upstash.Client) (http.Handler, error) {
	limiter, err := ratelimit.New(rdb, ratelimit.Options{Limit: ratelimit.GCRA(10, time.Minute), Name: "shop"})
	if err != nil {
		return nil, err
	}
	limit, err := httplimit.New(limiter, httplimit.Options{}) // by the address that the event reports
	if err != nil {
		return nil, err
	}
	// What is stale is refreshed after the handler has returned and before the freeze.
	c, err := cache.New(rdb, cache.Options{Namespace: "shop", Background: lambda.Go})
	if err != nil {
		return nil, err
	}
	products := cache.Of[Product](c, cache.ViewOptions{Prefix: "product:", TTL: time.Hour, StaleWhileRevalidate: time.Hour})
	s := &server{rdb: rdb, products: products}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /products/{id}", s.product)
	mux.HandleFunc("GET /products/{id}/views", s.views)
	return limit.Handler(mux), nil
}

type server struct {
	rdb      *upstash.Client
	products *cache.View[Product]
}

func (s *server) product(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	p, err := s.products.GetOrLoad(r.Context(), id, load)
	switch {
	case errors.Is(err, cache.ErrNotFound):
		http.NotFound(w, r)
		return
	case err != nil:
		log.Print(err)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	// The answer does not depend on it, and the invocation does not end before it.
	lambda.Go(r.Context(), func(ctx context.Context) {
		if _, err := s.rdb.Incr(ctx, viewsKey(id)); err != nil {
			log.Print(err)
		}
	})
	reply(w, p)
}

func (s *server) views(w http.ResponseWriter, r *http.Request) {
	text, err := s.rdb.Get(r.Context(), viewsKey(r.PathValue("id")))
	if err != nil && !errors.Is(err, upstash.ErrNil) {
		log.Print(err)
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	n, _ := strconv.ParseInt(text, 10, 64) // 0 for nothing
	reply(w, map[string]int64{"views": n})
}

func viewsKey(id string) string { return "shop:views:" + id }

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that has gone hears nothing either way
}

// load stands for the database, where reading takes its time.
func load(_ context.Context, id string) (Product, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || n < 1 || n > 1000 {
		return Product{}, cache.ErrNotFound
	}
	return Product{ID: id, Name: "Tea no. " + id, Cents: 400 + n}, nil
}
