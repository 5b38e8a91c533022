package cache_test

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestOverAuto puts a cache over a Doer that merges the calls of concurrent
// goroutines: the same results and the same bill, for a fraction of the round trips.
func TestOverAuto(t *testing.T) {
	t.Parallel()
	const products, readers = 50, 4
	run := func(t *testing.T, merging bool) (total upstashtest.Meter) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
			var d upstash.Doer = srv.Client()
			if merging {
				d = pipeline.Auto(d, pipeline.AutoOptions{})
			}
			c := cacheOver(t, d, cache.Options{})
			prices := cache.Of[int](c, cache.ViewOptions{Prefix: "price:", Tags: []string{"prices"}})
			noErr(t, errOf(prices.GetOrLoad(t.Context(), "first", func(context.Context, string) (int, error) { return 0, nil }))) // makes the stamp
			srv.InterceptAll(upstashtest.Delay(5 * time.Millisecond))
			srv.Reset()
			for version := range 3 {
				var wg sync.WaitGroup
				for i := range products * readers {
					wg.Go(func() {
						key := strconv.Itoa(i % products)
						load := func(_ context.Context, key string) (int, error) {
							n, err := strconv.Atoi(key)
							return n + 1000*version, err
						}
						v, err := prices.GetOrLoad(t.Context(), key, load)
						if want := i%products + 1000*version; v != want || err != nil {
							t.Errorf("%s is %d, %v, not %d", key, v, err, want)
						}
					})
				}
				wg.Wait()
				noErr(t, c.Invalidate(t.Context(), "prices"))
			}
			total = srv.Meter()
		})
		return total
	}
	plain, merged := run(t, false), run(t, true)
	t.Logf("%d round trips and %d commands, merged %d and %d", plain.RoundTrips, plain.Commands, merged.RoundTrips, merged.Commands)
	if merged.RoundTrips*5 > plain.RoundTrips {
		t.Errorf("merged %d round trips, otherwise %d", merged.RoundTrips, plain.RoundTrips)
	}
	if merged.Commands > plain.Commands+2*products { // who makes a stamp first is a race, here as there
		t.Errorf("merged %d commands, otherwise %d", merged.Commands, plain.Commands)
	}
}
