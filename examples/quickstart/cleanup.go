package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Trail remembers every key that a client may have written, to remove them all.
//
// It reads them off the commands on their way out, so it need not know how the
// cache names its keys, and a write whose answer was lost is on it too. The
// other way, SCAN with a pattern, walks through the whole database, which on
// somebody's real one may be millions of keys and as many thousand billed
// commands; this is one command for every 500 keys of our own.
type Trail struct {
	prefix string // of every key, and of nothing else in the database

	mu   sync.Mutex
	keys map[string]struct{}
}

// NewTrail watches for words that begin with prefix.
func NewTrail(prefix string) *Trail {
	return &Trail{prefix: prefix, keys: make(map[string]struct{})}
}

// Middleware puts the trail into a client: see [upstash.Options].
func (t *Trail) Middleware(next upstash.Doer) upstash.Doer {
	return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		t.note(b)
		return next.Do(ctx, b)
	})
}

func (t *Trail) note(b upstash.Batch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range b.Commands {
		if c.Class() == command.ReadOnly {
			continue
		}
		for _, word := range c.Words() {
			if strings.HasPrefix(word, t.prefix) {
				t.keys[word] = struct{}{}
			}
		}
	}
}

const (
	keysPerDel   = 500
	cleanTimeout = 30 * time.Second
)

// Clean removes the keys and returns how many there were. It does so even when
// ctx has ended: that is when it matters.
func (t *Trail) Clean(ctx context.Context, d upstash.Doer) (removed int, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanTimeout)
	defer cancel()
	t.mu.Lock()
	keys := slices.Sorted(maps.Keys(t.keys))
	t.mu.Unlock()

	var failed error
	for batch := range slices.Chunk(keys, keysPerDel) {
		del := command.Del(batch...)
		n, err := upstash.Exec(ctx, d, del)
		if err != nil { // once more: a key that is deleted twice is gone all the same
			n, err = upstash.Exec(ctx, d, del)
		}
		removed += int(n)
		if failed == nil {
			failed = err
		}
	}
	if failed != nil {
		return removed, fmt.Errorf("keys that begin with %s are left in the database: %w", t.prefix, failed)
	}
	return removed, nil
}
