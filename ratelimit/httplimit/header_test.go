package httplimit_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
)

func TestHeaderSets(t *testing.T) {
	t.Parallel()
	granted := ratelimit.Result{
		Allowed: true, Limit: 120, Remaining: 42, ResetAt: start.Add(16001 * time.Millisecond),
		Policy: ratelimit.Policy{Name: "burst", Limit: 100, Window: time.Minute},
	}
	odd := granted // a window that seconds cannot say, and no instant
	odd.Policy.Window, odd.ResetAt = 1500*time.Millisecond, time.Time{}
	rejected := granted
	rejected.Allowed, rejected.Remaining, rejected.RetryAt = false, 0, start.Add(200*time.Millisecond)
	late := rejected // the instant is over by the time of this process
	late.RetryAt = start.Add(-time.Minute)
	daily := func(*http.Request) []ratelimit.Policy {
		return []ratelimit.Policy{{Name: "burst", Limit: 1}, {Name: "daily", Limit: 1000, Window: 24 * time.Hour}, {Name: "odd", Window: time.Millisecond}}
	}
	const all = httplimit.Draft06 | httplimit.Draft07 | httplimit.XRateLimit
	for _, tt := range []struct {
		name   string
		result ratelimit.Result
		o      httplimit.Options
		want   http.Header
	}{
		{"default", granted, httplimit.Options{}, http.Header{
			"Ratelimit":        {`"burst";r=42;t=17`},
			"Ratelimit-Policy": {`"burst";q=100;w=60`},
		}},
		{"several policies", granted, httplimit.Options{Policies: daily}, http.Header{
			"Ratelimit":        {`"burst";r=42;t=17`},
			"Ratelimit-Policy": {`"burst";q=100;w=60, "daily";q=1000;w=86400, "odd";q=0`},
		}},
		{"several policies without the one that decided", ratelimit.Result{Allowed: true, Limit: 3}, httplimit.Options{Policies: daily}, http.Header{
			"Ratelimit":        {`"default";r=0`},
			"Ratelimit-Policy": {`"burst";q=1, "daily";q=1000;w=86400, "odd";q=0, "default";q=3`},
		}},
		{"several policies and a failure", ratelimit.Result{Allowed: true, Reason: ratelimit.Failed}, httplimit.Options{Policies: daily}, http.Header{
			"Ratelimit-Policy": {`"burst";q=1, "daily";q=1000;w=86400, "odd";q=0`},
		}},
		{"unsayable", odd, httplimit.Options{}, http.Header{
			"Ratelimit":        {`"burst";r=42`},
			"Ratelimit-Policy": {`"burst";q=100`},
		}},
		{"old drafts", granted, httplimit.Options{Headers: all}, http.Header{
			"Ratelimit":             {"limit=120, remaining=42, reset=17"},
			"Ratelimit-Policy":      {"100;w=60"},
			"Ratelimit-Limit":       {"120"},
			"Ratelimit-Remaining":   {"42"},
			"Ratelimit-Reset":       {"17"},
			"X-Ratelimit-Limit":     {"120"},
			"X-Ratelimit-Remaining": {"42"},
			"X-Ratelimit-Reset":     {"1772366417"},
		}},
		{"old drafts, several policies", granted, httplimit.Options{Headers: httplimit.Draft07, Policies: daily}, http.Header{
			"Ratelimit":        {"limit=120, remaining=42, reset=17"},
			"Ratelimit-Policy": {"100;w=60, 1000;w=86400"},
		}},
		{"old drafts, unsayable", odd, httplimit.Options{Headers: all}, http.Header{
			"Ratelimit-Limit":       {"120"},
			"Ratelimit-Remaining":   {"42"},
			"X-Ratelimit-Limit":     {"120"},
			"X-Ratelimit-Remaining": {"42"},
		}},
		{"new and old", granted, httplimit.Options{Headers: httplimit.Standard | httplimit.Draft06}, http.Header{
			"Ratelimit":           {`"burst";r=42;t=17`},
			"Ratelimit-Policy":    {`"burst";q=100;w=60`},
			"Ratelimit-Limit":     {"120"},
			"Ratelimit-Remaining": {"42"},
			"Ratelimit-Reset":     {"17"},
		}},
		{"rejected: all of them say when to try again", rejected, httplimit.Options{Headers: httplimit.Standard | httplimit.Draft06 | httplimit.XRateLimit}, http.Header{
			"Retry-After":           {"1"},
			"Ratelimit":             {`"burst";r=0;t=1`},
			"Ratelimit-Policy":      {`"burst";q=100;w=60`},
			"Ratelimit-Limit":       {"120"},
			"Ratelimit-Remaining":   {"0"},
			"Ratelimit-Reset":       {"1"},
			"X-Ratelimit-Limit":     {"120"},
			"X-Ratelimit-Remaining": {"0"},
			"X-Ratelimit-Reset":     {"1772366401"},
		}},
		{"rejected, and the instant is over", late, httplimit.Options{}, http.Header{
			"Retry-After":      {"1"},
			"Ratelimit":        {`"burst";r=0;t=0`},
			"Ratelimit-Policy": {`"burst";q=100;w=60`},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.o.Reject = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Del("Cache-Control") })
			got := serve(limited(t, answers{tt.result, nil}, tt.o, nil), request(t, "/")).Header()
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestPoliciesAreOnlyRead shares one slice between requests.
func TestPoliciesAreOnlyRead(t *testing.T) {
	t.Parallel()
	shared := []ratelimit.Policy{{Name: "burst", Limit: 1}, {Name: "daily", Limit: 2}}
	h := limited(t, perMinute("burst", 9), httplimit.Options{Policies: func(*http.Request) []ratelimit.Policy { return shared[:1] }}, nil)
	serve(h, request(t, "/"))
	if diff := cmp.Diff([]ratelimit.Policy{{Name: "burst", Limit: 1}, {Name: "daily", Limit: 2}}, shared); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	h = limited(t, perMinute("other", 9), httplimit.Options{Policies: func(*http.Request) []ratelimit.Policy { return shared[:1] }}, nil)
	serve(h, request(t, "/"))
	if diff := cmp.Diff([]ratelimit.Policy{{Name: "burst", Limit: 1}, {Name: "daily", Limit: 2}}, shared); diff != "" {
		t.Errorf("appended in place (-want +got)\n%s", diff)
	}
}
