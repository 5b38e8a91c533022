package ratelimit

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// Mode says how exactly a [Limiter] does as @upstash/ratelimit does.
type Mode uint8

const (
	// Strict counts under the same keys, in the same types, without the
	// defects: what is rejected is not consumed, refunds end at the limit,
	// RetryAt is true, a reset deletes the keys of this identifier alone.
	Strict Mode = iota
	// Compat decides, writes and expires exactly as @upstash/ratelimit 2.2.0
	// does, its oddities included; the package documentation lists them.
	Compat
)

// Failure says what is decided when the store cannot be asked.
type Failure uint8

const (
	// FailClosed refuses.
	FailClosed Failure = iota
	// FailOpen grants.
	FailOpen
	// FailLocal decides in the process, by the limit divided by
	// [Options.Instances].
	FailLocal
)

// Options configure a [Limiter]. Limit is required; every other field may stay
// zero.
type Options struct {
	// Limit is how is counted, for example GCRA(100, time.Minute).
	Limit Algorithm

	// Prefix begins all keys. Default "@upstash/ratelimit", that of the
	// TypeScript package. Give different limits different prefixes.
	Prefix string

	// Name is that of the [Policy]. Default "default".
	Name string

	// Mode is Strict or Compat.
	Mode Mode

	// Clock is the time of this process, by which the windows are chosen, as
	// in @upstash/ratelimit. Default [time.Now]. It must be safe for concurrent
	// use.
	Clock func() time.Time

	// ServerClock decides by the time of the database instead, which costs one
	// billed command more: for processes whose clocks differ. GCRA, SlidingLog
	// and a Strict TokenBucket only; the other keys have the time in their name.
	ServerClock bool

	// Budget is how long a decision may take. When it is over, the request is
	// aborted and OnFailure decides. Default 300ms; negative for no bound but
	// that of the context and the client.
	Budget time.Duration

	// OnFailure decides when the store failed or was too late.
	OnFailure Failure

	// Instances is how many processes share the limit, for FailLocal. Default 1.
	Instances int

	// ObserveFailure is called with each failure that OnFailure decided on. It
	// must be safe for concurrent use.
	ObserveFailure func(ctx context.Context, err error)

	// BlockCache is how many blocked keys are remembered, so that they are
	// refused without asking the store. Default 10,000; negative for none.
	BlockCache int

	// DynamicLimit lets [Limiter.SetDynamicLimit] replace the limit for all
	// keys and processes, at one billed command more for each decision.
	DynamicLimit bool

	// DenyList refuses what is on the list of [Limiter.Deny], at one billed
	// command more for each decision.
	DenyList bool

	// DenyPrefixes are networks whose addresses are refused in the process, with
	// reason Denied and without a request: where Key or [Visitor.IP] is an
	// address, or the network of an IPv6 address, in one of them. The list of [Limiter.Deny] has whole members only.
	DenyPrefixes []netip.Prefix

	// Analytics counts decisions for the console, as @upstash/ratelimit does.
	// Counts travel with the next decision, at one billed command for each
	// and one for its retention; see [Limiter.Flush].
	Analytics bool

	// Retention is how long the counts of an hour are kept after the last one.
	// Default 90 days, what @upstash/ratelimit promises; negative for ever,
	// what it does, and the default with Compat.
	Retention time.Duration

	// Shadow grants everything, and counts as if it did not: for trying a
	// limit. [Result.Shadow] says what would have been refused.
	Shadow bool
}

const (
	defaultPrefix     = "@upstash/ratelimit" // of the TypeScript package
	defaultBudget     = 300 * time.Millisecond
	defaultBlockCache = 10_000
	defaultRetention  = 90 * 24 * time.Hour
)

func (o Options) withDefaults() Options {
	if o.Prefix == "" {
		o.Prefix = defaultPrefix
	}
	if o.Name == "" {
		o.Name = "default"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Budget == 0 {
		o.Budget = defaultBudget
	}
	if o.Instances == 0 {
		o.Instances = 1
	}
	if o.BlockCache == 0 {
		o.BlockCache = defaultBlockCache
	}
	if o.Retention == 0 {
		o.Retention = defaultRetention
		if o.Mode == Compat {
			o.Retention = -1
		}
	}
	return o
}

func (o Options) validate() error {
	if err := o.Limit.validate(); err != nil {
		return err
	}
	switch {
	case o.Mode > Compat:
		return errors.New("ratelimit: Mode is unknown: give Strict or Compat")
	case o.Mode == Compat && o.Limit.kind.compat() == none:
		return errors.New("ratelimit: Compat is for FixedWindow, SlidingWindow and TokenBucket: @upstash/ratelimit has no other algorithm")
	case o.ServerClock && (o.Mode == Compat || o.Limit.kind.windowed()):
		return errors.New("ratelimit: ServerClock is for GCRA, SlidingLog and a Strict TokenBucket: the other keys have the time of the client in their name")
	case o.OnFailure > FailLocal:
		return errors.New("ratelimit: OnFailure is unknown: give FailClosed, FailOpen or FailLocal")
	case o.Instances < 0:
		return errors.New("ratelimit: Instances is negative: give how many processes share the limit")
	}
	return nil
}
