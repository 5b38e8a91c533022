package httplimit_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Each address may ask for each path 100 times a minute.
func Example() {
	noon := func() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) } // a fixed clock, for the output below
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true, Clock: noon})      // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	limiter, err := ratelimit.New(srv.Client(), ratelimit.Options{
		Limit: ratelimit.FixedWindow(100, time.Minute), Name: "api", Clock: noon, Budget: -1,
	})
	if err != nil {
		panic(err)
	}
	limit, err := httplimit.New(limiter, httplimit.Options{Key: httplimit.ByAddressAndPath(clientip.Peer()), Now: noon})
	if err != nil {
		panic(err)
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/products", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "tea\n") })
	handler := limit.Handler(mux)

	for i := range 101 {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/api/products", http.NoBody)
		handler.ServeHTTP(w, r)
		if i == 0 || i >= 99 {
			fmt.Printf("%d retry=%q %s %s", w.Code, w.Header().Get("Retry-After"), w.Header().Get("RateLimit"), w.Body)
		}
	}
	// Output:
	// 200 retry="" "api";r=99;t=60 tea
	// 200 retry="" "api";r=0;t=60 tea
	// 429 retry="60" "api";r=0;t=60 {"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Quota Exceeded","status":429,"violated-policies":["api"]}
}

// A handler tells its user what is left.
func ExampleFromContext() {
	limit, err := httplimit.New(perMinute("burst", 3), httplimit.Options{})
	if err != nil {
		panic(err)
	}
	handler := limit.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		decision, limited := httplimit.FromContext(r.Context())
		fmt.Println(decision.Remaining, limited)
	}))
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", http.NoBody)
	handler.ServeHTTP(httptest.NewRecorder(), r)
	// Output: 2 true
}
