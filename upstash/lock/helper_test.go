package lock_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// newLocker returns a server without a socket, for a bubble, and a Locker over it.
func newLocker(t *testing.T, o lock.Options) (*upstashtest.Server, *lock.Locker) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	return srv, lockerOver(t, srv.Client(), o)
}

func lockerOver(t *testing.T, d upstash.Doer, o lock.Options) *lock.Locker {
	t.Helper()
	k, err := lock.New(d, o)
	noErr(t, err)
	return k
}

// got takes the two results of a call and returns the first:
// got(k.TryLock(ctx, "job"))(t).
func got[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		noErr(t, err)
		return v
	}
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func isErr(t *testing.T, err error, want ...error) {
	t.Helper()
	for _, w := range want {
		if !errors.Is(err, w) {
			t.Errorf("error = %v, want %v", err, w)
		}
	}
}

func errOf[T any](_ T, err error) error { return err }

func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// isFree checks that somebody else can have the lock now.
func isFree(t *testing.T, srv *upstashtest.Server, want bool) {
	t.Helper()
	n, err := srv.Client().Exists(t.Context(), "lock:{job}")
	noErr(t, err)
	check(t, "the lock is free", want, n == 0)
}

const ttl = 10 * time.Second

var both = []struct {
	name    string
	options lock.Options
}{
	{"plain", lock.Options{TTL: ttl}},
	{"fenced", lock.Options{TTL: ttl, Fenced: true}},
}
