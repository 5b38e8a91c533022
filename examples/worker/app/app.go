// Package app is the application of the example: an [http.Handler] over a
// client, which does not know where it runs.
package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// A Product is what the cache holds.
type Product struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Cents int    `json:"cents"`
}

// Requests that a caller may make, and within what time.
const (
	Burst  = 3
	Window = time.Minute
)

type app struct {
	rdb      upstash.Commands
	products *cache.View[Product]
	limiter  *ratelimit.Limiter
}

// New makes the application. It touches no network, so that it can be made for
// every request.
func New(rdb upstash.Doer) (http.Handler, error) {
	c, err := cache.New(rdb, cache.Options{Namespace: "worker"})
	if err != nil {
		return nil, err
	}
	limiter, err := ratelimit.New(rdb, ratelimit.Options{
		Prefix: "worker:limit", Limit: ratelimit.GCRA(Burst, Window),
		Budget: 10 * time.Second, // a program that has just started is slow, and the first decision loads the script
	})
	if err != nil {
		return nil, err
	}
	a := app{
		rdb: upstash.Over(rdb), limiter: limiter,
		products: cache.Of[Product](c, cache.ViewOptions{Prefix: "product:", TTL: time.Hour, Tags: []string{"products"}}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /notes/{name}", a.note)
	mux.HandleFunc("PUT /notes/{name}", a.setNote)
	mux.HandleFunc("POST /visits/{page}", a.visit)
	mux.HandleFunc("GET /products/{id}", a.product)
	mux.HandleFunc("GET /limited/{user}", a.limited)
	return mux, nil
}

// note is one GET.
func (a app) note(w http.ResponseWriter, r *http.Request) {
	text, err := a.rdb.Get(r.Context(), "note:"+r.PathValue("name"))
	if errors.Is(err, upstash.ErrNil) {
		http.NotFound(w, r)
		return
	}
	answer(w, text, err)
}

// setNote is one SET.
func (a app) setNote(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<16))
	if err == nil {
		err = a.rdb.Set(r.Context(), "note:"+r.PathValue("name"), string(text))
	}
	answer(w, "stored", err)
}

// visit is a pipeline: two commands in one round trip.
func (a app) visit(w http.ResponseWriter, r *http.Request) {
	p := pipeline.New(a.rdb)
	visits := p.Incr("visits:" + r.PathValue("page"))
	all := p.Incr("visits")
	err := p.Exec(r.Context())
	answer(w, map[string]int64{"page": visits.Val(), "all": all.Val()}, err)
}

// product is a read through the cache. There is no database in this example; the
// loader makes the product up.
func (a app) product(w http.ResponseWriter, r *http.Request) {
	var info cache.Info
	p, err := a.products.GetOrLoad(r.Context(), r.PathValue("id"), func(_ context.Context, id string) (Product, error) {
		return Product{ID: id, Name: "Tea " + id, Cents: 450}, nil
	}, cache.Report(&info))
	w.Header().Set("X-Cache", info.State.String())
	answer(w, p, err)
}

// limited is a rate limit: one script in one round trip.
func (a app) limited(w http.ResponseWriter, r *http.Request) {
	decision, err := a.limiter.Allow(r.Context(), r.PathValue("user"))
	if err == nil && !decision.Allowed {
		wait := math.Ceil(time.Until(decision.RetryAt).Seconds())
		w.Header().Set("Retry-After", strconv.FormatFloat(wait, 'f', 0, 64))
		http.Error(w, "too many requests", http.StatusTooManyRequests)
		return
	}
	answer(w, map[string]int64{"remaining": decision.Remaining}, err)
}

// answer writes a value as JSON. What went wrong is for a log, not for a caller.
func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, "the database did not answer", http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a caller who has left
}
