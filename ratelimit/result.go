package ratelimit

import "time"

// Result is one decision.
type Result struct {
	// Allowed tells whether the cost was granted, and consumed. A decision that
	// is not allowed consumes nothing, except with [Compat].
	Allowed bool
	// Limit is the capacity: units for each window, or the size of the burst.
	Limit int64
	// Remaining is what is left after the decision, never negative. With Compat
	// it can be above the limit after a refund.
	Remaining int64
	// ResetAt is when the limit is whole again if nothing more is consumed.
	// With Compat it is the reset of @upstash/ratelimit: the end of the window, or
	// the next refill of a bucket.
	ResetAt time.Time
	// RetryAt is the earliest instant at which the same cost can be granted,
	// zero where it was, and where it never can. A call made then succeeds
	// unless others were faster.
	RetryAt time.Time
	// Reason says what the decision comes from.
	Reason Reason
	// Policy is the limit that decided, of several the tightest.
	Policy Policy
	// Shadow tells that it would have been refused, see [Options.Shadow].
	Shadow bool
	// Denied is the member of the deny list that matched, with reason Denied.
	Denied string
}

// Policy describes a limit for clients, for example in headers.
type Policy struct {
	Name   string        // chosen by the user, for example "burst"
	Limit  int64         // units for each window
	Window time.Duration // over which Limit units are granted
}

// Reason is what a decision comes from.
type Reason uint8

// What decisions come from.
const (
	// Counted: the store was asked and counted.
	Counted Reason = iota
	// Blocked: known from an earlier decision, without asking the store.
	Blocked
	// Leased: granted from units that were taken before.
	Leased
	// Denied: the key is on the deny list.
	Denied
	// TimedOut: the store did not answer within the budget; the failure policy
	// decided.
	TimedOut
	// Failed: the store failed; the failure policy decided.
	Failed
)

// String names the reason.
func (r Reason) String() string {
	switch r {
	case Counted:
		return "counted"
	case Blocked:
		return "blocked"
	case Leased:
		return "leased"
	case Denied:
		return "denied"
	case TimedOut:
		return "timed out"
	case Failed:
		return "failed"
	default:
		return "unknown"
	}
}
