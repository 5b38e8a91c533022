package upstashtest

import (
	"sync/atomic"
	"time"
)

// A clock is a base clock plus what tests have advanced it by.
type clock struct {
	base   func() time.Time
	offset atomic.Int64 // nanoseconds
}

func newClock(base func() time.Time) *clock {
	if base == nil {
		base = time.Now
	}
	return &clock{base: base}
}

// now drops the monotonic reading: expiry instants are wall-clock times, and
// mixing the two would let keys drift by nanoseconds from their instant.
func (c *clock) now() time.Time {
	return c.base().Add(time.Duration(c.offset.Load())).Round(0)
}

func (c *clock) advance(d time.Duration) {
	if d > 0 {
		c.offset.Add(int64(d))
	}
}
