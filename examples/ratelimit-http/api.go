package main

import (
	"io"
	"net/http"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// newAPI returns a small API behind the limit of the recipe that this SDK grew
// from: each address may ask for each path 100 times a minute.
//
// It is a sliding log, so there is no edge between two minutes around which 200
// pass. With a limit above a thousand take [ratelimit.GCRA], which stores one
// number for each key.
func newAPI(d upstash.Doer, prefix string) (http.Handler, error) {
	limiter, err := ratelimit.New(d, ratelimit.Options{
		Limit:     ratelimit.SlidingLog(100, time.Minute),
		Name:      "api",
		Prefix:    prefix,
		Budget:    time.Second,         // after that a request does not wait for Redis any more,
		OnFailure: ratelimit.FailLocal, // and this process counts by itself
	})
	if err != nil {
		return nil, err
	}
	proxy, err := clientip.TrustedHops(1) // one load balancer in front, which appends to X-Forwarded-For
	if err != nil {
		return nil, err
	}
	limit, err := httplimit.New(limiter, httplimit.Options{
		Key: httplimit.ByAddressAndPath(proxy),
	})
	if err != nil {
		return nil, err
	}

	api := http.NewServeMux()
	api.HandleFunc("GET /api/products", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "tea, rice\n") })
	api.HandleFunc("GET /api/categories", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "food\n") })

	mux := http.NewServeMux()
	mux.Handle("/api/", limit.Handler(api)) // as the matcher of the recipe: /api/:path*
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	return mux, nil
}
