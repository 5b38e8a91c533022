package cache

import (
	"math/rand/v2"
	"sync"
	"time"
)

// pauses say for which keys this process does not try to load anew for a while:
// because the loader failed and an old value stands in, or because another
// process is at it. They are bounded: an unknown pause costs an attempt.
type pauses struct {
	mu   sync.Mutex
	keys map[string]pause
}

type pause struct {
	until time.Time
	err   error // why, where the loader failed
}

const maxPauses = 10_000

func (p *pauses) get(key string) (error, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	found, has := p.keys[key]
	if has && !time.Now().Before(found.until) {
		delete(p.keys, key)
		return nil, false
	}
	return found.err, has
}

func (p *pauses) set(key string, err error, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.keys == nil {
		p.keys = make(map[string]pause)
	}
	if _, has := p.keys[key]; !has && len(p.keys) >= maxPauses {
		p.makeRoom()
	}
	p.keys[key] = pause{until: wall(d), err: err}
}

// makeRoom drops what is over, and one more where nothing is.
func (p *pauses) makeRoom() {
	now := time.Now()
	for key, old := range p.keys {
		if !now.Before(old.until) {
			delete(p.keys, key)
		}
	}
	for key := range p.keys {
		if len(p.keys) < maxPauses {
			return
		}
		delete(p.keys, key)
	}
}

// wall is an instant on the clock that goes on while a process is frozen.
func wall(d time.Duration) time.Time { return time.Now().Round(0).Add(d) }

// pauseAfter keeps this process from asking a source again that has just
// failed: RetryAfter, more or less by a fifth.
func (c *Cache) pauseAfter(key string, err error) {
	d := c.opts.RetryAfter
	d += time.Duration((rand.Float64() - 0.5) * 0.4 * float64(d))
	c.pauses.set(c.entryKey(key), err, d)
}
