// Package function is a function of Cloud Run with a cache in Redis. It is the
// part to deploy: "go run" plays with it on this machine.
package function

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/functions"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Name is what FUNCTION_TARGET says.
const Name = "Primes"

func init() { functions.HTTP(Name, Serve) }

// primes is made by the first request and serves all others: an instance is
// asked many things at once, over the connections of one client.
var primes = sync.OnceValues(func() (*cache.View[int], error) {
	rdb, err := upstash.Shared() // of UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
	if err != nil {
		return nil, err
	}
	c, err := cache.New(rdb, cache.Options{Namespace: "example-cloudrun"})
	if err != nil {
		return nil, err
	}
	return cache.Of[int](c, cache.ViewOptions{Prefix: "primes:", TTL: time.Minute}), nil
})

const largest = 2_000_000

// Serve answers how many primes are below n: /?n=100.
//
// Everything is done when it returns. Cloud Run gives an instance little or no
// processor time after the response unless it is billed by instance, so what is
// left for later may never happen.
func Serve(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Query().Get("n"))
	if err != nil || n < 0 || n > largest {
		http.Error(w, "n: expected a number from 0 to 2000000, as in /?n=100", http.StatusBadRequest)
		return
	}
	view, err := primes()
	if err != nil {
		http.Error(w, "the function is not set up", http.StatusInternalServerError)
		return
	}
	var info cache.Info
	count, err := view.GetOrLoad(r.Context(), strconv.Itoa(n), countPrimes, cache.Report(&info))
	if err != nil {
		http.Error(w, "this did not work: try again later", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Status", map[bool]string{true: "upstash; hit", false: "upstash; fwd=miss"}[info.State == cache.Hit])
	_ = json.NewEncoder(w).Encode(map[string]int{"below": n, "primes": count})
}

// countPrimes is what costs time; a cache spares it.
func countPrimes(_ context.Context, key string) (count int, err error) {
	n, err := strconv.Atoi(key)
	if err != nil || n < 0 {
		return 0, errors.New("not a number")
	}
	composite := make([]bool, n)
	for i := 2; i < n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := i * i; j < n; j += i {
			composite[j] = true
		}
	}
	return count, nil
}
