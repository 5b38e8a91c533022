package ratelimit

import "sync"

// block is what is known of a key whose cost was refused. It does not change.
type block struct {
	until     int64 // nothing of this cost is granted before
	cost      int64 // the smallest that is known to be refused
	algorithm Algorithm
	result    Result // of Strict
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
	keys map[string]*block
}

func newBlockCache(size int) *blockCache {
	if size < 0 {
		return nil
	}
	return &blockCache{size: size, keys: make(map[string]*block)}
}

// strict finds a refusal of no larger a cost, by the same numbers. It fills r
// rather than return it: a Result is large, and this is the path of who is
// flooded.
func (c *blockCache) strict(key string, cost int64, a *Algorithm, now int64, r *Result) bool {
	b := c.get(key)
	if b == nil || now >= b.until || cost < b.cost || cost > a.capacity() || *a != b.algorithm {
		return false
	}
	*r = b.result
	if cost > b.cost { // it may take longer, how long is not known
		r.RetryAt = instant(b.until)
	}
	return true
}

// compat finds a refusal as @upstash/ratelimit does: of any cost, up to and with
// the instant of the reset.
func (c *blockCache) compat(key string, cost, now int64) (Result, bool) {
	if cost <= 0 {
		return Result{}, false
	}
	b := c.get(key)
	if b == nil || now > b.until {
		return Result{}, false
	}
	return Result{ResetAt: instant(b.until), RetryAt: instant(b.until + 1)}, true
}

func (c *blockCache) get(key string) *block {
	if c == nil {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.keys[key]
}

// add remembers a refusal in the place of an older one. When all places are
// taken one that is picked by chance is given up: it costs a question.
func (c *blockCache) add(key string, b *block) {
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
