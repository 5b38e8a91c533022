package pipeline_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const burst = 1000

// A thousand goroutines, one GET each, a server 5 ms away: few requests, and
// everybody gets their own value.
func TestAutoBurst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		for i := range burst {
			if err := srv.Client().Set(t.Context(), "key:"+strconv.Itoa(i), "value:"+strconv.Itoa(i)); err != nil {
				t.Fatal(err)
			}
		}
		srv.Reset()
		srv.InterceptAll(upstashtest.Delay(5 * time.Millisecond))
		rdb := upstash.Over(pipeline.Auto(srv.Client(), pipeline.AutoOptions{}))
		start := time.Now()
		var wg sync.WaitGroup
		for i := range burst {
			wg.Go(func() {
				if v, err := rdb.Get(t.Context(), "key:"+strconv.Itoa(i)); v != "value:"+strconv.Itoa(i) || err != nil {
					t.Errorf("caller %d has %q, %v", i, v, err)
				}
			})
		}
		wg.Wait()
		m := srv.Meter()
		if m.RoundTrips > 20 || m.Commands != burst {
			t.Errorf("%d requests of %d commands", m.RoundTrips, m.Commands)
		}
		t.Logf("%d requests, %v", m.RoundTrips, time.Since(start))
	})
}

// values is a server 5 ms away that answers GET key:N with value:N, and allocates
// next to nothing for it, so that what is counted is the client's.
type values struct{ requests atomic.Int64 }

func (s *values) RoundTrip(req *http.Request) (*http.Response, error) {
	s.requests.Add(1)
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	time.Sleep(5 * time.Millisecond) // bubble
	answer := make([]byte, 0, 2*len(body))
	for rest := body; ; {
		_, after, more := bytes.Cut(rest, []byte(`"key:`))
		if !more {
			break
		}
		n, after, _ := bytes.Cut(after, []byte(`"`))
		answer = append(append(append(answer, `,{"result":"value:`...), n...), `"}`...)
		rest = after
	}
	if req.URL.Path == "/" {
		answer = answer[1:]
	} else {
		answer[0] = '['
		answer = append(answer, ']')
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(bytes.NewReader(answer)), ContentLength: int64(len(answer)), Request: req,
	}, nil
}

// Merging must not make calls dear: at most 12 allocations for each, everything
// that runs in the process counted and the decoded value left out.
func TestAutoBurstAllocations(t *testing.T) { //nolint:paralleltest // others would be counted
	if raceEnabled {
		t.Skip("the race detector allocates too")
	}
	synctest.Test(t, func(t *testing.T) {
		srv := &values{}
		client, err := upstash.New(upstash.Options{
			URL: "https://x.upstash.io", Token: "token", HTTPClient: &http.Client{Transport: srv}, Format: upstash.FormatJSON,
		})
		if err != nil {
			t.Fatal(err)
		}
		rdb := upstash.Over(pipeline.Auto(client, pipeline.AutoOptions{}))
		round := func() (allocations float64) {
			start, ctx, keys, wrong := make(chan struct{}), t.Context(), make([]string, burst), atomic.Int64{}
			var wg sync.WaitGroup
			for i := range keys {
				keys[i] = "key:" + strconv.Itoa(i)
				want := "value:" + strconv.Itoa(i)
				wg.Go(func() {
					<-start
					if v, err := rdb.Get(ctx, keys[i]); v != want || err != nil {
						wrong.Add(1)
					}
				})
			}
			synctest.Wait()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			close(start)
			wg.Wait()
			runtime.ReadMemStats(&after)
			if wrong.Load() != 0 {
				t.Errorf("%d callers have another value", wrong.Load())
			}
			return float64(after.Mallocs-before.Mallocs)/burst - 1 // the value
		}
		round()
		srv.requests.Store(0)
		allocations := round()
		t.Logf("%.2f allocations for each call, %d requests", allocations, srv.requests.Load())
		if allocations > 12 || srv.requests.Load() > 20 {
			t.Errorf("%.2f allocations for each call, %d requests", allocations, srv.requests.Load())
		}
	})
}

// One after the other, calls cost little more than without.
func TestAutoLoneCallAllocations(t *testing.T) { //nolint:paralleltest // AllocsPerRun asks for it
	d := pipeline.Auto(upstash.DoerFunc(echo), pipeline.AutoOptions{})
	b := incr("n")
	bare := testing.AllocsPerRun(1000, func() { _, _ = echo(context.Background(), b) })           //nolint:usetesting // it does not wait
	merging := testing.AllocsPerRun(1000, func() { _, _ = d.Do(context.Background(), b) }) - bare //nolint:usetesting // it does not wait
	if t.Logf("%v more", merging); merging > 4 && !raceEnabled {
		t.Errorf("%v allocations more than without", merging)
	}
}
