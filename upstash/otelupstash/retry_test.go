package otelupstash_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A call that a retry mended is one span without a failure; what failed on the
// way is in the counter of round trips only.
func TestRetryMends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, r := inProcess(t), newRecorder(t)
		rdb := r.client(t, srv)
		srv.Intercept(upstashtest.HTMLBody)
		srv.Intercept(upstashtest.DropBefore)
		start := time.Now()
		if err := get(t.Context(), rdb); !isNil(err) {
			t.Fatal(err)
		}
		took := time.Since(start).Round(time.Microsecond)
		if took == 0 {
			t.Fatal("no time passed: nothing here tells a call from an attempt")
		}

		stub := r.spans.GetSpans()[0]
		if spanTook := stub.EndTime.Sub(stub.StartTime).Round(time.Microsecond); spanTook != took {
			t.Errorf("the span lasts %v, the call %v", spanTook, took)
		}
		common := map[string]any{"db.system.name": "redis", "db.operation.name": "GET"}
		if diff := cmp.Diff([]span{{Name: "GET", Attributes: with(common, "upstash.attempts", int64(3))}}, r.recorded(t)); diff != "" {
			t.Errorf("span (-want +got)\n%s", diff)
		}
		if diff := cmp.Diff([]point{{common, 1, took}}, r.measured(t, "db.client.operation.duration")); diff != "" {
			t.Errorf("duration (-want +got)\n%s", diff)
		}
		trips := []point{
			{Attributes: with(common, "upstash.retry", false, "error.type", "502"), Count: 1},
			{Attributes: with(common, "upstash.retry", true, "error.type", "connection"), Count: 1},
			{Attributes: with(common, "upstash.retry", true), Count: 1},
		}
		byText := cmpopts.SortSlices(func(a, b point) bool { return kind(a) < kind(b) })
		if diff := cmp.Diff(trips, r.measured(t, "upstash.round_trips"), byText); diff != "" {
			t.Errorf("round trips (-want +got)\n%s", diff)
		}
	})
}

// A call whose attempts all failed says how many there were, and fails as the last.
func TestRetryFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, r := inProcess(t), newRecorder(t)
		rdb := r.client(t, srv)
		srv.Intercept(upstashtest.DropBefore)
		srv.InterceptAll(upstashtest.Status(503))
		if err := get(t.Context(), rdb); err == nil {
			t.Fatal("GET succeeded")
		}
		if err := get(upstash.WithRetry(t.Context(), upstash.RetryOptions{Attempts: 1}), rdb); err == nil {
			t.Fatal("GET succeeded")
		}
		want := func(attempts int64) span {
			return span{Name: "GET", Failed: true, Description: unknown, Attributes: map[string]any{
				"db.system.name": "redis", "db.operation.name": "GET", "upstash.attempts": attempts,
				"error.type": "503", "db.response.status_code": "ERR",
			}}
		}
		if diff := cmp.Diff([]span{want(3), want(1)}, r.recorded(t)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

func kind(p point) string {
	text, _ := p.Attributes["error.type"].(string)
	return text
}
