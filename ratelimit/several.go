package ratelimit

import (
	"context"
	"errors"
	"reflect"
)

// Claim is what one limiter is asked for in a decision of several.
type Claim struct {
	Limiter *Limiter
	Key     string
	N       int64 // the cost
}

var (
	errNoClaim  = errors.New("ratelimit: there is no claim to decide on: give at least one, each with a limiter")
	errTogether = errors.New("ratelimit: limiters that decide together are Strict, over the same Doer, by the same kind of clock, and have no DenyList, Analytics or Shadow")
	errSameKeys = errors.New("ratelimit: two limits count under the same key: give each limiter a prefix of its own")
)

// AllowAll decides over several limits at once, all or nothing: when one of them
// refuses, nothing is consumed of any. The result is that of the tightest: of
// those that refuse the one that does for longest, otherwise the one with the
// least left. One round trip; billed is the script, and for each limit what the
// limit alone costs less one.
//
// The clock and the budget are those of the first limiter. When the store fails
// all failure policies are asked, and one that refuses refuses all.
func AllowAll(ctx context.Context, claims ...Claim) (Result, error) {
	if err := checkClaims(claims); err != nil {
		return Result{}, err
	}
	if len(claims) == 1 {
		return claims[0].Limiter.AllowN(ctx, claims[0].Key, claims[0].N)
	}
	first := claims[0].Limiter
	q := question{op: take, now: first.now(), serverClock: first.options.ServerClock}
	taken := map[string]bool{}
	for _, c := range claims {
		a, err := c.Limiter.check(take, c.request())
		if err != nil {
			return Result{}, err
		}
		one := c.Limiter.claim(c.request(), a)
		for _, key := range a.keys(one.base, q.now) {
			if taken[key] {
				return Result{}, errSameKeys
			}
			taken[key] = true
		}
		q.claims = append(q.claims, one)
	}
	for i, c := range claims {
		if r, known := c.Limiter.recall(take, c.request(), q.claims[i].algorithm, q.now); known {
			return r, nil
		}
	}
	return countAll(ctx, q, claims)
}

func checkClaims(claims []Claim) error {
	if len(claims) == 0 {
		return errNoClaim
	}
	for _, c := range claims {
		if c.Limiter == nil {
			return errNoClaim
		}
		first, o := claims[0].Limiter, c.Limiter.options
		alone := o.Mode != Strict || o.DenyList || o.Analytics || o.Shadow
		if len(claims) > 1 && (alone || o.ServerClock != first.options.ServerClock || !sameDoer(first, c.Limiter)) {
			return errTogether
		}
	}
	return nil
}

// sameDoer takes those that cannot be compared for the same.
func sameDoer(a, b *Limiter) bool {
	return !reflect.ValueOf(a.d).Comparable() || !reflect.ValueOf(b.d).Comparable() || a.d == b.d
}

func (c Claim) request() Request { return Request{Key: c.Key, N: c.N} }

func countAll(ctx context.Context, q question, claims []Claim) (Result, error) {
	results := make([]Result, len(claims))
	got, err := claims[0].Limiter.within(ctx, q, severalScript)
	if err != nil {
		return failAll(ctx, q, claims, err)
	}
	for i, c := range claims {
		one := answer{now: got.now, limits: got.limits[i : i+1]}
		results[i] = c.Limiter.result(q, one, c.request(), q.claims[i].algorithm)
	}
	return tightest(results), nil
}

// failAll asks the failure policies, and gives back to those that decided in the
// process when another one refused.
func failAll(ctx context.Context, q question, claims []Claim, err error) (Result, error) {
	results := make([]Result, len(claims))
	for i, c := range claims {
		r, _, err := c.Limiter.decideFailed(ctx, c.request(), q.claims[i].algorithm, q.now, err)
		if err != nil {
			return Result{}, err
		}
		results[i] = r
	}
	worst := tightest(results)
	for i, c := range claims {
		if !worst.Allowed && results[i].Allowed {
			c.Limiter.local.refund(c.Key, c.N, q.now)
		}
	}
	return worst, nil
}

func tightest(results []Result) Result {
	worst := results[0]
	for _, r := range results[1:] {
		switch {
		case worst.Allowed && !r.Allowed,
			!worst.Allowed && !r.Allowed && r.RetryAt.After(worst.RetryAt),
			worst.Allowed && r.Allowed && r.Remaining < worst.Remaining:
			worst = r
		}
	}
	return worst
}

// Joint is several limits on the same key, for example 10 per second and 1,000
// per day. It is safe for concurrent use.
type Joint struct{ limiters []*Limiter }

// Join makes limiters decide together, as [AllowAll] does.
func Join(limiters ...*Limiter) (*Joint, error) {
	j := &Joint{limiters: limiters}
	if err := checkClaims(j.claims("", 1)); err != nil {
		return nil, err
	}
	return j, nil
}

// Allow asks each limit for one unit of the key.
func (j *Joint) Allow(ctx context.Context, key string) (Result, error) { return j.AllowN(ctx, key, 1) }

// AllowN asks each limit for n units of the key.
func (j *Joint) AllowN(ctx context.Context, key string, n int64) (Result, error) {
	return AllowAll(ctx, j.claims(key, n)...)
}

func (j *Joint) claims(key string, n int64) []Claim {
	claims := make([]Claim, len(j.limiters))
	for i, l := range j.limiters {
		claims[i] = Claim{Limiter: l, Key: key, N: n}
	}
	return claims
}
