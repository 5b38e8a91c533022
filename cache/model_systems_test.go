package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// plant changes a cache or its Doer so that it has a fault.
type plant func(w *world, c *cache.Cache, d upstash.Doer) upstash.Doer

// shipped is this package: three processes with four clients, two of which
// share a process.
func shipped(p plant) system {
	return func(t *testing.T, w *world) []client {
		t.Helper()
		var clients []client
		for _, inProcess := range []int{2, 1, 1} {
			line := &swap{Doer: w}
			c, err := cache.New(line, cache.Options{Namespace: "m"})
			if err != nil {
				t.Fatal(err)
			}
			if p != nil {
				line.Doer = p(w, c, w)
			}
			view := cache.Of[int](c, cache.ViewOptions{NegativeTTL: time.Minute, TagsOf: func(key string) []string { return tagsOf[key] }})
			for range inProcess {
				clients = append(clients, &shippedClient{w: w, cache: c, view: view})
			}
		}
		return clients
	}
}

// swap is a Doer that can be replaced after something was made over it.
type swap struct{ upstash.Doer }

// shippedClient uses one way of reading and of invalidating after the other.
type shippedClient struct {
	w     *world
	cache *cache.Cache
	view  *cache.View[int]
	turn  int
}

func (c *shippedClient) read(ctx context.Context, key string) (int, error) {
	if c.turn++; c.turn%3 == 0 {
		found, err := c.view.GetMany(ctx, []string{"a", "b", "c"})
		if v, ok := found[key]; ok {
			return v, err
		}
	}
	return c.view.GetOrLoad(ctx, key, c.w.load)
}

func (c *shippedClient) invalidate(ctx context.Context, tag string) error {
	if c.turn++; c.turn%5 == 0 {
		return c.cache.Purge(ctx)
	}
	return c.cache.Invalidate(ctx, tag)
}

func (c *shippedClient) remove(ctx context.Context, key string) error {
	return c.view.Delete(ctx, key)
}

// lateStamps reads the stamps when the entry is stored, after the load.
type lateStamps struct{ upstash.Doer }

func (l lateStamps) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	entry, ok := filled(b)
	if !ok {
		return l.Doer.Do(ctx, b)
	}
	header, _ := entry["$c"].(map[string]any)
	stamps, _ := header["s"].(map[string]any)
	for tag := range stamps {
		now, err := upstash.Exec(ctx, l.Doer, command.Get("m:t:"+tag))
		if err == nil {
			stamps[tag] = now
		}
	}
	text, err := json.Marshal(entry)
	if err != nil {
		return nil, err
	}
	words := b.Commands[0].Words()
	words[2] = string(text)
	return l.Doer.Do(ctx, upstash.Batch{Commands: []command.Args{rebuild(words)}})
}

// bareFill stores the entry whatever its key holds.
type bareFill struct{ upstash.Doer }

func (f bareFill) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if _, ok := filled(b); ok {
		b.Commands = []command.Args{rebuild(b.Commands[0].Words()[:3])}
	}
	return f.Doer.Do(ctx, b)
}

// filled returns the entry that a batch stores after a load.
func filled(b upstash.Batch) (map[string]any, bool) {
	words := b.Commands[0].Words()
	if len(b.Commands) != 1 || words[0] != "SET" || len(words) < 5 || words[3] != "IFEQ" {
		return nil, false
	}
	var entry map[string]any
	if err := json.Unmarshal([]byte(words[2]), &entry); err != nil {
		return nil, false
	}
	header, _ := entry["$c"].(map[string]any)
	return entry, header != nil && header["l"] == nil
}

func rebuild(words []string) command.Args {
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		args[i] = word
	}
	return command.NewArgs(words[0], args...)
}

// seedSets is the seed's recipe: a value under its key, a set of keys for each
// tag, and SMEMBERS and DEL to invalidate.
func seedSets(t *testing.T, w *world) []client {
	t.Helper()
	c := seedClient{w: w}
	return []client{c, c, c, c}
}

type seedClient struct{ w *world }

func (c seedClient) read(ctx context.Context, key string) (int, error) {
	text, err := upstash.Exec(ctx, c.w, command.Get(key))
	if err == nil {
		return strconv.Atoi(text)
	}
	if !errors.Is(err, upstash.ErrNil) {
		return c.w.load(ctx, key)
	}
	version, err := c.w.load(ctx, key)
	if err != nil {
		return 0, err
	}
	_, _ = upstash.Exec(ctx, c.w, command.SetWith(key, version, command.SetOptions{TTL: time.Hour}))
	if tags := tagsOf[key]; len(tags) > 0 {
		_ = pipeline.Run(ctx, c.w, func(p *pipeline.Pipeline) error {
			for _, tag := range tags {
				p.SAdd("tag:"+tag, key)
				p.Expire("tag:"+tag, time.Hour+time.Minute)
			}
			return nil
		})
	}
	return version, nil
}

func (c seedClient) invalidate(ctx context.Context, tag string) error {
	keys, err := upstash.Exec(ctx, c.w, command.SMembers("tag:"+tag))
	if err != nil || len(keys) == 0 {
		return err
	}
	return pipeline.Run(ctx, c.w, func(p *pipeline.Pipeline) error {
		for _, key := range keys {
			p.Del(key)
		}
		p.Del("tag:" + tag)
		return nil
	})
}

func (c seedClient) remove(ctx context.Context, key string) error {
	_, err := upstash.Exec(ctx, c.w, command.Del(key))
	return err
}
