package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// seed is the recipe in TypeScript that this package is to replace, step by
// step: cacheGet, cacheSet, cacheDelete, cacheInvalidateTag and cacheAside, and
// what its client does to values.
type seed struct {
	d        upstash.Doer
	detached []func() // refreshes that nobody waits for
}

// undefined is what a function without a result returns there.
type undefined struct{}

type seedOptions struct {
	ttl  time.Duration
	tags []string
	swr  bool
}

// get is cacheGet: null, or what the client makes of the text, which is JSON
// wherever it can be.
func (s *seed) get(ctx context.Context, key string) (any, error) {
	text, err := upstash.Exec(ctx, s.d, command.Get(key))
	if errors.Is(err, upstash.ErrNil) {
		return nil, nil //nolint:nilnil // that is the defect
	}
	var value any
	if err != nil || json.Unmarshal([]byte(text), &value) == nil {
		return value, err
	}
	return text, nil
}

// set is cacheSet: the value, then the sets of the tags.
func (s *seed) set(ctx context.Context, key string, value any, o seedOptions) error {
	if o.ttl == 0 {
		o.ttl = time.Hour
	}
	text, is := value.(string)
	if _, none := value.(undefined); none {
		value = nil
	}
	if !is {
		b, err := json.Marshal(value)
		if err != nil {
			return err
		}
		text = string(b)
	}
	if _, err := upstash.Exec(ctx, s.d, command.SetWith(key, text, command.SetOptions{TTL: o.ttl})); err != nil || len(o.tags) == 0 {
		return err
	}
	return pipeline.Run(ctx, s.d, func(p *pipeline.Pipeline) error {
		for _, tag := range o.tags {
			p.SAdd("tag:"+tag, key)
			p.Expire("tag:"+tag, o.ttl+time.Minute)
		}
		return nil
	})
}

func (s *seed) invalidate(ctx context.Context, tag string) error {
	keys, err := upstash.Exec(ctx, s.d, command.SMembers("tag:"+tag))
	if err != nil || len(keys) == 0 {
		return err
	}
	return pipeline.Run(ctx, s.d, func(p *pipeline.Pipeline) error {
		for _, key := range keys {
			p.Del(key)
		}
		p.Del("tag:" + tag)
		return nil
	})
}

func (s *seed) aside(ctx context.Context, key string, fetch func() (any, error), o seedOptions) (any, error) {
	cached, err := s.get(ctx, key)
	if err != nil {
		return nil, err
	}
	if cached != nil {
		if o.swr {
			s.detached = append(s.detached, func() {
				if value, err := fetch(); err == nil {
					_ = s.set(ctx, key, value, o)
				}
			})
		}
		return cached, nil
	}
	value, err := fetch()
	if err == nil {
		err = s.set(ctx, key, value, o)
	}
	return value, err
}

// compared are the recipe and this package over servers of their own.
type compared struct {
	seed               *seed
	seedServer, server *upstashtest.Server
	cache              *cache.Cache
}

func compare(t *testing.T) *compared {
	t.Helper()
	c := &compared{seedServer: upstashtest.New(t, upstashtest.Options{InProcess: true})}
	c.seed = &seed{d: c.seedServer.Client()}
	c.server, c.cache = newCache(t, cache.Options{})
	return c
}

// fetches is a source of one value that counts.
func fetches(value any, calls *int) func() (any, error) {
	return func() (any, error) {
		*calls++
		return value, nil
	}
}

// broken is a line that fails from the request on whose number is given, as if
// the process had ended there.
type broken struct {
	upstash.Doer

	after int
}

func (b *broken) Do(ctx context.Context, batch upstash.Batch) ([]command.Reply, error) {
	if b.after--; b.after < 0 {
		return nil, errDown
	}
	return b.Doer.Do(ctx, batch)
}

// between is a line on which something happens before each request.
type between struct {
	upstash.Doer

	happens func(n int)
	n       int
}

func (b *between) Do(ctx context.Context, batch upstash.Batch) ([]command.Reply, error) {
	b.happens(b.n)
	b.n++
	return b.Doer.Do(ctx, batch)
}

// missing wants that nothing is served.
func missing[T any](t *testing.T, what string, v *cache.View[T], key string) {
	t.Helper()
	if _, err := v.Get(t.Context(), key); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("%s: Get = %v, want a miss", what, err)
	}
}
