package lock

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// SetClock gives the Locker and its leases clocks of their own, for tests with
// drift and freezes.
func (k *Locker) SetClock(wall, monotonic func() time.Time) {
	k.now = func() instant { return instant{wall: wall().Round(0), monotonic: monotonic()} }
}

// SetTake replaces the script that acquires fenced locks, for tests that plant a
// fault.
func (k *Locker) SetTake(source string) { k.take = upstash.NewScript(source) }

// TakeSource returns that script.
func TakeSource() string { return takeSource }
