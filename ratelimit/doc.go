// Package ratelimit decides how much each user, address or tenant may do, over a
// Redis that is reached by HTTP.
//
//	l, err := ratelimit.New(rdb, ratelimit.Options{Limit: ratelimit.GCRA(100, time.Minute)})
//
//	r, err := l.Allow(ctx, "user:1")
//	if err == nil && !r.Allowed { ... r.RetryAt ... }
//
// A decision is one script in one round trip, exact among any number of
// processes: each sees all that was granted before. One that is known to be
// refused needs no round trip at all.
//
// # Which algorithm
//
// What they let pass of a limit of 100 for each 10 seconds in ten minutes: how
// much of what the exact log lets pass, and the most within any 10 seconds.
//
//	limit 100 for each 10s     Poisson 1x   Poisson 2x   edge bursts  random bursts
//	GCRA                       109%, 132    102%, 199    101%, 101    134%, 199
//	GCRA, Burst(10)            103%, 109    101%, 109    11%, 11      29.6%, 58
//	SlidingLog                 100%, 100    100%, 100    100%, 100    100%, 100
//	SlidingWindow              102%, 113    100%, 105    101%, 101    101%, 166
//	FixedWindow                104%, 126    101%, 129    200%, 200    124%, 200
//	TokenBucket, 100 each 10s  104%, 126    101%, 128    100%, 100    106%, 200
//	TokenBucket, 1 each 100ms  109%, 132    102%, 199    101%, 101    134%, 199
//	Compat SlidingWindow       77%, 112     53.3%, 101   100%, 100    90.5%, 168
//	log that counts refusals   55.3%, 100   1.68%, 100   100%, 100    62.4%, 100
//
// Poisson traffic is of callers who know nothing of each other, at the rate of
// the limit or twice that; edge bursts are 200 calls around the edge of every
// other window; random bursts are up to 200 calls at once, every 5 seconds. The
// sliding window of Compat loses by its block cache, as @upstash/ratelimit does.
// The last line is the usual recipe of ZADD and ZCARD, which also counts what it
// refuses: it is here as a warning.
//
// [GCRA] is the one to begin with. [SlidingLog] is for small limits that must be
// exact. The other three share their keys with programs that use the TypeScript
// package @upstash/ratelimit.
//
// # What it costs
//
// Billed commands of a decision, in one round trip. The script counts as one, and
// every command that it runs as one more.
//
//	billed commands       first  granted  refused  known  Peek  Refund  Reset
//	GCRA                  3      3        2        0      2     3       1
//	SlidingLog            3      3        2        0      2     3       1
//	FixedWindow           3      2        3        0      2     3       1
//	SlidingWindow         4      3        2        0      2     3       1
//	TokenBucket           4      4        2        0      2     4       1
//	Compat FixedWindow    3      2        2        0      2     2       scans
//	Compat SlidingWindow  4      3        2        0      2     3       scans
//	Compat TokenBucket    4      4        2        0      2     4       1
//
// First is the first one granted of a window; known is what the process knows to
// be refused, which needs no round trip.
//
// DynamicLimit, DenyList and ServerClock cost one more each, analytics two for
// each count that travels along. The first decision ever, and the first after
// SCRIPT FLUSH, takes a second round trip and one command more, because the
// server does not know the script yet. A [Lease] divides the cost of a fixed
// window. Concurrent decisions share round trips when the Doer is one of
// [github.com/seed-9937a0e6/upstash-go/pipeline.Auto].
//
// # When Redis does not answer
//
// [Options.Budget] bounds a decision, after that [Options.OnFailure] makes it,
// and [Result.Reason] says so. A request whose outcome is unknown is never sent
// again by this package, and by a client only if its retry policy is
// [github.com/seed-9937a0e6/upstash-go/upstash.RetryAlways]: a cost is counted
// once or not at all.
//
// # Time
//
// Decisions are made by the clock of this process, in milliseconds, or with
// [Options.ServerClock] by that of the database. Processes whose clocks differ
// share a limit only as well as these agree: [Limiter.Skew] and the ClockSkew of
// the client tell how far this one is off. [Result.RetryAt] is exact for all
// algorithms: the same cost is refused a millisecond earlier.
//
// What this process does not notice is that another one gives units back or
// resets a key, while a refusal of it is remembered here. [Options.BlockCache]
// turns that off.
//
// # Keys
//
//	<prefix>:<key>:<n>             FixedWindow, SlidingWindow: a number, for window n since 1970
//	<prefix>:<key>                 TokenBucket: a hash of refilledAt and tokens
//	<prefix>:<key>:gcra            GCRA: a string
//	<prefix>:<key>:log             SlidingLog: a string
//	<prefix>:dynamic:global        the dynamic limit; no TTL
//	<prefix>:denyList:all          the deny list, a set; no TTL
//	<prefix>:denyList:ipDenyList   what of it comes from UpdateIPList, a set; no TTL
//	<prefix>:ipDenyListStatus      until when that is valid
//	<prefix>:events:<hour>         analytics, a sorted set
//
// All keys but those without TTL expire: counters when they cannot matter any
// more. A fixed and a sliding window with the same prefix, key and window are the
// same counter, so different limits need different prefixes.
//
// # Compat
//
// [Compat] is for replacing @upstash/ratelimit in one service after the other:
// every decision, key, value and expiry is that of its version 2.2.0 in a single
// region. A corpus that was recorded from the package is part of the tests, and
// in examples/interop the two take turns on one database. The scripts are others.
// [ParseWindow] reads the durations of its settings. What is odd about it, and
// mended in [Strict]:
//
//   - A fixed window counts what it refuses; a sliding window tests whether
//     anything is left rather than whether the cost is, and then keeps a cost that
//     was refused. A cost that is above the limit is asked for, and never granted.
//   - Reset is the end of the window, or the next refill, whether or not the cost
//     can be granted then. It is [Result.ResetAt]; RetryAt is computed from what
//     the decision found, and only then true when nobody is refused meanwhile.
//   - A refund can lift what remains above the limit, and a counter below zero.
//   - Peek of a bucket does not see refills that are due.
//   - A refusal blocks the key until the reset, and a millisecond longer, for
//     every cost, although a smaller one would be granted, or capacity comes back
//     earlier. A block is told with the static limit when there is a dynamic one.
//   - Reset deletes by pattern, see [Limiter.Reset].
//   - What is on the deny list is counted all the same; a denial that is known in
//     the process has no limit and no reset.
//   - Counts of analytics never expire.
//
// What is not the same: there are no regions, no cached fixed window (use a
// [Lease]), and a list of addresses is downloaded only by [Limiter.UpdateIPList];
// the block cache is bounded;
// denials are remembered by each limiter, not by the process; an outage is
// decided on by [Options.OnFailure] within the budget, where the package grants
// after five seconds or throws; analytics travels with the next decision.
package ratelimit
