package ratelimit_test

import (
	"cmp"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestAutoPipelining: 1,000 concurrent decisions that wait for others to be
// answered leave in as many requests as it takes.
func TestAutoPipelining(t *testing.T) {
	t.Parallel()
	const callers = 1000
	for _, o := range []pipeline.AutoOptions{
		{InFlight: 1, MaxCommands: 100}, {InFlight: 1, MaxCommands: 300}, {InFlight: 4, MaxCommands: 125}, {},
	} {
		t.Run(fmt.Sprintf("%+v", o), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
				l, err := ratelimit.New(pipeline.Auto(srv.Client(), o), ratelimit.Options{Limit: ratelimit.GCRA(callers/4, time.Hour), Budget: -1})
				noErr(t, err)
				ok(l.Allow(t.Context(), "warm"))(t)

				gate := make(chan struct{})
				srv.InterceptAll(func(*upstashtest.Exchange) { <-gate })
				var wg sync.WaitGroup
				lanes := cmp.Or(o.InFlight, 4) // the default
				for lane := range lanes {
					wg.Go(func() { ok(l.Allow(t.Context(), "lane"+strconv.Itoa(lane)))(t) })
					synctest.Wait()
				}
				var granted atomic.Int64
				for i := range callers {
					wg.Go(func() {
						if ok(l.Allow(t.Context(), "u"+strconv.Itoa(i%2)))(t).Allowed {
							granted.Add(1)
						}
					})
				}
				synctest.Wait()
				srv.Reset()
				close(gate)
				wg.Wait()
				batch := cmp.Or(o.MaxCommands, callers) // the default
				check(t, "granted", int64(callers/2), granted.Load())
				check(t, "round trips of those and of the ones before", (callers+batch-1)/batch+lanes, srv.Meter().RoundTrips)
			})
		})
	}
}
