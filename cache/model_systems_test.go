package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// plant changes a cache or its Doer so that it has a fault.
type plant func(c *cache.Cache, d upstash.Doer) upstash.Doer

// ways are the configurations that are driven: with short lives, so that what
// happens at the end of a TTL happens often.
var ways = map[string]struct {
	options cache.Options
	view    cache.ViewOptions
	watched bool // all tags but the first are known to the loader only
	bare    bool // entries without tags
}{
	"bare":                       {view: cache.ViewOptions{TTL: 30 * time.Millisecond}, bare: true},
	"plain":                      {view: cache.ViewOptions{NegativeTTL: time.Minute, TTL: time.Hour}},
	"tags that the loader knows": {view: cache.ViewOptions{NegativeTTL: time.Minute, TTL: time.Hour}, watched: true},
	"in memory":                  {options: cache.Options{Trust: 10 * time.Millisecond}, view: cache.ViewOptions{NegativeTTL: time.Minute, TTL: time.Hour}},
	"within the call": {
		options: cache.Options{LoadTimeout: 50 * time.Millisecond, RetryAfter: 10 * time.Millisecond},
		view:    cache.ViewOptions{TTL: 20 * time.Millisecond, StaleWhileRevalidate: 20 * time.Millisecond, StaleIfError: 40 * time.Millisecond, NegativeTTL: 10 * time.Millisecond},
	},
	"behind the call": {
		options: cache.Options{LoadTimeout: 50 * time.Millisecond, Background: cache.Goroutine, KeepLoading: true, StampTTL: 60 * time.Millisecond},
		view:    cache.ViewOptions{TTL: 20 * time.Millisecond, StaleWhileRevalidate: 40 * time.Millisecond, StaleIfError: 40 * time.Millisecond, SoftTimeout: 5 * time.Millisecond, EarlyRefresh: 100},
	},
}

// shipped is this package in one of the ways: three processes with four clients,
// two of which share a process.
func shipped(way string, p plant) system {
	return func(t *testing.T, w *world) []client {
		t.Helper()
		clients := shippedIn(way, p, 2, 1, 1)(t, w)
		for i, c := range clients { // so that they begin with different ways of reading
			if c, is := c.(*shippedClient); is {
				c.turn = 2 * i
			}
		}
		return clients
	}
}

func shippedIn(way string, p plant, clientsOfProcess ...int) system {
	return func(t *testing.T, w *world) []client {
		t.Helper()
		var clients []client
		for _, inProcess := range clientsOfProcess {
			process := w.newProcess()
			line := &swapDoer{Doer: process}
			o := ways[way].options
			o.Namespace = "m"
			if o.Trust > 0 {
				o.Memory = &plainMemory{}
			}
			c, err := cache.New(line, o)
			if err != nil {
				t.Fatal(err)
			}
			c.SetRandom(func() float64 { return float64(w.luck.pick(100)) / 100 })
			if p != nil {
				line.Doer = p(c, process)
			}
			v := ways[way].view
			if ways[way].bare {
				entries := cache.BareOf[int](c, cache.BareOptions{TTL: v.TTL})
				for range inProcess {
					clients = append(clients, &bareClient{process: process, cache: c, entries: entries})
				}
				continue
			}
			bare := cache.Of[int](c, v)
			v.TagsOf = func(key string) []string { return declared(way, key) }
			for range inProcess {
				clients = append(clients, &shippedClient{process: process, cache: c, view: cache.Of[int](c, v), bare: bare, way: way})
			}
		}
		return clients
	}
}

// swapDoer is a Doer that can be replaced after something was made over it.
type swapDoer struct{ upstash.Doer }

// shippedClient uses one way of reading and of invalidating after the other.
type shippedClient struct {
	process *process

	cache *cache.Cache
	view  *cache.View[int]
	bare  *cache.View[int] // declares no tags
	way   string
	turn  int
}

// declared are the tags of a key that its readers know.
func declared(way, key string) []string {
	if ways[way].watched && len(tagsOf[key]) > 0 {
		return tagsOf[key][:1]
	}
	return tagsOf[key]
}

func (c *shippedClient) of() *process { return c.process }

func (c *shippedClient) cacheOf() *cache.Cache { return c.cache }

func (c *shippedClient) read(ctx context.Context, key string) (int, error) {
	if c.process.rates.oneKey {
		return c.view.GetOrLoad(ctx, key, c.load)
	}
	c.turn++
	way := c.turn % 9
	if ways[c.way].watched && way > 3 {
		way = 1 // only a loader of one key can name tags
	}
	switch way {
	case 0, 3:
		found, err := c.view.GetMany(ctx, []string{"a", "b", "c"})
		if v, ok := found[key]; ok {
			return v, err
		}
	case 4:
		return c.readBySnapshot(ctx, key)
	case 5:
		return c.readMany(ctx, key)
	case 7:
		_, _ = c.view.Warm(ctx, slices.Values([]string{"a", "b", "c"}), c.loadMany, cache.WarmOptions{}) // what it stores is for later reads
	}
	if c.turn%7 == 0 {
		if v, err := c.bare.Get(ctx, key); !errors.Is(err, cache.ErrMiss) {
			return v, err
		}
	}
	return c.view.GetOrLoad(ctx, key, c.load)
}

// load names the tags that only it knows before it reads the source.
func (c *shippedClient) load(ctx context.Context, key string) (int, error) {
	if tags := tagsOf[key][len(declared(c.way, key)):]; len(tags) > 0 {
		if err := cache.WatchTags(ctx, tags...); err != nil {
			return 0, err
		}
	}
	return c.process.load(ctx, key)
}

// plainMemory is a cache.Memory that forgets only what it must.
type plainMemory struct {
	mu    sync.Mutex
	texts map[string]text
}

func (m *plainMemory) Get(key string) (string, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, has := m.texts[key]
	return found.value, has && time.Now().Before(found.until)
}

func (m *plainMemory) Set(key, value string, ttl time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.texts == nil {
		m.texts = map[string]text{}
	}
	m.texts[key] = text{value, time.Now().Add(ttl)}
}

func (m *plainMemory) Delete(keys ...string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range keys {
		delete(m.texts, key)
	}
}

func (m *plainMemory) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.texts)
}

// readBySnapshot reads the source outside a loader, and stores what it read.
func (c *shippedClient) readBySnapshot(ctx context.Context, key string) (int, error) {
	s, _ := c.view.Snapshot(ctx, key) // without Redis it stores what it can: nothing
	version, err := c.process.load(ctx, key)
	if err != nil {
		_ = c.view.ReleaseSnapshot(ctx, s)
		return version, err
	}
	_, _ = c.view.SetSnapshot(ctx, s, version) // the value is good all the same
	return version, nil
}

func (c *shippedClient) readMany(ctx context.Context, key string) (int, error) {
	found, err := c.view.LoadMany(ctx, []string{key, "a", "b"}, c.loadMany)
	switch version, has := found[key]; {
	case has:
		return version, nil
	case err == nil:
		return 0, cache.ErrNotFound
	default:
		return 0, err
	}
}

// loadMany reads the source key by key, others in between.
func (c *shippedClient) loadMany(ctx context.Context, keys []string) (map[string]int, error) {
	found := map[string]int{}
	for _, key := range keys {
		version, err := c.process.load(ctx, key)
		switch {
		case err == nil:
			found[key] = version
		case !errors.Is(err, cache.ErrNotFound):
			return nil, err
		}
	}
	return found, nil
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

// bareClient uses entries that are nothing but their values. For want of tags it
// deletes what a tag would reach.
type bareClient struct {
	process *process

	cache   *cache.Cache
	entries *cache.Bare[int]
	turn    int
}

func (c *bareClient) of() *process { return c.process }

func (c *bareClient) cacheOf() *cache.Cache { return c.cache }

func (c *bareClient) read(ctx context.Context, key string) (int, error) {
	c.turn++
	switch {
	case c.process.rates.oneKey:
	case c.turn%5 == 0:
		if v, err := c.entries.Get(ctx, key); !errors.Is(err, cache.ErrMiss) {
			return v, err
		}
	case c.turn%5 == 1:
		found, err := c.entries.GetMany(ctx, []string{"a", "b", "c"})
		if v, ok := found[key]; ok {
			return v, err
		}
	}
	return c.entries.GetOrLoad(ctx, key, c.process.load)
}

func (c *bareClient) invalidate(ctx context.Context, tag string) error {
	return c.entries.Delete(ctx, keysOf[tag]...)
}

func (c *bareClient) remove(ctx context.Context, key string) error {
	return c.entries.Delete(ctx, key)
}

// filled returns the entry that a batch stores after a load.
func filled(b upstash.Batch) (map[string]any, bool) {
	words := b.Commands[0].Words()
	if words[0] != "SET" || len(words) < 5 || words[3] != "IFEQ" && words[3] != "IFDEQ" {
		return nil, false
	}
	var entry map[string]any
	if err := json.Unmarshal([]byte(words[2]), &entry); err != nil {
		return nil, false
	}
	header, _ := entry["$c"].(map[string]any)
	return entry, header != nil && header["l"] == nil
}

// seedSets is the seed's recipe: a value under its key, a set of keys for each
// tag, and SMEMBERS and DEL to invalidate.
func seedSets(t *testing.T, w *world) []client {
	t.Helper()
	var clients []client
	for range 4 {
		clients = append(clients, seedClient{w: w.newProcess()})
	}
	return clients
}

type seedClient struct{ w *process }

func (c seedClient) of() *process { return c.w }

func (c seedClient) cacheOf() *cache.Cache { return nil }

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
