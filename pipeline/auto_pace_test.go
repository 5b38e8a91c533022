package pipeline_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Over 5 ms every caller can have an answer every 5 ms. Merging may not cost
// much of that: who was answered together must come back in time for the next
// request, and not wait for the one after it. In a bubble the work of the
// processor takes no time, so that what is missing is what callers waited for
// requests.
func TestAutoPace(t *testing.T) {
	t.Parallel()
	const delay, rounds = 5 * time.Millisecond, 100
	for _, callers := range []int{1, 8, 64, 1024} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			now, most, requests := 0, 0, 0
			change := func(by int) {
				mu.Lock()
				defer mu.Unlock()
				if now += by; by > 0 {
					requests++
					most = max(most, now)
				}
			}
			rdb := upstash.Over(pipeline.Auto(upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
				change(1)
				defer change(-1)
				time.Sleep(delay) // bubble
				return echo(ctx, b)
			}), pipeline.AutoOptions{}))
			start := time.Now()
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					for range rounds {
						if _, err := rdb.Get(t.Context(), "k"); err != nil {
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			share := float64(rounds*delay) / float64(time.Since(start)) * 100
			t.Logf("%d callers: %.1f %% of what is possible, %d requests, %d at most at once", callers, share, requests, most)
			if share < 75 && !raceEnabled || most > 8 { // nine tenths as a rule; how goroutines take turns is not ours to say
				t.Errorf("%d callers reach %.1f %% with %d requests at once", callers, share, most)
			}
			synctest.Wait()
		})
	}
}
