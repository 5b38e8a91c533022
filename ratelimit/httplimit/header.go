package httplimit

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// Headers is a set of header fields.
type Headers uint8

// Header fields. What they say of the future is how many seconds it is away,
// rounded up, unless noted. On a rejection that is when to try again, on other
// responses when the limit is whole again.
const (
	// Standard is RateLimit and RateLimit-Policy as structured fields, of
	// draft-ietf-httpapi-ratelimit-headers-11:
	//
	//	RateLimit-Policy: "burst";q=100;w=60
	//	RateLimit: "burst";r=42;t=17
	Standard Headers = 1 << iota
	// Draft07 is RateLimit: limit=100, remaining=42, reset=17 and
	// RateLimit-Policy: 100;w=60. It uses the names of Standard, so it is one
	// or the other.
	Draft07
	// Draft06 is RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset, and,
	// without Standard, RateLimit-Policy: 100;w=60.
	Draft06
	// XRateLimit is X-RateLimit-Limit, X-RateLimit-Remaining and
	// X-RateLimit-Reset, where reset is in seconds since 1970 (Unix time).
	XRateLimit
	// NoHeaders is none of them. A rejection keeps its Retry-After.
	NoHeaders
)

func (h Headers) check() error {
	switch {
	case h >= NoHeaders<<1:
		return errors.New("httplimit: Headers has unknown bits")
	case h&NoHeaders != 0 && h != NoHeaders:
		return errors.New("httplimit: NoHeaders does not go with other headers")
	case h&Standard != 0 && h&Draft07 != 0:
		return errors.New("httplimit: Standard and Draft07 are two forms of one header: choose one")
	}
	return nil
}

// announce tells the client about a decision.
func (m *Middleware) announce(h http.Header, r *http.Request, result ratelimit.Result) {
	now := m.o.Now()
	at := nextChange(result)
	if !result.Allowed && !at.IsZero() {
		h.Set("Retry-After", format(max(secondsUntil(at, now), 1)))
	}
	if m.o.Headers&NoHeaders != 0 {
		return
	}
	policies := m.policies(r, result)
	if m.o.Headers&Standard != 0 {
		if s := list(policies, policyItem); s != "" {
			h.Add("RateLimit-Policy", s)
		}
	} else if m.o.Headers&(Draft07|Draft06) != 0 {
		if s := list(policies, oldPolicyItem); s != "" {
			h.Set("RateLimit-Policy", s)
		}
	}
	if !counted(result) {
		return
	}
	limit, remaining := format(result.Limit), format(result.Remaining)
	var reset string
	if !at.IsZero() {
		reset = format(secondsUntil(at, now))
	}
	if m.o.Headers&Standard != 0 {
		if !result.Allowed { // what a limit outside of this one said may be later than Retry-After
			h.Del("RateLimit")
		}
		h.Add("RateLimit", limitItem(result, reset))
	}
	if m.o.Headers&Draft07 != 0 && reset != "" { // it must have a reset
		h.Set("RateLimit", "limit="+limit+", remaining="+remaining+", reset="+reset)
	}
	if m.o.Headers&Draft06 != 0 {
		setThree(h, "RateLimit-", limit, remaining, reset)
	}
	if m.o.Headers&XRateLimit != 0 {
		if !at.IsZero() {
			reset = format(secondsUntil(at, time.Unix(0, 0)))
		}
		setThree(h, "X-RateLimit-", limit, remaining, reset)
	}
}

// counted tells whether the numbers of a result are those of a count, and not
// of a failure policy or a deny list.
func counted(result ratelimit.Result) bool {
	switch result.Reason {
	case ratelimit.TimedOut, ratelimit.Failed, ratelimit.Denied:
		return false
	default:
		return true
	}
}

// nextChange is the instant that the fields and Retry-After are about, one for
// both because Retry-After must not be earlier than the fields say. It is zero
// where waiting does not help.
func nextChange(result ratelimit.Result) time.Time {
	if result.Allowed {
		return result.ResetAt
	}
	return result.RetryAt
}

// policies are those of the options with the decision's own among them. A
// failure policy may have none.
func (m *Middleware) policies(r *http.Request, result ratelimit.Result) []ratelimit.Policy {
	own := result.Policy
	own.Limit = cmp.Or(own.Limit, result.Limit)
	var all []ratelimit.Policy
	if m.o.Policies != nil {
		all = slices.Clone(m.o.Policies(r))
	}
	if own.Limit == 0 && !counted(result) {
		return all
	}
	name := policyName(own)
	if i := slices.IndexFunc(all, func(p ratelimit.Policy) bool { return policyName(p) == name }); i >= 0 {
		all[i] = own
		return all
	}
	return append(all, own)
}

// list joins the items of a list; a policy that cannot be said is left out.
func list(policies []ratelimit.Policy, item func(ratelimit.Policy) string) string {
	var items []string
	for _, p := range policies {
		if s := item(p); s != "" {
			items = append(items, s)
		}
	}
	return strings.Join(items, ", ")
}

func setThree(h http.Header, prefix, limit, remaining, reset string) {
	h.Set(prefix+"Limit", limit)
	h.Set(prefix+"Remaining", remaining)
	if reset != "" {
		h.Set(prefix+"Reset", reset)
	}
}
