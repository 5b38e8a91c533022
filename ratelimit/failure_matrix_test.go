package ratelimit_test

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const testBudget = 300 * time.Millisecond // the default

// matrixWays are the ways to ask for one unit.
var matrixWays = map[string]func(context.Context, *ratelimit.Limiter) (ratelimit.Result, error){
	"Allow": func(ctx context.Context, l *ratelimit.Limiter) (ratelimit.Result, error) { return l.Allow(ctx, "u") },
	"AllowUpTo": func(ctx context.Context, l *ratelimit.Limiter) (ratelimit.Result, error) {
		granted, r, err := l.AllowUpTo(ctx, "u", 1)
		if err == nil && (granted == 1) != r.Allowed {
			err = errors.New("granted and allowed differ")
		}
		return r, err
	},
}

// TestFaultMatrix: the policy decides in every case within the budget, by a
// client as it is in production, with its retries; and what may have been
// counted is not sent again.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	for _, fault := range slices.Sorted(maps.Keys(matrixFaults)) {
		for policy := range policies {
			for _, c := range costs {
				t.Run(fault+", "+policy+", "+c.name, func(t *testing.T) {
					t.Parallel()
					matrixCell{fault: fault, policy: policy, limit: c.limit, mode: c.mode}.expect(t, "")
				})
			}
		}
	}
}

// TestFaultMatrixCatches shows that it finds planted faults.
func TestFaultMatrixCatches(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]matrixCell{
		"a client that sends again what may have run": {fault: "reset after", retry: upstash.RetryAlways},
		"it is counted again":                         {fault: "cut", retry: upstash.RetryAlways},
		"no budget":                                   {fault: "hangs before", budget: time.Second},
		"another policy":                              {fault: "500", policy: "open", closed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.policy == "" {
				c.policy = "closed"
			}
			c.limit = ratelimit.GCRA(3, time.Minute)
			c.expect(t, "a difference")
		})
	}
}

// matrixCell is one case, and what is planted in it.
type matrixCell struct {
	fault, policy string
	limit         ratelimit.Algorithm
	mode          ratelimit.Mode

	retry  upstash.RetryPolicy
	budget time.Duration
	closed bool // whatever the policy
}

// outcome is what comes of a decision that fails.
type outcome struct {
	Allowed, RetryLater, InTime bool
	Reason                      ratelimit.Reason
	Failures                    int
	Sent                        int // 0 where it does not matter
	Used                        int64
}

// expect compares what comes of each way to ask; planted says that there has to
// be a difference.
func (c matrixCell) expect(t *testing.T, planted string) {
	t.Helper()
	f := matrixFaults[c.fault]
	allowed := policies[c.policy].allowed
	want := outcome{Allowed: allowed, RetryLater: !allowed, InTime: true, Reason: ratelimit.Failed, Failures: 1, Sent: 1, Used: 1}
	if f.late {
		want.Reason = ratelimit.TimedOut
	}
	if f.executed {
		want.Used = 2
	}
	if f.repeats {
		want.Sent = 0
	}
	for name, ask := range matrixWays {
		if c.mode == ratelimit.Compat && name == "AllowUpTo" {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			got := c.run(t, f, ask)
			if f.repeats {
				got.Sent = 0
			}
			diff := cmp.Diff(want, got)
			if (diff != "") != (planted != "") {
				t.Errorf("%s (-want +got), wanted %q:\n%s", name, planted, diff)
			}
		})
	}
}

func (c matrixCell) run(t *testing.T, f matrixFault, ask func(context.Context, *ratelimit.Limiter) (ratelimit.Result, error)) (got outcome) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	transport := srv.Transport()
	o := srv.ClientOptions()
	o.Retry.Policy = c.retry
	o.HTTPClient = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		got.Sent++
		return transport.RoundTrip(r)
	})}
	onFailure := policies[c.policy].policy
	if c.closed {
		onFailure = ratelimit.FailClosed
	}
	l, err := ratelimit.New(ok(upstash.New(o))(t), ratelimit.Options{
		Limit: c.limit, Mode: c.mode, OnFailure: onFailure, Budget: c.budget,
		ObserveFailure: func(context.Context, error) { got.Failures++ },
	})
	noErr(t, err)
	before := ok(l.Allow(t.Context(), "u"))(t).Remaining // the script is known from here on, and a unit is used

	got.Sent = 0
	mend := func() bool { return true }
	if f.on != nil {
		mend = srv.InterceptAll(f.on)
	} else {
		transport = f.way(transport)
	}
	begin := time.Now()
	r := ok(ask(t.Context(), l))(t)
	took := time.Since(begin)
	sent := got.Sent
	mend()
	transport = srv.Transport()
	got = outcome{
		Allowed: r.Allowed, RetryLater: r.RetryAt.After(time.Now()), Reason: r.Reason, Failures: got.Failures, Sent: sent,
		InTime: took < testBudget && !f.late || took == testBudget,
		Used:   1 + before - ok(l.Peek(t.Context(), "u"))(t).Remaining,
	}
	return got
}
