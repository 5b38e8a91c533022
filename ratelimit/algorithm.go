package ratelimit

import (
	"errors"
	"fmt"
	"time"
)

// Algorithm is a way to count with its numbers: how much in which time. Make
// one with [GCRA], [FixedWindow], [SlidingWindow], [TokenBucket] or
// [SlidingLog]; [New] says when the numbers make no sense. It can be compared.
type Algorithm struct {
	kind   kind
	limit  int64 // the capacity of a bucket, otherwise units for each window
	window int64 // in milliseconds; the refill interval of a bucket
	extra  int64 // refill of a bucket, burst of GCRA
	exact  bool  // the durations given were whole milliseconds
}

func algorithm(k kind, limit int64, window time.Duration, extra int64) Algorithm {
	return Algorithm{
		kind: k, limit: limit, window: window.Milliseconds(), extra: extra,
		exact: window%time.Millisecond == 0,
	}
}

// GCRA lets limit units pass for each window, evenly: after a burst of limit
// units, one becomes free every window/limit. It is the algorithm to begin
// with: one short string for each key, exact numbers, no edges between windows.
// Over any time t it grants at most limit + t*limit/window.
func GCRA(limit int64, window time.Duration) Algorithm {
	return algorithm(gcra, limit, window, 0)
}

// Burst sets how many units [GCRA] grants at once, by default as many as its
// limit. Over any time t it then grants at most burst + t*limit/window.
func (a Algorithm) Burst(burst int64) Algorithm {
	if a.kind != gcra || burst < 1 {
		a.kind = badBurst
	}
	a.extra = burst
	return a
}

// FixedWindow counts in windows that begin at multiples of their length since
// 1970, as @upstash/ratelimit does, with whom it shares its keys. Around an edge
// between two windows up to twice the limit can pass.
func FixedWindow(limit int64, window time.Duration) Algorithm {
	return algorithm(fixed, limit, window, 0)
}

// SlidingWindow counts in windows as [FixedWindow] does, and adds of the window
// before the part that reaches into the last window length, as if it were spread
// evenly. It shares its keys with @upstash/ratelimit. Traffic that comes in
// bursts can pass up to about 1.65 times the limit.
func SlidingWindow(limit int64, window time.Duration) Algorithm {
	return algorithm(sliding, limit, window, 0)
}

// TokenBucket holds capacity tokens and gets refill of them at once in every
// interval, counted from the first call. It shares its keys with
// @upstash/ratelimit, where the order is tokenBucket(refill, interval, capacity).
func TokenBucket(capacity, refill int64, interval time.Duration) Algorithm {
	return algorithm(bucket, capacity, interval, refill)
}

// SlidingLog grants at most limit units in any window, wherever it begins: it
// remembers when each was granted. A key takes about 17 bytes for each call that
// was granted within the window, and a decision reads all of them, so it is for
// limits of up to about a thousand.
func SlidingLog(limit int64, window time.Duration) Algorithm {
	return algorithm(log, limit, window, 0)
}

// Limits of the numbers: scripts compute in float64, in which whole numbers are
// exact up to 2^53.
const (
	maxExact  = int64(1) << 53
	maxLimit  = int64(1) << 40
	maxWindow = 366 * 24 * time.Hour
	maxFill   = 100 * maxWindow
)

func (a Algorithm) validate() error {
	switch {
	case a.kind == none:
		return errors.New("ratelimit: Limit is missing: give an algorithm, for example ratelimit.GCRA(100, time.Minute)")
	case a.kind == badBurst:
		return errors.New("ratelimit: Burst is for GCRA and at least 1")
	case a.limit < 1 || a.limit > maxLimit:
		return fmt.Errorf("ratelimit: the limit must be from 1 to %d", maxLimit)
	case !a.exact || a.window < 1 || a.window > maxWindow.Milliseconds():
		return errors.New("ratelimit: the window must be whole milliseconds, from 1ms to 366 days")
	case a.kind == bucket && (a.extra < 1 || a.extra > maxLimit):
		return fmt.Errorf("ratelimit: the refill must be from 1 to %d", maxLimit)
	case a.kind == bucket && ceilDiv(a.limit, a.extra) > maxFill.Milliseconds()/a.window:
		return errors.New("ratelimit: an empty bucket must be full again within 100 years")
	case a.kind == gcra && (a.extra > maxLimit || a.capacity() >= maxExact/a.window):
		return errors.New("ratelimit: burst times window in milliseconds must be below 2^53, which is where exact numbers end")
	}
	return nil
}

// capacity is the largest cost that can ever be granted.
func (a Algorithm) capacity() int64 {
	if a.kind == gcra && a.extra > 0 {
		return a.extra
	}
	return a.limit
}

// policy describes it: a bucket is refilled over several intervals.
func (a Algorithm) policy(name string) Policy {
	window := time.Duration(a.window) * time.Millisecond
	if a.kind == bucket || a.kind == compatBucket {
		window *= time.Duration(ceilDiv(a.limit, a.extra))
	}
	return Policy{Name: name, Limit: a.limit, Window: window}
}
