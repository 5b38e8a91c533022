package upstash_test

import (
	"context"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestOutcomeOfAllAttempts: an attempt that certainly did not run does not undo
// an earlier one that may have.
func TestOutcomeOfAllAttempts(t *testing.T) {
	t.Parallel()
	idempotent := upstash.RetryAny(upstash.RetryNotExecuted, upstash.RetryIdempotent)
	replica := command400("READONLY You can't write against a read only replica.")
	for name, tt := range map[string]struct {
		cmd      command.Args
		policy   upstash.RetryPolicy
		failures []http.RoundTripper
		want     verdict
	}{
		"a read, lost and then refused": {command.Get("k").Args(), nil, []http.RoundTripper{broken, refused, refused},
			verdict{Op: "GET", Index: -1, Sent: true, Attempts: 3, Safe: true, Unknown: true}},
		"a read, refused and then lost": {command.Get("k").Args(), nil, []http.RoundTripper{refused, refused, broken},
			verdict{Op: "GET", Index: -1, Sent: true, Attempts: 3, Safe: true, Unknown: true}},
		"a write, lost and then too many": {command.Set("k", "v").Args(), idempotent, []http.RoundTripper{broken, status(429), status(429)},
			verdict{Op: "SET", Status: 429, Index: -1, Sent: true, Attempts: 3, Safe: true, Unknown: true}},
		"a write, lost and then turned away": {command.Set("k", "v").Args(), idempotent, []http.RoundTripper{broken, replica, replica},
			verdict{Op: "SET", Index: -1, Sent: true, Attempts: 3, Safe: true, Unknown: true}},
		"what runs once, lost and then refused": {command.Incr("k").Args(), upstash.RetryAlways, []http.RoundTripper{broken, refused, refused},
			verdict{Op: "INCR", Index: -1, Sent: true, Attempts: 3, Unknown: true}},
		"refused every time": {command.Incr("k").Args(), nil, []http.RoundTripper{refused, refused, refused},
			verdict{Op: "INCR", Index: -1, Attempts: 3, Safe: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				server := &attempts{failures: tt.failures}
				rdb := newClient(t, server, func(o *upstash.Options) { o.Retry = upstash.RetryOptions{Policy: tt.policy} })
				_, err := rdb.Do(t.Context(), upstash.Batch{Commands: []command.Args{tt.cmd}})
				if diff := cmp.Diff(tt.want, verdictOf(t, err)); diff != "" {
					t.Errorf("%v (-want +got)\n%s", err, diff)
				}
			})
		})
	}
}

// TestPausesOfAnyLength: those of a call's own options are not checked before.
func TestPausesOfAnyLength(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, o := range []upstash.RetryOptions{
			{BaseDelay: -time.Second}, {MaxDelay: -time.Second}, {BaseDelay: math.MaxInt64, MaxDelay: math.MaxInt64},
		} {
			server := always(refused)
			rdb := newClient(t, server)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if _, err := rdb.Get(upstash.WithRetry(ctx, o), "k"); err == nil {
				t.Error("no failure")
			}
			cancel()
		}
	})
}
