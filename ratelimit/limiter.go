package ratelimit

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Limiter decides how much each key may do. Make it once with [New] and share
// it: it is safe for concurrent use and has nothing to close.
type Limiter struct {
	d        upstash.Doer
	options  Options
	limit    Algorithm // of the mode
	blocks   *blockCache
	denials  *denials
	networks *prefixes
	events   *events
	local    *fallback
	turns    turns
	quick    bool         // a refusal that is known needs nothing but the block cache
	skew     atomic.Int64 // of the server's clock, in milliseconds
}

// New makes a limiter over d. It sends nothing; the error says which option
// makes no sense.
func New(d upstash.Doer, o Options) (*Limiter, error) {
	if d == nil {
		return nil, errors.New("ratelimit: the Doer is nil: give a client")
	}
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	l := &Limiter{d: d, options: o, limit: o.Limit, blocks: newBlockCache(o.BlockCache)}
	if o.Mode == Compat {
		l.limit.kind = o.Limit.kind.compat()
	}
	var err error
	if l.networks, err = newPrefixes(o.DenyPrefixes); err != nil {
		return nil, err
	}
	l.quick = o.Mode == Strict && !o.DenyList && l.networks == nil && !o.Analytics && !o.Shadow
	if o.DenyList {
		l.denials = newDenials()
	}
	if o.Analytics {
		l.events = newEvents()
	}
	if o.OnFailure == FailLocal {
		if l.local, err = newFallback(l.limit, o.Instances); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// Request is one question with all that may be said with it.
type Request struct {
	Key string // who asks
	N   int64  // the cost

	// Limit replaces that of the limiter for this call, if it is set: the
	// algorithm must be the same, the numbers may differ. A dynamic limit does
	// not apply then.
	Limit Algorithm

	// Visitor is looked for in the deny list besides Key, and counted by
	// analytics.
	Visitor Visitor
}

// Visitor is what is known of who asks. All of it may stay empty.
type Visitor struct {
	IP, UserAgent, Country string // for the deny list
	Geo                    Geo    // for analytics
}

// Geo is where a request comes from, as the hosting platform says. What is empty
// is left out.
type Geo struct{ Country, City, Region, IP string }

// Allow asks for one unit of the key.
func (l *Limiter) Allow(ctx context.Context, key string) (Result, error) {
	return l.AllowN(ctx, key, 1)
}

// AllowN asks for n units of the key, all or none: one round trip, or none when
// it is known that they cannot be granted. That the store failed is no error
// here, see [Options.OnFailure]; an error says that the question makes no sense
// ([CostError], [ErrKey]) or that ctx ended.
//
// With Compat every n is passed on as @upstash/ratelimit does: zero is counted,
// and a negative n is a refund.
func (l *Limiter) AllowN(ctx context.Context, key string, n int64) (r Result, err error) {
	if l.quick && l.blocks.strict(key, n, &l.limit, l.now(), &r) {
		return r, nil
	}
	r, _, err = l.decide(ctx, take, Request{Key: key, N: n})
	return r, err
}

// AllowUpTo asks for n units, or as many as there are, and returns how many were
// granted. Strict only.
func (l *Limiter) AllowUpTo(ctx context.Context, key string, n int64) (int64, Result, error) {
	if l.options.Mode == Compat {
		return 0, Result{}, errStrictOnly
	}
	r, granted, err := l.decide(ctx, upTo, Request{Key: key, N: min(n, maxLimit)})
	return granted, r, err
}

// Decide is [Limiter.AllowN] with all that may be said with it.
func (l *Limiter) Decide(ctx context.Context, r Request) (Result, error) {
	result, _, err := l.decide(ctx, take, r)
	return result, err
}

// Peek tells how it stands with the key, and consumes nothing. Allowed says
// whether one unit would be granted.
func (l *Limiter) Peek(ctx context.Context, key string) (Result, error) {
	r, _, err := l.decide(ctx, peek, Request{Key: key, N: 1})
	return r, err
}

// Refund gives n units back that were granted but not used, never more than
// were taken: of windows, those of the present one. With Compat there is no such
// end, and the refund is an AllowN of -n.
func (l *Limiter) Refund(ctx context.Context, key string, n int64) (Result, error) {
	if n < 1 {
		return Result{}, l.costError(l.limit, n)
	}
	if l.options.Mode == Compat {
		return l.AllowN(ctx, key, -n)
	}
	r, _, err := l.decide(ctx, refund, Request{Key: key, N: min(n, maxLimit)})
	return r, err
}

var errStrictOnly = errors.New("ratelimit: Compat cannot do this: @upstash/ratelimit has nothing like it; use Strict")

func (l *Limiter) costError(a Algorithm, n int64) error {
	return &CostError{Cost: n, Capacity: a.capacity(), Policy: l.options.Name}
}

// base is the name that all keys of an identifier begin with.
func (l *Limiter) base(key string) string { return l.options.Prefix + ":" + key }

// checkKey refuses names that belong to something else under the same prefix.
// The TypeScript package does not.
func (l *Limiter) checkKey(key string) error {
	if l.options.Mode == Compat {
		return nil
	}
	first, _, _ := strings.Cut(key, ":")
	switch first {
	case "events", "denyList", "dynamic", "ipDenyListStatus":
		return ErrKey
	case "":
		if key == "" {
			return ErrKey
		}
	}
	return nil
}

// Skew is how far the clock of the database is ahead of the one of this process,
// as the last decision with [Options.ServerClock] has found, the time that its
// answer took included; zero before it.
func (l *Limiter) Skew() time.Duration { return time.Duration(l.skew.Load()) * time.Millisecond }

func (l *Limiter) now() int64 { return l.options.Clock().UnixMilli() + l.skew.Load() }

// instant is a time in milliseconds since 1970; zero is none.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
