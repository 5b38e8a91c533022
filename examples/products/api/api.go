// Package api is the shop as an [http.Handler]. It knows nothing of where it
// runs: net/http serves it, a Lambda function, or a function of Cloud Run.
//
//	GET    /api/products                 the newest
//	GET    /api/products?category=desk   those of a category
//	GET    /api/products/{id}            one, which counts as a view
//	GET    /api/categories
//	GET    /api/most-viewed
//	POST   /api/products                 these three for editors who are signed in
//	PATCH  /api/products/{id}
//	DELETE /api/products/{id}
package api

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/leaderboard/board"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Options say what the API is made of. Data and Redis are required.
type Options struct {
	// Data is the data layer.
	Data Data
	// Redis keeps limits, views and sessions.
	Redis upstash.Doer
	// Namespace begins all keys, without a colon. Default "shop".
	Namespace string
	// Source says where the address of a client is read from: what stands in
	// front of the server. Default: nothing does.
	Source clientip.Source
	// Limit is how often an address may ask for a path. Default 100 times a
	// minute.
	Limit ratelimit.Algorithm
	// Log gets what nobody is told in an answer. Default [slog.Default].
	Log *slog.Logger
}

type api struct {
	data  Data
	views *views
	log   *slog.Logger
}

// New makes the handler. It does no I/O.
func New(o Options) (http.Handler, error) {
	if o.Data == nil || o.Redis == nil {
		return nil, errors.New("api: Options.Data and Options.Redis are required")
	}
	if o.Namespace == "" {
		o.Namespace = "shop"
	}
	if o.Limit == (ratelimit.Algorithm{}) {
		o.Limit = ratelimit.SlidingLog(100, time.Minute)
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	limit, err := limited(o)
	if err != nil {
		return nil, err
	}
	b, err := board.New[productID](o.Redis, board.Options{Key: o.Namespace + ":views", Mode: board.Sum})
	if err != nil {
		return nil, err
	}
	a := &api{data: o.Data, views: &views{board: b, log: o.Log}, log: o.Log}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/products", a.products)
	mux.HandleFunc("GET /api/products/{id}", a.product)
	mux.HandleFunc("GET /api/categories", a.categories)
	mux.HandleFunc("GET /api/most-viewed", a.mostViewed)
	mux.HandleFunc("POST /api/products", a.create)
	mux.HandleFunc("PATCH /api/products/{id}", a.update)
	mux.HandleFunc("DELETE /api/products/{id}", a.remove)
	return limit.Handler(mux), nil
}

// limited is the limit of each address on each path. Without Redis each process
// counts by itself.
func limited(o Options) (*httplimit.Middleware, error) {
	limiter, err := ratelimit.New(o.Redis, ratelimit.Options{
		Limit: o.Limit, Name: "api", Prefix: o.Namespace + ":limit",
		Budget: time.Second, OnFailure: ratelimit.FailLocal,
	})
	if err != nil {
		return nil, err
	}
	return httplimit.New(limiter, httplimit.Options{Key: httplimit.ByAddressAndPath(o.Source)})
}
