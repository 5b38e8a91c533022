package httplimit

import (
	"errors"
	"net/http"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// ErrNoKey is what [Options.OnError] gets where the [KeyFunc] returned nothing.
var ErrNoKey = errors.New("httplimit: the key function returned an empty key")

// Options says what is limited, and what clients are told. Every field may stay
// zero.
type Options struct {
	// Key names who is counted. Default: [ByAddress] of the peer.
	Key KeyFunc

	// Cost is how many units a request takes. Default 1. A request that costs
	// nothing (0 or less) is not limited.
	Cost func(*http.Request) int64

	// Limiter chooses the limiter of a request, for example by the plan of its
	// user. Where it returns nil, the one given to [New] decides. Limiters that
	// share a database need prefixes of their own.
	Limiter func(*http.Request) Limiter

	// Visitor says what else the limiter is told of who asks: for its deny list
	// ([ratelimit.Options.DenyList], [ratelimit.Options.DenyPrefixes]), whose
	// members a key is rarely equal to, and for its analytics. Only a limiter
	// with a Decide method can be told, as [*ratelimit.Limiter] is one; [New]
	// refuses others, and those that Limiter returns are not told.
	Visitor func(*http.Request) ratelimit.Visitor

	// Skip passes a request without asking the limiter.
	Skip func(*http.Request) bool

	// OnLimited is called for every request over its limit, before the answer,
	// also where it passes because this middleware or the limiter is a shadow.
	OnLimited func(*http.Request, ratelimit.Result)

	// Reject answers in place of the 429 and 503 of this package. The header
	// fields are set by then, except Content-Type. [FromContext] has the
	// decision, and nothing where the limiter failed.
	Reject http.Handler

	// OnError is called where the limiter returned an error, or Key nothing.
	OnError func(*http.Request, error)

	// FailOpen passes a request where the limiter failed; by default it is
	// answered with 503. A request without a key, or with a key or a cost that
	// a limiter refuses ([ratelimit.ErrKey], [ratelimit.CostError]), never
	// passes: clients may have a say in those.
	//
	// A limiter of package ratelimit decides by its own failure policy and
	// returns no error then.
	FailOpen bool

	// Shadow lets every request pass and announces nothing to clients. The
	// limiter is asked and counts, and the hooks are called: the way to try a
	// limit on real traffic.
	Shadow bool

	// Headers are the header fields that clients are told their limit in.
	// Default [Standard].
	Headers Headers

	// Policies lists the policies that a request stands under, for
	// RateLimit-Policy, where there are more than the one that decided. The
	// decision replaces the policy of its name.
	Policies func(*http.Request) []ratelimit.Policy

	// Now is the clock, to turn instants into delays. Default [time.Now]; give
	// the one that the limiter has.
	Now func() time.Time
}
