package cache

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Options describes a namespace. Namespace is required; every other field may
// stay zero.
type Options struct {
	// Namespace is the first part of every key, so that several caches share a
	// database. It holds no colon.
	Namespace string

	// Schema is a number to raise when the stored form of values changes. Each
	// schema has entries of its own, so that the old and the new version of a
	// program run side by side; tags are common to all, so that an
	// invalidation reaches both.
	Schema int

	// LoadTimeout bounds a loader. It also decides how long a crashed process
	// keeps others from storing: that long and 5 seconds. Default 10s.
	LoadTimeout time.Duration

	// WaitLimit is how long a call waits for what another process is loading,
	// and Busy what it does then. Default: as long as that process may take,
	// LoadTimeout and 5 seconds; a call with a deadline keeps a tenth of its
	// time for loading by itself.
	WaitLimit time.Duration
	Busy      Busy

	// RetryAfter is how long this process does not ask the source again for a
	// value whose refresh failed, as long as the old one stands in; more or less
	// by a fifth. Default 5s.
	RetryAfter time.Duration

	// Background runs work after the call that began it has returned: a
	// refresh in [ViewOptions.StaleWhileRevalidate], or a load that takes
	// longer than [ViewOptions.SoftTimeout]. It must see to it that the work
	// ends before the process is frozen: lambda.Go does, and [Goroutine] where
	// a process is never frozen. The work ends soon after its context.
	//
	// Default nil: nothing ever runs after a call. One caller then waits for
	// the refresh of a stale value, and all others are served at once.
	Background func(ctx context.Context, work func(ctx context.Context))

	// MaxBackground is how many loads run so at a time. Above it a stale value
	// is served without a refresh. Default 16.
	MaxBackground int

	// KeepLoading lets a load go on in the background when all who waited for
	// it have gone, for a source that is slow and worth it. By default it ends.
	KeepLoading bool

	// RethrowPanics makes the caller that began a load panic with the
	// [*PanicError] of its loader; those who share it get it as an error, as
	// everybody does by default.
	RethrowPanics bool

	// StampTTL is how long a tag is remembered after it was first used. It is a
	// matter of memory, not of safety: when a stamp expires, its entries are
	// loaded anew. Keep it longer than any entry's TTL. Default 30 days.
	StampTTL time.Duration

	// MaxEntry is the largest entry that is stored, in bytes as it is written.
	// A larger value is returned and not stored; see [ErrTooLarge]. Default
	// 8 MiB, with which a request stays below the limit of the smallest plan.
	MaxEntry int

	// BreakAfter is after how many looks in a row that failed Redis is not asked
	// by every Get and GetOrLoad any more, but by one of them each BreakFor: so
	// that a Redis that is down does not cost every call the client's timeouts.
	// The others go on at once as if theirs had failed. Default 5 and 1s;
	// negative for never.
	BreakAfter int
	BreakFor   time.Duration

	// Memory keeps entries in this process, in front of Redis; New of package
	// cache/memory makes one. Trust is how long a reading is served from it
	// without a round trip: so much later does this process notice what others
	// invalidate, delete or store; what it does itself it notices at once.
	// MemoryOnError is how long a reading is served when Redis cannot be read.
	// Default: no memory; a Trust of 1s where there is one, and no MemoryOnError.
	Memory        Memory
	Trust         time.Duration
	MemoryOnError time.Duration

	// OnInvalidate is told of the tags of every Invalidate that succeeded,
	// before it returns, and of nil for Purge: the place to clear what is
	// beside this cache, such as a CDN. Its error is returned; the entries are
	// invalid all the same. It must be safe for concurrent use.
	OnInvalidate func(ctx context.Context, tags []string) error

	// FailClosed makes GetOrLoad return the error when Redis cannot be read.
	// By default it loads from the source, because a cache that is down must
	// not take the program down.
	FailClosed bool

	// Observe is told of every Get and GetOrLoad when it is over: what counts
	// hits, measures times or draws spans. It is called by the caller's
	// goroutine and must be safe for concurrent use.
	Observe func(ctx context.Context, o Observation)

	// OnError is told of every failure that a caller did not get as an error: a
	// read that fell back to the loader, a value that was not stored, a loader
	// whose failure a stale value stood in for.
	// It must be safe for concurrent use.
	OnError func(ctx context.Context, err error)
}

// Busy says what a call does when it has waited long enough for another process.
type Busy uint8

const (
	// BusyLoads asks the loader too, and leaves the storing to the other.
	BusyLoads Busy = iota
	// BusyFails returns [ErrBusy], to keep a slow source from being asked by
	// every process at once.
	BusyFails
)

const (
	defaultLoadTimeout   = 10 * time.Second
	defaultRetryAfter    = 5 * time.Second
	defaultTrust         = time.Second
	defaultBreakAfter    = 5
	defaultBreakFor      = time.Second
	defaultMaxBackground = 16
	defaultStampTTL      = 30 * 24 * time.Hour
	defaultMaxEntry      = 8 << 20
	// leaseMargin is what a lease outlives its loader by, so that the fill
	// still finds it.
	leaseMargin = 5 * time.Second
	// maxTags bounds the keys that every read of an entry names.
	maxTags = 64
)

// Cache is one namespace with its tags. Make typed views of it with [Of]. It is
// safe for concurrent use; make one and share it.
type Cache struct {
	doer       upstash.Doer
	opts       Options
	flights    flights
	background background
	pauses     pauses
	nearby     nearby
	breaker    breaker
	stats      stats
	portable   atomic.Bool // the server knows no conditional forms
	newID      func() string
	random     func() float64
}

// New makes a cache over d, a client for example. It does no I/O.
func New(d upstash.Doer, o Options) (*Cache, error) {
	switch {
	case d == nil:
		return nil, errors.New("cache: there is no client: give an upstash.Client or another Doer")
	case o.Namespace == "" || strings.Contains(o.Namespace, ":"):
		return nil, fmt.Errorf("cache: namespace %q: expected a name without a colon", o.Namespace)
	case o.Schema < 0:
		return nil, fmt.Errorf("cache: schema %d: expected 0 or more", o.Schema)
	case o.LoadTimeout < 0 || o.StampTTL < 0 || o.MaxEntry < 0 || o.WaitLimit < 0 || o.RetryAfter < 0 || o.BreakFor < 0 || o.Trust < 0 || o.MemoryOnError < 0 || o.MaxBackground < 0:
		return nil, errors.New("cache: a timeout, a TTL or a size is negative: expected 0 for the default, or more")
	case o.Busy > BusyFails:
		return nil, errors.New("cache: Busy is unknown: expected BusyLoads or BusyFails")
	}
	orDefault(&o.MaxEntry, defaultMaxEntry)
	orDefault(&o.MaxBackground, defaultMaxBackground)
	orDefault(&o.LoadTimeout, defaultLoadTimeout)
	orDefault(&o.WaitLimit, o.LoadTimeout+leaseMargin)
	orDefault(&o.RetryAfter, defaultRetryAfter)
	orDefault(&o.StampTTL, defaultStampTTL)
	orDefault(&o.Trust, defaultTrust)
	orDefault(&o.BreakAfter, defaultBreakAfter)
	orDefault(&o.BreakFor, defaultBreakFor)
	return &Cache{doer: d, opts: o, newID: randomID, random: rand.Float64}, nil
}

func orDefault[T ~int | ~int64](v *T, otherwise T) {
	if *v == 0 {
		*v = otherwise
	}
}

// Invalidate makes every entry that carries one of the tags invalid, at once
// and for all processes, whatever their number: also entries whose loader is
// running now. It is one round trip and one billed command for any number of
// tags, all of them or none.
//
// Commit the change to the source first. When Invalidate fails, entries may
// still be served: call it again.
func (c *Cache) Invalidate(ctx context.Context, tags ...string) error {
	if len(tags) == 0 {
		return nil
	}
	keys := make([]string, len(tags))
	for i, tag := range tags {
		if tag == "" {
			return errors.New("cache: a tag is empty")
		}
		keys[i] = c.tagKey(tag)
	}
	return c.forget(ctx, keys, tags)
}

// Purge makes every entry of the namespace invalid, at once and for all
// processes. One round trip and one billed command, whatever the number of
// entries; they leave the memory as their TTLs end.
func (c *Cache) Purge(ctx context.Context) error {
	return c.forget(ctx, []string{c.epochKey()}, nil)
}

// forget deletes stamps, and tells who wants to know.
func (c *Cache) forget(ctx context.Context, keys, tags []string) error {
	_, err := upstash.Exec(ctx, c.doer, command.Del(keys...))
	c.forgetNearby()
	if err != nil {
		return err
	}
	if c.opts.OnInvalidate == nil {
		return nil
	}
	if err := c.opts.OnInvalidate(ctx, slices.Clone(tags)); err != nil {
		return fmt.Errorf("cache: the entries are invalid, but OnInvalidate failed: %w", err)
	}
	return nil
}

// fits refuses an entry that is too large.
func (c *Cache) fits(text string) error {
	if len(text) > c.opts.MaxEntry {
		return fmt.Errorf("%w: %d bytes, and Options.MaxEntry is %d", ErrTooLarge, len(text), c.opts.MaxEntry)
	}
	return nil
}

func (c *Cache) report(ctx context.Context, err error) {
	if err == nil {
		return
	}
	c.count(&c.stats.errors)
	if c.opts.OnError != nil {
		c.opts.OnError(ctx, err)
	}
}
