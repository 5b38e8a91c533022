package ratelimit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// decide answers a request from what is known in the process, or asks the
// store. It returns how many units were granted.
func (l *Limiter) decide(ctx context.Context, o op, r Request) (Result, int64, error) {
	a, err := l.check(o, r)
	if err != nil {
		return Result{}, 0, err
	}
	now := l.now()
	granted := int64(0)
	result, known := l.recall(o, r, a, now)
	if !known {
		if result, granted, err = l.count(ctx, o, r, a, now); err != nil {
			return Result{}, 0, err
		}
	}
	if o == take || o == upTo {
		l.events.record(l, r, result, now)
		if l.options.Shadow && !result.Allowed {
			result.Allowed, result.Shadow, granted = true, true, r.N
		}
	}
	return result, granted, nil
}

// check returns the algorithm of a request that makes sense.
func (l *Limiter) check(o op, r Request) (Algorithm, error) {
	if err := l.checkKey(r.Key); err != nil {
		return Algorithm{}, err
	}
	a := l.limit
	if r.Limit != (Algorithm{}) {
		if a = r.Limit; a.kind != l.options.Limit.kind {
			return a, errOtherKind
		}
		if err := a.validate(); err != nil {
			return a, err
		}
		a.kind = l.limit.kind
	}
	fits := r.N >= 1 && (o != take || r.N <= a.capacity() || l.dynamic(r) && r.N <= maxLimit)
	if l.options.Mode == Strict && !fits {
		return a, l.costError(a, r.N)
	}
	return a, nil
}

var errOtherKind = errors.New("ratelimit: Request.Limit is of another algorithm than the limiter: its keys hold something else")

// dynamic tells whether another limit may be in effect than the one that is
// known here.
func (l *Limiter) dynamic(r Request) bool {
	return l.options.DynamicLimit && r.Limit == (Algorithm{})
}

// recall answers what needs no store.
func (l *Limiter) recall(o op, r Request, a Algorithm, now int64) (result Result, known bool) {
	if o != take && o != upTo {
		return Result{}, false
	}
	if member, is := l.networks.find(r.Key, r.Visitor.IP); is {
		return Result{Reason: Denied, Denied: member, Policy: a.policy(l.options.Name)}, true
	}
	if member, is := l.denials.find(l.members(r), now); is {
		return Result{Reason: Denied, Denied: member, Policy: a.policy(l.options.Name)}, true
	}
	n := r.N
	if o == upTo {
		n = 1
	}
	if l.options.Mode == Strict {
		known = l.blocks.strict(r.Key, n, &a, now, &result)
		return result, known
	}
	if result, known = l.blocks.compat(r.Key, n, now); known {
		result.Reason, result.Policy, result.Limit = Blocked, a.policy(l.options.Name), a.limit
	}
	return result, known
}

// count asks the store within the budget, and the failure policy otherwise.
func (l *Limiter) count(ctx context.Context, o op, r Request, a Algorithm, now int64) (Result, int64, error) {
	q := question{
		op: o, now: now, serverClock: l.options.ServerClock,
		claims:   []claim{l.claim(r, a)},
		events:   l.events.take(),
		denyList: l.denyListKey(), members: l.members(r),
	}
	if o != take && o != upTo {
		q.members = nil
	}
	got, err := l.within(ctx, q, scripts[a.kind])
	if err != nil {
		l.events.restore(q.events, err)
		if o == take || o == upTo {
			return l.decideFailed(ctx, r, a, now, err)
		}
		return Result{}, 0, fmt.Errorf("ratelimit: %s: %w", o, err)
	}
	return l.result(q, got, r, a), got.limits[0].units, nil
}

func (l *Limiter) claim(r Request, a Algorithm) claim {
	c := claim{algorithm: a, base: l.base(r.Key), cost: r.N}
	if l.dynamic(r) {
		c.dynamic = l.dynamicKey()
	}
	return c
}

// within asks with the budget as the deadline, at which the request is aborted.
func (l *Limiter) within(ctx context.Context, q question, s *upstash.Script) (answer, error) {
	if l.options.Budget > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, l.options.Budget)
		defer cancel()
	}
	got, err := q.ask(ctx, l.d, s)
	if err == nil && q.serverClock {
		l.skew.Store(got.now - l.options.Clock().UnixMilli())
	}
	return got, err
}

// result is what the store's answer means, and remembers what it says about
// later questions.
func (l *Limiter) result(q question, got answer, r Request, a Algorithm) Result {
	t, cost := got.limits[0], r.N
	if q.op == upTo || q.op == peek {
		cost = 1
	}
	if got.denied > 0 && l.options.Mode == Strict {
		t.limit = a.limit
	}
	f := a.read(t, got.now, cost)
	result := Result{
		Allowed: t.granted, Limit: t.limit, Remaining: f.remaining,
		ResetAt: instant(f.reset), Policy: a.policy(l.options.Name),
	}
	result.Policy.Limit = t.limit
	switch {
	case q.op == refund:
		result.Allowed = true
		l.blocks.drop(r.Key)
		return result
	case q.op == peek && l.options.Mode == Compat:
		result.Allowed = f.remaining > 0
	}
	if !result.Allowed {
		result.RetryAt = instant(f.retry)
	}
	if q.op != peek {
		l.remember(r, a, result, got, cost, f)
	}
	if got.denied > 0 {
		return l.denied(result, q.members, got)
	}
	return result
}

// remember keeps what a decision says about the next ones.
func (l *Limiter) remember(r Request, a Algorithm, result Result, got answer, cost int64, f figures) {
	switch {
	case l.options.Mode == Compat && !result.Allowed:
		l.blocks.add(r.Key, &block{until: f.reset})
	case l.options.Mode == Compat && cost < 0:
		l.blocks.drop(r.Key)
	case !result.Allowed && got.denied == 0 && f.retry > got.now:
		until := f.retry
		if l.dynamic(r) {
			until = min(until, got.now+dynamicBlock.Milliseconds())
		}
		result.Reason = Blocked
		l.blocks.add(r.Key, &block{until: until, cost: cost, algorithm: a, result: result})
	}
}

// dynamicBlock is how long a key stays blocked without asking while another
// process might raise the limit.
const dynamicBlock = time.Second
