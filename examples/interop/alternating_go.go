package main

import (
	"context"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

const alternatingPrefix = "turns"

// compatible is the Go limiter that does as the TypeScript one.
type compatible struct{ l *ratelimit.Limiter }

func (l limiting) options(st *stage) (ratelimit.Options, error) {
	limit, err := l.limit()
	o := ratelimit.Options{
		Limit: limit, Mode: ratelimit.Compat, Prefix: alternatingPrefix, Clock: st.srv.Now,
		Budget: -1, BlockCache: -1, DynamicLimit: l.everything, Analytics: l.everything,
	}
	if l.everything {
		o.BlockCache = 1000
	}
	return o, err
}

func goLimiter(l limiting, st *stage) (service, error) {
	o, err := l.options(st)
	if err != nil {
		return nil, err
	}
	limiter, err := ratelimit.New(st.srv.Client(), o)
	return compatible{limiter}, err
}

func (c compatible) flush(ctx context.Context) error { return c.l.Flush(ctx) }

func (c compatible) turn(ctx context.Context, _ int64, calls []limitCall) ([]verdict, error) {
	var all []verdict
	for _, asked := range calls {
		v, err := c.call(ctx, asked)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

func (c compatible) call(ctx context.Context, asked limitCall) (verdict, error) {
	n := int64(1)
	if asked.N != nil {
		n = *asked.N
	}
	switch asked.Op {
	case "limit":
		r, err := c.l.AllowN(ctx, asked.ID, n)
		v := verdict{Success: r.Allowed, Limit: r.Limit, Remaining: r.Remaining, Reset: r.ResetAt.UnixMilli()}
		if r.Reason == ratelimit.Blocked {
			v.Reason = "cacheBlock"
		}
		return v, err
	case "getRemaining":
		r, err := c.l.Peek(ctx, asked.ID)
		return verdict{Limit: r.Limit, Remaining: r.Remaining, Reset: r.ResetAt.UnixMilli()}, err
	case "resetUsedTokens":
		return verdict{}, c.l.Reset(ctx, asked.ID)
	case "setDynamicLimit":
		return verdict{}, c.l.SetDynamicLimit(ctx, n)
	case "getDynamicLimit":
		limit, err := c.l.DynamicLimit(ctx)
		return verdict{Limit: limit}, err
	default:
		return verdict{}, fmt.Errorf("no such op: %s", asked.Op)
	}
}
