package ratelimit

import "sync"

// block is what is known of a key whose cost was refused.
type block struct {
	until     int64 // nothing of this cost is granted before
	retry     int64 // what to tell; not before until
	cost      int64 // the smallest that is known to be refused
	algorithm Algorithm
	limit     int64
	remaining int64
	reset     int64
}

// blockCache remembers refusals, so that they need not be asked for again. What
// is refused stays refused until the instant that the store's numbers say,
// because others only take more: unless they give back, which is noticed here
// only when this process does.
//
// A nil cache remembers nothing. It holds at most size keys.
type blockCache struct {
	mu   sync.RWMutex
	size int
	keys map[string]block
}

func newBlockCache(size int) *blockCache {
	if size < 0 {
		return nil
	}
	return &blockCache{size: size, keys: make(map[string]block)}
}

// strict finds a refusal of no larger a cost, by the same numbers.
func (c *blockCache) strict(key string, cost int64, a Algorithm, now int64) (Result, bool) {
	b, is := c.get(key)
	if !is || now >= b.until || cost < b.cost || a != b.algorithm {
		return Result{}, false
	}
	r := Result{Limit: b.limit, Remaining: b.remaining, ResetAt: instant(b.reset), RetryAt: instant(b.retry)}
	if cost > b.cost { // it may take longer, how long is not known
		r.RetryAt = instant(b.until)
	}
	return r, true
}

// compat finds a refusal as @upstash/ratelimit does: of any cost, up to and with
// the instant of the reset.
func (c *blockCache) compat(key string, cost, now int64) (Result, bool) {
	if cost <= 0 {
		return Result{}, false
	}
	b, is := c.get(key)
	if !is || now > b.until {
		return Result{}, false
	}
	return Result{ResetAt: instant(b.until), RetryAt: instant(b.until + 1)}, true
}

func (c *blockCache) get(key string) (block, bool) {
	if c == nil {
		return block{}, false
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	b, is := c.keys[key]
	return b, is
}

// add remembers a refusal in the place of an older one. When all places are
// taken one that is picked by chance is given up: it costs a question.
func (c *blockCache) add(key string, b block) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, is := c.keys[key]; !is && len(c.keys) >= c.size {
		for other := range c.keys {
			delete(c.keys, other)
			break
		}
	}
	c.keys[key] = b
}

func (c *blockCache) drop(key string) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.keys, key)
}

func (c *blockCache) clear() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.keys)
}
