package ratelimit

import (
	"math"
	"sort"
)

// tally is how it stands with a limit after a script ran: what a and b are is
// said where the kind is, in lua.
type tally struct {
	granted bool
	units   int64 // that were taken
	limit   int64 // in effect
	a, b, c int64
}

// figures are what a tally means, instants in milliseconds since 1970. retry is
// 0 when the cost can never be granted.
type figures struct{ remaining, reset, retry int64 }

// read computes what t means at now, and when cost could be granted.
func (a Algorithm) read(t tally, now, cost int64) figures {
	a.limit = t.limit
	var f figures
	switch a.kind {
	case fixed, compatFixed:
		f = a.readFixed(t, now)
	case sliding, compatSliding:
		f = a.readSliding(t, now, cost)
	case bucket, compatBucket:
		f = a.readBucket(t, now, cost)
	case gcra:
		f = a.readGCRA(t, now, cost)
	default:
		f = figures{remaining: a.limit - t.a, reset: t.b, retry: t.c}
	}
	if cost > a.capacity() {
		f.retry = 0
	}
	f.remaining = max(f.remaining, 0)
	if a.kind.compat() != none || a.kind == gcra || a.kind == log { // the others say what they say
		f.remaining = min(f.remaining, a.capacity())
	}
	return f
}

func (a Algorithm) readFixed(t tally, now int64) figures {
	end := (now/a.window + 1) * a.window
	f := figures{remaining: a.limit - t.a, reset: end, retry: end}
	if a.kind == fixed && t.a <= 0 {
		f.reset = now
	}
	return f
}

func (a Algorithm) readSliding(t tally, now, cost int64) figures {
	f := figures{remaining: a.limit - carried(now, a.window, t.b) - t.a, retry: a.slidingFree(t, now, cost)}
	if a.kind == compatSliding {
		f.remaining, f.reset = t.c, (now/a.window+1)*a.window
		return f
	}
	f.reset = a.slidingFree(t, now, a.limit)
	return f
}

// carried is what the window before still weighs, in doubles as in the scripts.
// It is negative where a refund with Compat has made that window's count so.
func carried(now, window, before int64) int64 {
	return int64(math.Floor((1 - float64(now%window)/float64(window)) * float64(before)))
}

// slidingFree is the first instant, from now on, at which cost units are free:
// in this window, or in the next, of which this one is then the one before. What
// is carried never grows within a window, so it can be searched for.
func (a Algorithm) slidingFree(t tally, now, cost int64) int64 {
	end := (now/a.window + 1) * a.window
	first := func(from, to, before, used int64) int64 {
		return from + int64(sort.Search(int(to-from), func(i int) bool {
			return carried(from+int64(i), a.window, before)+used+cost <= a.limit
		}))
	}
	if at := first(now, end, t.b, t.a); at < end {
		return at
	}
	return first(end, end+a.window, t.a, 0)
}

func (a Algorithm) readBucket(t tally, now, cost int64) figures {
	refills := func(missing int64) int64 { return max(ceilDiv(missing, a.extra), 0) * a.window }
	f := figures{remaining: t.a, reset: now, retry: t.b + refills(cost-t.a)}
	switch {
	case a.kind == compatBucket:
		f.remaining, f.reset = t.c, t.b+a.window
	case t.a < a.limit:
		f.reset = t.b + refills(a.limit-t.a)
	}
	return f
}

func (a Algorithm) readGCRA(t tally, now, cost int64) figures {
	f := figures{reset: t.a}
	if t.b > 0 {
		f.reset++
	}
	full := a.capacity() * a.window
	f.remaining = (full - (t.a-now)*a.limit - t.b) / a.window
	f.retry = t.a + ceilDiv(t.b+cost*a.window-full, a.limit)
	return f
}

// ceilDiv divides by a positive number and rounds up.
func ceilDiv(n, by int64) int64 {
	q := n / by
	if n > q*by {
		q++
	}
	return q
}
