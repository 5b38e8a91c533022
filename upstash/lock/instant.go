package lock

import "time"

// instant is a moment on both clocks of a process. The monotonic one may stand
// still while a function is frozen, and the wall clock may be set back, so that
// neither is believed alone.
type instant struct {
	wall      time.Time // without a monotonic reading
	monotonic time.Time
}

func thisInstant() instant {
	now := time.Now()
	return instant{wall: now.Round(0), monotonic: now}
}

// elapsed is the longer of what the two clocks say. A wall clock that is set
// forward ends a lease early, which is the safe direction.
func (i instant) elapsed(now instant) time.Duration {
	return max(now.wall.Sub(i.wall), now.monotonic.Sub(i.monotonic))
}

// left is what remains at now of a TTL that began at i or later, less what the
// clocks of holder and server may differ by while it lasts: 1 percent, and 2ms
// for the granularity of Redis, both as in Redlock.
func (i instant) left(ttl time.Duration, now instant) time.Duration {
	return ttl - i.elapsed(now) - ttl/100 - 2*time.Millisecond
}
