package httplimit_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		l    httplimit.Limiter
		o    httplimit.Options
		says string
	}{
		{"no limiter", nil, httplimit.Options{}, "no limiter"},
		{"two forms of one field", answers{}, httplimit.Options{Headers: httplimit.Standard | httplimit.Draft07}, "choose one"},
		{"none and some", answers{}, httplimit.Options{Headers: httplimit.NoHeaders | httplimit.Draft06}, "does not go with"},
		{"a visitor whom nobody is told of", answers{}, httplimit.Options{Visitor: func(*http.Request) ratelimit.Visitor { return ratelimit.Visitor{} }}, "no method Decide"},
		{"unknown headers", answers{}, httplimit.Options{Headers: httplimit.NoHeaders << 1}, "unknown bits"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := httplimit.New(tt.l, tt.o); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error = %v, want one that says %q", err, tt.says)
			}
		})
	}
}

func TestRejection(t *testing.T) {
	t.Parallel()
	served := 0
	h := limited(t, perMinute("burst", 1), httplimit.Options{}, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served++ }))
	first, second := serve(h, request(t, "/")), serve(h, request(t, "/"))
	want := []http.Header{{
		"Ratelimit":        {`"burst";r=0;t=31`},
		"Ratelimit-Policy": {`"burst";q=1;w=60`},
	}, {
		"Ratelimit":              {`"burst";r=0;t=31`},
		"Ratelimit-Policy":       {`"burst";q=1;w=60`},
		"Retry-After":            {"31"},
		"Cache-Control":          {"no-store"},
		"Content-Type":           {"application/problem+json"},
		"X-Content-Type-Options": {"nosniff"},
	}}
	if diff := cmp.Diff(want, []http.Header{first.Header(), second.Header()}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	const body = `{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","title":"Quota Exceeded","status":429,"violated-policies":["burst"]}` + "\n"
	if diff := cmp.Diff(body, second.Body.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]int{200, 429, 1}, []int{first.Code, second.Code, served}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReasons gives every kind of decision and failure, and what comes of it.
func TestReasons(t *testing.T) {
	t.Parallel()
	burst := ratelimit.Policy{Name: "burst", Limit: 5}
	failure := errors.New("the store is gone")
	type outcome struct {
		Status  int
		Problem string // behind the #
		Retry   string
		Limit   string // the field RateLimit
		Policy  string
		Passed  bool
	}
	passed := func(limit, policy string) outcome { return outcome{200, "", "", limit, policy, true} }
	for _, tt := range []struct {
		name   string
		result ratelimit.Result
		err    error
		o      httplimit.Options
		want   outcome
	}{
		{"granted", ratelimit.Result{Allowed: true, Remaining: 4, Policy: burst}, nil, httplimit.Options{}, passed(`"burst";r=4`, `"burst";q=5`)},
		{"leased", ratelimit.Result{Allowed: true, Remaining: 4, Policy: burst, Reason: ratelimit.Leased}, nil, httplimit.Options{}, passed(`"burst";r=4`, `"burst";q=5`)},
		{
			"blocked", ratelimit.Result{Policy: burst, Reason: ratelimit.Blocked, RetryAt: start.Add(1)}, nil, httplimit.Options{},
			outcome{429, "quota-exceeded", "1", `"burst";r=0;t=1`, `"burst";q=5`, false},
		},
		{
			"never, with the cost it has", ratelimit.Result{ResetAt: start.Add(5e9), Policy: burst}, nil, httplimit.Options{},
			outcome{429, "quota-exceeded", "", `"burst";r=0`, `"burst";q=5`, false},
		},
		{
			"a result without a policy", ratelimit.Result{Limit: 7}, nil, httplimit.Options{},
			outcome{429, "quota-exceeded", "", `"default";r=0`, `"default";q=7`, false},
		},
		{
			"on the deny list: waiting does not help", ratelimit.Result{Reason: ratelimit.Denied, ResetAt: start.Add(5e9), Policy: burst}, nil, httplimit.Options{},
			outcome{429, "abnormal-usage-detected", "", "", `"burst";q=5`, false},
		},
		{
			"refused by the failure policy", ratelimit.Result{Reason: ratelimit.TimedOut}, nil, httplimit.Options{},
			outcome{503, "temporary-reduced-capacity", "", "", "", false},
		},
		{
			"refused locally", ratelimit.Result{Reason: ratelimit.Failed, RetryAt: start.Add(2e9), Policy: burst}, nil, httplimit.Options{},
			outcome{503, "temporary-reduced-capacity", "2", "", `"burst";q=5`, false},
		},
		{"passed by the failure policy", ratelimit.Result{Allowed: true, Reason: ratelimit.Failed}, nil, httplimit.Options{}, passed("", "")},
		{"failed", ratelimit.Result{}, failure, httplimit.Options{}, outcome{503, "temporary-reduced-capacity", "", "", "", false}},
		{"failed, a result besides", ratelimit.Result{Allowed: true}, failure, httplimit.Options{}, outcome{503, "temporary-reduced-capacity", "", "", "", false}},
		{"failed, open", ratelimit.Result{}, failure, httplimit.Options{FailOpen: true}, passed("", "")},
		{"failed, in the shadow", ratelimit.Result{}, failure, httplimit.Options{Shadow: true}, passed("", "")},
		{
			"a cost above the limit", ratelimit.Result{}, &ratelimit.CostError{Cost: 9, Capacity: 5, Policy: "burst"}, httplimit.Options{FailOpen: true},
			outcome{429, "quota-exceeded", "", "", "", false},
		},
		{"a reserved key", ratelimit.Result{}, ratelimit.ErrKey, httplimit.Options{FailOpen: true}, outcome{503, "temporary-reduced-capacity", "", "", "", false}},
		{
			"no key", ratelimit.Result{Allowed: true}, nil, httplimit.Options{FailOpen: true, Key: func(*http.Request) string { return "" }},
			outcome{503, "temporary-reduced-capacity", "", "", "", false},
		},
		{"rejected in the shadow", ratelimit.Result{RetryAt: start.Add(5e9), Policy: burst}, nil, httplimit.Options{Shadow: true}, passed("", "")},
		{
			"no headers", ratelimit.Result{RetryAt: start.Add(5e9), Policy: burst}, nil, httplimit.Options{Headers: httplimit.NoHeaders},
			outcome{429, "quota-exceeded", "5", "", "", false},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := outcome{}
			next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got.Passed = true })
			w := serve(limited(t, answers{tt.result, tt.err}, tt.o, next), request(t, "/"))
			h := w.Header()
			got.Status, got.Retry, got.Limit, got.Policy = w.Code, h.Get("Retry-After"), h.Get("RateLimit"), h.Get("RateLimit-Policy")
			if _, kind, ok := strings.Cut(w.Body.String(), "#"); ok {
				got.Problem, _, _ = strings.Cut(kind, `"`)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if strings.Contains(w.Body.String(), failure.Error()) {
				t.Error("the client is told what the limiter said")
			}
		})
	}
}

func TestWhoIsAsked(t *testing.T) {
	t.Parallel()
	all, paid := perMinute("all", 100), perMinute("paid", 100)
	h := limited(t, all, httplimit.Options{
		Cost: func(r *http.Request) int64 { return int64(len(r.Header.Get("Cost"))) - 1 },
		Skip: func(r *http.Request) bool { return r.URL.Path == "/health" },
		Limiter: func(r *http.Request) httplimit.Limiter {
			if r.Header.Get("Plan") == "paid" {
				return paid
			}
			return nil
		},
	}, nil)
	for _, r := range []*http.Request{
		request(t, "/", "Cost", "xxxx"),
		request(t, "/health", "Cost", "xxxx"),
		request(t, "/", "Cost", "x"), // nothing
		request(t, "/"),              // less than nothing
		request(t, "/", "Cost", "xxx", "Plan", "paid"),
	} {
		if w := serve(h, r); w.Code != http.StatusOK {
			t.Errorf("%s: status %d", r.URL, w.Code)
		}
	}
	want := [][]call{{{"203.0.113.7", 3}}, {{"203.0.113.7", 2}}}
	if diff := cmp.Diff(want, [][]call{all.calls, paid.calls}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestHooks holds both hooks to being called once for what they are about, in
// the shadow too, and the context to having the decision.
func TestHooks(t *testing.T) {
	t.Parallel()
	failure := errors.New("gone")
	rejected := ratelimit.Result{RetryAt: start.Add(1), Policy: ratelimit.Policy{Name: "burst"}}
	granted := ratelimit.Result{Allowed: true, Remaining: 1}
	spared := ratelimit.Result{Allowed: true, Shadow: true} // by a limiter that is a shadow itself
	type seen struct {
		Limited []ratelimit.Result
		Errors  []string
		Context []ratelimit.Result // in the handler or in Reject
	}
	for _, tt := range []struct {
		name   string
		l      answers
		shadow bool
		want   seen
	}{
		{"granted", answers{granted, nil}, false, seen{Context: []ratelimit.Result{granted}}},
		{"rejected", answers{rejected, nil}, false, seen{Limited: []ratelimit.Result{rejected}, Context: []ratelimit.Result{rejected}}},
		{"rejected in the shadow", answers{rejected, nil}, true, seen{Limited: []ratelimit.Result{rejected}, Context: []ratelimit.Result{rejected}}},
		{"rejected by a limiter in the shadow", answers{spared, nil}, false, seen{Limited: []ratelimit.Result{spared}, Context: []ratelimit.Result{spared}}},
		{"failed", answers{granted, failure}, false, seen{Errors: []string{"gone"}}},
		{"failed in the shadow", answers{granted, failure}, true, seen{Errors: []string{"gone"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got seen
			look := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if result, ok := httplimit.FromContext(r.Context()); ok {
					got.Context = append(got.Context, result)
				}
			})
			inner := limited(t, tt.l, httplimit.Options{
				Shadow:    tt.shadow,
				Reject:    look,
				OnLimited: func(_ *http.Request, r ratelimit.Result) { got.Limited = append(got.Limited, r) },
				OnError:   func(_ *http.Request, err error) { got.Errors = append(got.Errors, err.Error()) },
			}, look)
			serve(limited(t, perMinute("outer", 100), httplimit.Options{}, inner), request(t, "/"))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if _, ok := httplimit.FromContext(context.Background()); ok { //nolint:usetesting // a context that no request was in
		t.Error("a decision out of nowhere")
	}
}

func TestCustomRejection(t *testing.T) {
	t.Parallel()
	h := limited(t, perMinute("burst", 0), httplimit.Options{Reject: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		result, _ := httplimit.FromContext(r.Context())
		http.Error(w, "slow down: "+result.Policy.Name, http.StatusTeapot)
	})}, nil)
	w := serve(h, request(t, "/"))
	if diff := cmp.Diff("slow down: burst\n", w.Body.String()); diff != "" || w.Code != http.StatusTeapot {
		t.Errorf("status %d (-want +got)\n%s", w.Code, diff)
	}
	if diff := cmp.Diff([]string{"31", "no-store"}, []string{w.Header().Get("Retry-After"), w.Header().Get("Cache-Control")}); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestStacked has a limit behind a limit: both policies are announced, and a
// rejection is about the one that rejects.
func TestStacked(t *testing.T) {
	t.Parallel()
	inner := limited(t, perMinute("user", 1), httplimit.Options{Headers: httplimit.Standard | httplimit.XRateLimit}, nil)
	h := limited(t, perMinute("address", 5), httplimit.Options{Headers: httplimit.Standard | httplimit.XRateLimit}, inner)
	for _, limit := range [][]string{{`"address";r=4;t=31`, `"user";r=0;t=31`}, {`"user";r=0;t=31`}} {
		want := http.Header{
			"Ratelimit":             limit,
			"Ratelimit-Policy":      {`"address";q=5;w=60`, `"user";q=1;w=60`},
			"X-Ratelimit-Limit":     {"1"},
			"X-Ratelimit-Remaining": {"0"},
			"X-Ratelimit-Reset":     {"1772366431"}, // start is 1772366400
		}
		got := serve(h, request(t, "/")).Header()
		for _, name := range []string{"Retry-After", "Cache-Control", "Content-Type", "X-Content-Type-Options"} {
			got.Del(name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
}
