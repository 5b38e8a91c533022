package pipeline_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// The benchmarks talk over a loopback socket to a server in a process of its
// own that does no more than answer, so that what is measured is the client:
//
//	go test ./pipeline -run '^$' -bench Auto

// rate has callers GET until a number of calls is made, and returns how many a second.
func rate(b *testing.B, d upstash.Doer, callers, calls int) float64 {
	b.Helper()
	rdb := upstash.Over(d)
	var wg sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(calls))
	start := time.Now()
	for range callers {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if v, err := rdb.Get(context.Background(), "greeting"); v != "hello" || err != nil { //nolint:usetesting // nothing ends it
					b.Errorf("%q, %v", v, err)
					return
				}
			}
		})
	}
	wg.Wait()
	return float64(calls) / time.Since(start).Seconds()
}

// BenchmarkAutoThroughput compares merged calls with one request for each, in
// turns of the same run.
func BenchmarkAutoThroughput(b *testing.B) {
	for _, callers := range []int{1, 4, 64} {
		b.Run(fmt.Sprint(callers, "callers"), func(b *testing.B) {
			rdb := startMinimal(b, 0).client
			auto := pipeline.Auto(rdb, pipeline.AutoOptions{})
			rate(b, rdb, callers, 500)
			rate(b, auto, callers, 500)
			var single, merged float64
			rounds := 0
			for b.Loop() {
				single += rate(b, rdb, callers, 1000)
				merged += rate(b, auto, callers, 1000*min(callers, 8))
				rounds++
			}
			b.ReportMetric(single/float64(rounds), "single/s")
			b.ReportMetric(merged/float64(rounds), "auto/s")
			b.ReportMetric(merged/single, "auto/single")
		})
	}
}

// BenchmarkAutoLatency tells how much of what is possible is reached over 5 ms:
// that every caller has an answer every 5 ms, and, because 5 ms are a little more
// on any machine, as often as a lone caller without merging has one.
func BenchmarkAutoLatency(b *testing.B) {
	const delay = 5 * time.Millisecond
	for _, callers := range []int{1, 64, 1024} {
		b.Run(fmt.Sprint(callers, "callers"), func(b *testing.B) {
			s := startMinimal(b, delay)
			auto := pipeline.Auto(s.client, pipeline.AutoOptions{})
			rate(b, auto, callers, 10*callers)
			before := s.counted(b)
			var lone, merged float64
			rounds := 0
			for b.Loop() {
				merged += rate(b, auto, callers, 100*callers) / float64(callers)
				rounds++
			}
			after := s.counted(b)
			for range rounds {
				lone += rate(b, s.client, 1, 50)
			}
			b.ReportMetric(merged/float64(rounds)*delay.Seconds()*100, "%of5ms")
			b.ReportMetric(merged/lone*100, "%oflone")
			b.ReportMetric(float64(rounds*100*callers)/float64(after.Requests-before.Requests), "commands/request")
			b.ReportMetric(float64(after.Connections), "connections")
			b.ReportMetric(float64(after.InFlight), "inflight")
		})
	}
}

// BenchmarkAutoLone is what merging adds to a call that has nobody to share with.
func BenchmarkAutoLone(b *testing.B) {
	auto, batch := pipeline.Auto(upstash.DoerFunc(echo), pipeline.AutoOptions{}), incr("n")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := auto.Do(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
}
