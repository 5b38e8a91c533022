package ratelimit_test

import (
	"errors"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// clock is a time that tests set, in milliseconds since 1970.
type clock struct{ ms atomic.Int64 }

func (c *clock) Now() time.Time          { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) Advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// start is an instant in the middle of most windows.
const start = 1_700_000_003_123

// newServer starts a server without a socket whose time is that of the clock.
func newServer(tb testing.TB) (*upstashtest.Server, *clock) {
	tb.Helper()
	c := &clock{}
	c.ms.Store(start)
	return upstashtest.New(tb, upstashtest.Options{InProcess: true, Clock: c.Now}), c
}

// newDoer is a Doer for what sends nothing.
func newDoer(tb testing.TB) upstash.Doer {
	tb.Helper()
	srv, _ := newServer(tb)
	return srv.Client()
}

// scale chooses how much is tried: few normally, many with UPSTASH_LONG=1.
func scale(few, many int) int {
	if os.Getenv("UPSTASH_LONG") == "1" {
		return many
	}
	return few
}

// newLimiter makes a limiter on the clock.
func newLimiter(tb testing.TB, d upstash.Doer, c *clock, o ratelimit.Options) *ratelimit.Limiter {
	tb.Helper()
	o.Clock = c.Now
	if o.Budget == 0 {
		o.Budget = -1 // a busy machine is no failure of the store
	}
	l, err := ratelimit.New(d, o)
	noErr(tb, err)
	return l
}

// ok takes the two results of a call and returns the first.
func ok[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		noErr(tb, err)
		return v
	}
}

func noErr(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func check(tb testing.TB, what string, want, got any) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// asError is errors.As for the error of the client.
func asError(err error, e **upstash.Error) bool { return errors.As(err, e) }
