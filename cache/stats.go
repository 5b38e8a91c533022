package cache

import (
	"context"
	"sync/atomic"
	"time"
)

// Observation is one call that is over; see [Options.Observe].
type Observation struct {
	Op       string // "Get" or "GetOrLoad"
	Prefix   string // of the view
	Info     Info
	Duration time.Duration
	Err      error // what the caller got
}

func (c *Cache) observe(ctx context.Context, o Observation, begin time.Time) {
	if c.opts.Observe != nil {
		o.Duration = time.Since(begin)
		c.opts.Observe(ctx, o)
	}
}

// Stats counts what a [Cache] did since it was made, in this process.
type Stats struct {
	Hits          int64 // values within their TTL
	Stale         int64 // values past their TTL
	Negatives     int64 // remembered absences
	Loads         int64 // calls of a loader
	LoadErrors    int64 // of them, those that failed; ErrNotFound is no failure
	Waits         int64 // looks at what another process was loading
	FillsRejected int64 // loads that were overtaken by a Delete, a Set or their lease's end
	Undecodable   int64 // entries that their view could not read
	Dropped       int64 // refreshes that found no place behind their call
	Errors        int64 // failures that a caller did not get as an error, as OnError has them
}

type stats struct {
	hits, stale, negatives, loads, loadErrors, waits, fillsRejected, undecodable, dropped, errors atomic.Int64
}

func (c *Cache) count(n *atomic.Int64) { n.Add(1) }

// Stats returns the counters.
func (c *Cache) Stats() Stats {
	s := &c.stats
	return Stats{
		Hits: s.hits.Load(), Stale: s.stale.Load(), Negatives: s.negatives.Load(),
		Loads: s.loads.Load(), LoadErrors: s.loadErrors.Load(), Waits: s.waits.Load(),
		FillsRejected: s.fillsRejected.Load(), Undecodable: s.undecodable.Load(),
		Dropped: s.dropped.Load(), Errors: s.errors.Load(),
	}
}
