package cache

import (
	"strconv"
	"strings"
	"sync"
	"time"
)

// nearby is what this process remembers of Redis, in front of it. What this
// process invalidates, deletes or stores itself is forgotten at once; what others
// do is noticed when the trust in a reading ends.
type nearby struct {
	mu         sync.RWMutex
	generation int // raised by everything that is forgotten
}

// A reading is remembered as the instant of the look, in Unix milliseconds, and
// the entry's text.
const readingSeparator = ":"

// glance is the beginning of a look: how old its result is counts from there,
// however late the reply was.
type glance struct {
	generation int
	at         time.Time
}

// began is called before a look whose result is to be remembered.
func (c *Cache) began() glance {
	c.nearby.mu.RLock()
	defer c.nearby.mu.RUnlock()
	return glance{c.nearby.generation, time.Now()}
}

// remember keeps what a look saw, unless something was forgotten since it began.
func (c *Cache) remember(key string, s sight, began glance) {
	if c.opts.Memory == nil || !s.valid || s.doc.Header.Lease {
		return
	}
	text := strconv.FormatInt(began.at.UnixMilli(), 10) + readingSeparator + s.text
	c.nearby.mu.RLock()
	defer c.nearby.mu.RUnlock()
	if c.nearby.generation == began.generation {
		c.opts.Memory.Set(c.entryKey(key), text, max(c.opts.Trust, c.opts.MemoryOnError))
	}
}

// forgetNearby drops keys, or everything where none are named.
func (c *Cache) forgetNearby(entryKeys ...string) {
	if c.opts.Memory == nil {
		return
	}
	c.nearby.mu.Lock()
	defer c.nearby.mu.Unlock()
	c.nearby.generation++
	if len(entryKeys) == 0 {
		c.opts.Memory.Clear()
		return
	}
	c.opts.Memory.Delete(entryKeys...)
}

// recall returns what is remembered from a look that is not older than trust. A
// value that is to be refreshed is not served from here: for that, Redis is asked.
func recall[T any](w *wire, c call, trust time.Duration) (found[T], bool) {
	if w.opts.Memory == nil || c.token != "" || c.bare {
		return found[T]{}, false
	}
	kept, ok := w.opts.Memory.Get(w.entryKey(c.key))
	if !ok {
		return found[T]{}, false
	}
	at, text, _ := strings.Cut(kept, readingSeparator)
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || time.Now().Round(0).Sub(time.UnixMilli(ms)) > trust {
		return found[T]{}, false
	}
	doc, ok := decodeDocument(text)
	if !ok || !doc.Header.has(c.tags) {
		return found[T]{}, false
	}
	c.early = 0
	f := judge[T](w, &sight{text: text, exists: true, looked: true, doc: doc, valid: true}, c)
	return f, f.standing == fresh || f.standing == negative
}
