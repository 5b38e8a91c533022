package lock_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestTryLockExcludes(t *testing.T) {
	t.Parallel()
	for _, tt := range both {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, tt.options)
				ctx := t.Context()
				other := lockerOver(t, srv.Client(), tt.options)
				lease := got(k.TryLock(ctx, "job"))(t)
				isErr(t, errOf(other.TryLock(ctx, "job")), lock.ErrNotAcquired)
				isErr(t, errOf(k.TryLock(ctx, "job")), lock.ErrNotAcquired) // nobody is let in twice
				noErr(t, got(other.TryLock(ctx, "another job"))(t).Err())
				noErr(t, lease.Release(ctx))
				second := got(other.TryLock(ctx, "job"))(t)

				time.Sleep(ttl) // bubble
				isErr(t, second.Err(), lock.ErrLost)
				noErr(t, got(k.TryLock(ctx, "job"))(t).Err())
			})
		})
	}
}

func TestTryLockWhateverHappensToTheRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range both {
		for _, fault := range []struct {
			name  string
			f     func(*upstashtest.Exchange)
			polls int
		}{
			{"lost", upstashtest.DropBefore, 2},
			{"reply lost", upstashtest.ExecuteThenDrop, 2},
			{"reply cut", upstashtest.CutBody(3), 2},
			{"reply empty", upstashtest.EmptyBody, 2},
			{"twice", upstashtest.Duplicate, 1},
			{"late", upstashtest.Delay(ttl / 4), 1},
			{"too late", upstashtest.Delay(ttl * 3 / 4), 2},
		} {
			t.Run(tt.name+", "+fault.name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					srv, k := newLocker(t, tt.options)
					warm(t, k)
					srv.Intercept(fault.f)
					lease := got(k.TryLock(t.Context(), "job"))(t)
					noErr(t, lease.Err())
					check(t, "polls", fault.polls, lease.Polls())
					isErr(t, errOf(k.TryLock(t.Context(), "job")), lock.ErrNotAcquired)
					noErr(t, lease.Release(t.Context()))
					isFree(t, srv, true)
				})
			})
		}
	}
}

// warm has the server learn the script.
func warm(t *testing.T, k *lock.Locker) {
	t.Helper()
	noErr(t, got(k.TryLock(t.Context(), "warm"))(t).Release(t.Context()))
}

func TestWhatIsGivenUpIsGivenBack(t *testing.T) {
	t.Parallel()
	for _, tt := range both {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, tt.options)
				warm(t, k)
				name := "SET"
				if tt.options.Fenced {
					name = "EVALSHA"
				}
				stop := srv.InterceptAll(upstashtest.On(name, upstashtest.ExecuteThenDrop))
				err := errOf(k.TryLock(t.Context(), "job"))
				if !upstash.OutcomeUnknown(err) {
					t.Errorf("error = %v, want one whose outcome is unknown", err)
				}
				isFree(t, srv, true)
				err = errOf(k.Lock(t.Context(), "job"))
				if !upstash.OutcomeUnknown(err) {
					t.Errorf("error = %v, want one whose outcome is unknown", err)
				}
				isFree(t, srv, true)
				stop()

				// The caller goes away while the reply is on its way.
				ctx, cancel := context.WithCancel(t.Context())
				srv.Intercept(func(x *upstashtest.Exchange) {
					x.Execute()
					cancel()
					x.Delay(time.Second)
				})
				isErr(t, errOf(k.Lock(ctx, "job")), lock.ErrNotAcquired, context.Canceled)
				isFree(t, srv, true)
			})
		})
	}
}

func TestWhatCannotBeGivenBackIsToldAndExpires(t *testing.T) {
	t.Parallel()
	var told []error
	o := lock.Options{TTL: ttl, OnError: func(_ context.Context, err error) { told = append(told, err) }}
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, o)
		stop := srv.InterceptAll(func(x *upstashtest.Exchange) {
			if x.Carries("SET") {
				upstashtest.ExecuteThenDrop(x)
			} else {
				upstashtest.DropBefore(x)
			}
		})
		if err := errOf(k.TryLock(t.Context(), "job")); err == nil {
			t.Error("no error")
		}
		stop()
		if len(told) != 1 || !upstash.OutcomeUnknown(told[0]) {
			t.Errorf("told: %v", told)
		}
		isFree(t, srv, false)
		time.Sleep(ttl) // bubble
		isFree(t, srv, true)
	})
}

// Nothing is asked again that certainly failed, and nothing is given back that
// was certainly not acquired.
func TestCertainFailureIsReturnedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		srv.Intercept(upstashtest.TooManyRequests(0))
		isErr(t, errOf(k.Lock(t.Context(), "job")), upstash.ErrRateLimited)
		check(t, "round trips", 1, srv.Meter().RoundTrips)
		srv.Intercept(upstashtest.Status(http.StatusUnauthorized))
		isErr(t, errOf(k.Lock(t.Context(), "job")), upstash.ErrUnauthorized)
		isFree(t, srv, true)
	})
}

// The lock is found to be the caller's own so late that hardly anything is left
// of its TTL: it is extended rather than lost at once.
func TestOwnLockFoundLateIsExtended(t *testing.T) {
	t.Parallel()
	for _, tt := range both {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, k := newLocker(t, tt.options)
				warm(t, k)
				srv.Intercept(func(x *upstashtest.Exchange) {
					x.Execute()
					x.Delay(ttl * 3 / 4)
				})
				lease := got(k.TryLock(t.Context(), "job"))(t)
				if left := lease.Remaining(); left < ttl*9/10 {
					t.Errorf("%v left of %v", left, ttl)
				}
				time.Sleep(lease.Remaining() - time.Millisecond) // bubble
				noErr(t, lease.Err())
				isFree(t, srv, false)
			})
		})
	}
}

func TestTTLBelowTwoRoundTripsIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: 100 * time.Millisecond})
		stop := srv.InterceptAll(func(x *upstashtest.Exchange) {
			x.Execute()
			x.Delay(60 * time.Millisecond)
		})
		if err := errOf(k.TryLock(t.Context(), "job")); err == nil {
			t.Error("acquired")
		}
		stop()
		isFree(t, srv, true)
	})
}

func TestLockOfAnotherType(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{TTL: ttl})
		got(srv.Client().RPush(t.Context(), "lock:{job}", "x"))(t)
		var e *upstash.Error
		if err := errOf(k.Lock(t.Context(), "job")); !errors.As(err, &e) || e.Code != "WRONGTYPE" {
			t.Errorf("error = %v, want WRONGTYPE", err)
		}
	})
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	d := upstash.DoerFunc(nil)
	for _, tt := range []struct {
		name string
		doer upstash.Doer
		o    lock.Options
		says string
	}{
		{"no client", nil, lock.Options{}, "no client"},
		{"short TTL", d, lock.Options{TTL: 99 * time.Millisecond}, "100ms or more"},
		{"negative TTL", d, lock.Options{TTL: -1}, "100ms or more"},
		{"negative MaxHold", d, lock.Options{MaxHold: -1}, "MaxHold is negative"},
		{"long note", d, lock.Options{Note: strings.Repeat("x", 257)}, "at most 256"},
		{"note of other bytes", d, lock.Options{Note: "\xff"}, "UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := lock.New(tt.doer, tt.o); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error = %v, want one that says %q", err, tt.says)
			}
		})
	}
}

func TestCallsRefuse(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, k := newLocker(t, lock.Options{})
		ctx := t.Context()
		var zero lock.Locker
		for _, tt := range []struct {
			name string
			err  error
			says string
		}{
			{"empty key", errOf(k.Lock(ctx, "")), "key is empty"},
			{"empty key, Peek", errOf(k.Peek(ctx, "")), "key is empty"},
			{"empty key, Break", errOf(k.Break(ctx, "")), "key is empty"},
			{"zero Locker", errOf(zero.TryLock(ctx, "job")), "made by New"},
			{"key that no request can carry", errOf(k.TryLock(ctx, "\xff")), "not valid UTF-8"},
		} {
			if tt.err == nil || !strings.Contains(tt.err.Error(), tt.says) {
				t.Errorf("%s: error = %v, want one that says %q", tt.name, tt.err, tt.says)
			}
		}
		check(t, "round trips", 0, srv.Meter().RoundTrips)
	})
}
