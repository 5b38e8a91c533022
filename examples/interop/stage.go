package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A stage is a server with a clock and a Node process on it.
type stage struct {
	srv   *upstashtest.Server
	clock *atomic.Int64
	npm   *npm
}

func newStage(ctx context.Context, n node) (*stage, error) {
	clock := new(atomic.Int64)
	clock.Store(startMS)
	srv, err := upstashtest.NewServer(upstashtest.Options{Clock: func() time.Time { return time.UnixMilli(clock.Load()) }})
	if err != nil {
		return nil, err
	}
	process, err := n.limiters(ctx, srv.URL, srv.Token)
	if err != nil {
		srv.Close()
		return nil, err
	}
	return &stage{srv: srv, clock: clock, npm: process}, nil
}

func (st *stage) close() {
	st.npm.close()
	st.srv.Close()
}

// play moves the clock of everybody and has a service answer.
func (st *stage) play(ctx context.Context, s service, now int64, calls []limitCall) ([]verdict, error) {
	st.clock.Store(now)
	got, err := s.turn(ctx, now, calls)
	if err == nil && len(got) != len(calls) {
		err = fmt.Errorf("%d answers to %d calls", len(got), len(calls))
	}
	return got, err
}

// keys are all keys with their values and when they expire.
func (st *stage) keys(ctx context.Context) (map[string]string, error) {
	rdb := st.srv.Client()
	names, err := rdb.Keys(ctx, "*")
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, name := range names {
		kind, err := rdb.Type(ctx, name)
		if err != nil {
			return nil, err
		}
		ttl, err := rdb.PTTL(ctx, name)
		if err != nil {
			return nil, err
		}
		var value any
		switch kind {
		case "hash":
			value, err = rdb.HGetAll(ctx, name)
		case "zset":
			value, err = rdb.ZRangeWithScores(ctx, name, 0, -1)
		default:
			value, err = rdb.Get(ctx, name)
		}
		if err != nil {
			return nil, err
		}
		found[name] = fmt.Sprintf("%s %v, expires in %v", kind, value, ttl)
	}
	return found, nil
}
