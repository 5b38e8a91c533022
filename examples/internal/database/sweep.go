package database

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Sweep has clients that are made of d.Options from now on remember every key
// that they write and that begins with prefix. The function it returns removes
// them all, whether its context has ended or not: that is when it matters. It
// reads the keys off the commands, so a write whose answer was lost is among
// them, and nothing else in the database is looked at.
func (d *Database) Sweep(prefix string) (clean func(context.Context) error) {
	s := &sweep{prefix: prefix, keys: map[string]struct{}{}}
	d.Options.Middleware = append(d.Options.Middleware, s.middleware)
	o := d.Options
	return func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*patience)
		defer cancel()
		return s.clean(ctx, o)
	}
}

type sweep struct {
	prefix string

	mu   sync.Mutex
	keys map[string]struct{}
}

func (s *sweep) middleware(next upstash.Doer) upstash.Doer {
	return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		s.note(b)
		return next.Do(ctx, b)
	})
}

func (s *sweep) note(b upstash.Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range b.Commands {
		if c.Class() == command.ReadOnly {
			continue
		}
		for _, word := range c.Words() {
			if strings.HasPrefix(word, s.prefix) {
				s.keys[word] = struct{}{}
			}
		}
	}
}

const keysPerDel = 500

func (s *sweep) clean(ctx context.Context, o upstash.Options) error {
	o.Retry.Policy = upstash.RetryIdempotent // a key that is deleted twice is gone all the same
	rdb, err := upstash.New(o)
	if err != nil {
		return err
	}
	s.mu.Lock()
	keys := slices.Sorted(maps.Keys(s.keys))
	s.mu.Unlock()
	for batch := range slices.Chunk(keys, keysPerDel) {
		if _, failed := rdb.Del(ctx, batch...); failed != nil {
			err = fmt.Errorf("keys that begin with %s are left in the database: %w", s.prefix, failed)
		}
	}
	return err
}
