package httplimit

import (
	"strconv"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
)

// maxInteger is the largest integer of a structured field, RFC 9651 section 3.3.1.
const maxInteger = 999_999_999_999_999

const defaultPolicy = "default"

// policyName is the name of a policy on the wire. A structured field has ASCII
// in its strings; every other byte is written as %xx.
func policyName(p ratelimit.Policy) string {
	if p.Name == "" {
		return defaultPolicy
	}
	const hex = "0123456789abcdef"
	var b []byte
	for i := range len(p.Name) {
		if c := p.Name[i]; c < ' ' || c > '~' {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}

// quote writes a String; s is ASCII by policyName.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// format writes an Integer, which is never negative in these fields.
func format(n int64) string { return strconv.FormatInt(min(max(n, 0), maxInteger), 10) }

// policyItem is an item of RateLimit-Policy.
func policyItem(p ratelimit.Policy) string {
	s := quote(policyName(p)) + ";q=" + format(p.Limit)
	if w, ok := wholeSeconds(p.Window); ok {
		s += ";w=" + format(w)
	}
	return s
}

// limitItem is an item of RateLimit. reset is empty where it is not known.
func limitItem(result ratelimit.Result, reset string) string {
	s := quote(policyName(result.Policy)) + ";r=" + format(result.Remaining)
	if reset != "" {
		s += ";t=" + reset
	}
	return s
}

// oldPolicyItem is an item of the RateLimit-Policy of drafts 06 and 07. It has
// no name, and is nothing without its window.
func oldPolicyItem(p ratelimit.Policy) string {
	w, ok := wholeSeconds(p.Window)
	if !ok {
		return ""
	}
	return format(p.Limit) + ";w=" + format(w)
}

// wholeSeconds is a window as the fields can say it. Rounded it would be
// another limit, so any other window stays unsaid.
func wholeSeconds(d time.Duration) (int64, bool) {
	return int64(d / time.Second), d >= time.Second && d%time.Second == 0
}

// secondsUntil rounds up: a client that waits so long is not early.
func secondsUntil(at, now time.Time) int64 {
	d := at.Sub(now)
	n := int64(d / time.Second)
	if d%time.Second > 0 {
		n++
	}
	return max(n, 0)
}
