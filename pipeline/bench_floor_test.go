package pipeline_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
)

// floor merges calls with as little as can be: no types, no errors, no contexts,
// and a reply that is not read. What it does not reach on a machine that also
// runs the server and the callers, nobody does.
type floor struct {
	url string

	mu      sync.Mutex
	waiting []chan struct{}
}

func (f *floor) get() {
	done := make(chan struct{})
	f.mu.Lock()
	f.waiting = append(f.waiting, done)
	f.mu.Unlock()
	<-done
}

// run sends what waits, until stop.
func (f *floor) run(b *testing.B, stop *atomic.Bool) {
	b.Helper()
	for !stop.Load() {
		runtime.Gosched()
		f.mu.Lock()
		calls := f.waiting
		f.waiting = nil
		f.mu.Unlock()
		if len(calls) == 0 {
			continue
		}
		body := append(bytes.Repeat([]byte(`,["GET","greeting"]`), len(calls)), ']')
		body[0] = '['
		resp, err := http.Post(f.url+"/pipeline", "application/json", bytes.NewReader(body)) //nolint:noctx // nothing ends it
		if err != nil {
			b.Error(err)
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body) // the floor reads no reply
		_ = resp.Body.Close()
		for _, done := range calls {
			close(done)
		}
		for range 3 { // let them call again
			runtime.Gosched()
		}
	}
}

// BenchmarkAutoFloor compares Auto with the floor over 5 ms, in turns of one run.
func BenchmarkAutoFloor(b *testing.B) {
	for _, callers := range []int{64, 1024} {
		b.Run(fmt.Sprint(callers, "callers"), func(b *testing.B) {
			s := startMinimal(b, 5*time.Millisecond)
			auto := pipeline.Auto(s.client, pipeline.AutoOptions{})
			f := &floor{url: s.url}
			rate(b, auto, callers, 10*callers)
			f.rate(b, callers, 10*callers)
			var merged, bare float64
			for b.Loop() {
				merged += rate(b, auto, callers, 50*callers)
				bare += f.rate(b, callers, 50*callers)
			}
			b.ReportMetric(merged/float64(b.N), "auto/s")
			b.ReportMetric(bare/float64(b.N), "floor/s")
			b.ReportMetric(merged/bare*100, "%offloor")
		})
	}
}

// rate is rate for the floor. What sends for it looks for calls all the time, so
// it runs no longer than that.
func (f *floor) rate(b *testing.B, callers, calls int) float64 {
	b.Helper()
	var stop atomic.Bool
	var senders, wg sync.WaitGroup
	for range 4 { // as many requests as Auto has under way
		senders.Go(func() { f.run(b, &stop) })
	}
	var left atomic.Int64
	left.Store(int64(calls))
	start := time.Now()
	for range callers {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				f.get()
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	stop.Store(true)
	senders.Wait()
	return float64(calls) / took.Seconds()
}
