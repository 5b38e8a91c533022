package memory

import (
	"sync"
	"time"
)

// reading is what the two clocks of the process show.
type reading struct {
	wall   time.Duration // since 1970: it goes on while the process is frozen, and can be set
	steady time.Duration // since the start: it may stand still while the process is frozen
}

var started = time.Now()

func readClocks() reading {
	now := time.Now()
	return reading{wall: time.Duration(now.UnixNano()), steady: now.Sub(started)}
}

// clock goes on steadily and makes up for the time that the process was frozen.
// A wall clock that is set back does not turn it back, so that nothing lives
// longer than it should; one that is set forward cannot be told from a freeze,
// and what is stored ends early.
type clock struct {
	read func() reading

	mu      sync.Mutex
	ahead   time.Duration // of the steady clock, that the wall clock was last
	skipped time.Duration // the jumps forward
}

// tolerance keeps the jitter between the two clocks, read one after the other,
// from adding up.
const tolerance = time.Millisecond

func newClock(read func() reading) *clock {
	r := read()
	return &clock{read: read, ahead: r.wall - r.steady}
}

// NowNano implements otter.Clock.
func (c *clock) NowNano() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.read() // under the lock, so that time does not go backwards for anybody
	switch jump := r.wall - r.steady - c.ahead; {
	case jump > tolerance:
		c.skipped += jump
		c.ahead += jump
	case jump < -tolerance:
		c.ahead += jump
	}
	return int64(r.steady + c.skipped)
}

// Tick implements otter.Clock. Without ticks otter has no goroutine that cleans
// up.
func (*clock) Tick(time.Duration) <-chan time.Time { return nil }
