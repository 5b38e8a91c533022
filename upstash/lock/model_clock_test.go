package lock_test

import (
	"math/rand/v2"
	"sync"
	"time"
)

// clock is the time of one client: a little fast or slow, with a monotonic
// reading that stands still while the client is frozen, and a wall clock that
// can be set.
type clock struct {
	mu       sync.Mutex
	rate     float64 // of time as it is
	start    time.Time
	stopped  time.Duration // how long the monotonic clock stood still
	frozenAt time.Time     // zero when it goes
	set      time.Duration // how far the wall clock was set back

	// The ways to get it wrong.
	monotonicOnly, wallOnly bool
	waitsUncounted          bool // as when a TTL is counted from the reply
	waiting                 int
	waitingSince            time.Time
	waited                  time.Duration
}

func newClock(rng *rand.Rand) *clock {
	// Within the margin of 1 percent.
	return &clock{rate: 1 + (rng.Float64()-0.5)/100, start: time.Now()}
}

func (c *clock) scaled(d time.Duration) time.Duration { return time.Duration(float64(d) * c.rate) }

func (c *clock) passed() time.Duration {
	d := time.Since(c.start)
	if c.waitsUncounted {
		d -= c.waited
		if c.waiting > 0 {
			d -= time.Since(c.waitingSince)
		}
	}
	return d
}

func (c *clock) monotonic() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wallOnly {
		return c.start.Add(c.scaled(c.passed()) - c.set)
	}
	stopped := c.stopped
	if !c.frozenAt.IsZero() {
		stopped += time.Since(c.frozenAt)
	}
	return c.start.Add(c.scaled(c.passed() - stopped))
}

func (c *clock) wall() time.Time {
	if c.monotonicOnly {
		return c.monotonic()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.start.Add(c.scaled(c.passed()) - c.set)
}

func (c *clock) freeze(f func()) {
	c.mu.Lock()
	c.frozenAt = time.Now()
	c.mu.Unlock()
	f()
	c.mu.Lock()
	c.stopped += time.Since(c.frozenAt)
	c.frozenAt = time.Time{}
	c.mu.Unlock()
}

func (c *clock) isFrozen() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.frozenAt.IsZero()
}

func (c *clock) setBack(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.set += d
}

func (c *clock) enter() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting++; c.waiting == 1 {
		c.waitingSince = time.Now()
	}
}

func (c *clock) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting--; c.waiting == 0 {
		c.waited += time.Since(c.waitingSince)
	}
}
