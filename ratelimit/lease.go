package ratelimit

import (
	"context"
	"errors"
	"time"
)

// Lease takes units of a fixed window in advance, k in one request, and spends
// them in the process: 1/k round trips and about 2/k billed commands for each
// decision. It never grants what was not taken before, so that all processes
// together never grant more than the limit; units that one process has taken and
// not spent are missing elsewhere until the window ends or [Lease.Close].
//
// A good k is the limit divided by ten times the number of processes. A Lease is
// safe for concurrent use.
type Lease struct {
	l   *Limiter
	key string
	k   int64

	turn chan struct{} // held by who reads or changes what follows
	left int64
	end  time.Time // of the window that left was taken in
}

var errLease = errors.New("ratelimit: a lease is for a Strict FixedWindow and at least one unit, without DynamicLimit, DenyList and Shadow: of other algorithms, units that are spent later than they were taken would exceed the limit")

// Lease begins a lease of the key, of k units at a time. It sends nothing yet.
func (l *Limiter) Lease(key string, k int64) (*Lease, error) {
	o := l.options
	if l.limit.kind != fixed || o.DynamicLimit || o.DenyList || o.Shadow || k < 1 || k > l.limit.limit {
		return nil, errLease
	}
	if err := l.checkKey(key); err != nil {
		return nil, err
	}
	return &Lease{l: l, key: key, k: k, turn: make(chan struct{}, 1)}, nil
}

// Allow is [Lease.AllowN] for one unit.
func (s *Lease) Allow(ctx context.Context) (Result, error) { return s.AllowN(ctx, 1) }

// AllowN grants n units of those taken, with reason [Leased], or takes more: one
// round trip. Remaining is what is known to be left: the units here, and after a
// request those of the store.
func (s *Lease) AllowN(ctx context.Context, n int64) (Result, error) {
	if n < 1 || n > s.l.limit.limit {
		return Result{}, s.l.costError(s.l.limit, n)
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	if !s.l.options.Clock().Before(s.end) {
		s.left = 0
	}
	if s.left >= n {
		s.left -= n
		return Result{
			Allowed: true, Limit: s.l.limit.limit, Remaining: s.left, ResetAt: s.end,
			Reason: Leased, Policy: s.l.limit.policy(s.l.options.Name),
		}, nil
	}
	return s.take(ctx, n)
}

// take asks for k units, and at least for those that are missing.
func (s *Lease) take(ctx context.Context, n int64) (Result, error) {
	granted, r, err := s.l.AllowUpTo(ctx, s.key, max(s.k, n-s.left))
	if err != nil || r.Reason == Failed || r.Reason == TimedOut {
		return r, err // the failure policy grants to this call, there is nothing to keep
	}
	if granted > 0 {
		if !r.ResetAt.Equal(s.end) { // the window changed meanwhile
			s.left, s.end = 0, r.ResetAt
		}
		s.left += granted
	}
	if s.left >= n && s.l.options.Clock().Before(s.end) {
		s.left -= n
		r.Allowed, r.RetryAt = true, time.Time{}
		r.Remaining += s.left
		return r, nil
	}
	r.Allowed, r.RetryAt = false, r.ResetAt
	r.Remaining += s.left
	return r, nil
}

// Close returns what is left to the window that it was taken in: one round trip
// and three billed commands, or none. The lease can go on being used.
func (s *Lease) Close(ctx context.Context) error {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	left := s.left
	s.left = 0 // whatever comes of it: returned twice would be granted twice
	if left == 0 || !s.l.options.Clock().Before(s.end) {
		return nil
	}
	within := s.end.UnixMilli() - 1 // in that window, also when the next one begins meanwhile
	_, _, err := s.l.count(ctx, refund, Request{Key: s.key, N: left}, s.l.limit, within)
	return err
}
