package cache

import (
	"fmt"
	"strings"
	"time"
)

// String is the explanation in lines, for a person: the state and its reason,
// then what is stored, the stamps, the lease, and the cost of the next GetOrLoad.
func (e Explanation) String() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(&b, "%-10s %s\n", name, fmt.Sprintf(format, args...)) // a Builder does not fail
	}
	line("state", "%v: %s", e.State, e.Reason)
	if e.Exists {
		kept := "without end"
		if e.KeptFor > 0 {
			kept = "for " + short(e.KeptFor)
		}
		line("stored", "%d bytes, kept %s", e.Bytes, kept)
	}
	if e.Entry && !e.Lease.InPlace {
		line("age", "%s, %s; the load took %s", coarse(e.Age), e.freshness(), short(e.Took))
	}
	if e.Entry {
		line("namespace", "%s", e.Namespace.verdict())
	}
	for _, s := range e.Tags {
		line("tag", "%q %s", s.Tag, s.verdict())
	}
	switch l := e.Lease; {
	case l.InPlace:
		line("lease", "in place for %s, ends in %s at the latest", coarse(l.For), short(l.Left))
	case l.Beside:
		line("lease", "beside the value for %s, ends in %s at the latest", coarse(l.For), short(l.Left))
	default:
		line("lease", "none")
	}
	if e.Codec != "" {
		line("codec", "%s", same(e.Codec, e.WantCodec))
		line("type", "%s", same(e.Type, e.WantType))
	}
	line("next", "%d round trips, %d billed commands", e.Next.RoundTrips, e.Next.Commands)
	return b.String()
}

func (e Explanation) freshness() string {
	switch {
	case e.FreshFor > 0:
		return "fresh for " + short(e.FreshFor)
	case e.FreshFor < 0:
		return "past its TTL for " + coarse(-e.FreshFor)
	default:
		return "fresh as long as it is kept"
	}
}

// verdict compares without showing anything of a stamp.
func (s Stamp) verdict() string {
	verdict := "present and equal"
	switch {
	case !s.Carried && s.Present:
		verdict = "present, and the entry lacks it"
	case !s.Carried:
		verdict = "absent, and the entry lacks it"
	case !s.Present:
		verdict = "absent: invalidated or evicted"
	case !s.Equal:
		verdict = "present and different: invalidated"
	}
	if !s.Declared {
		verdict += ", not declared"
	}
	return verdict
}

func same(has, want string) string {
	if has == want {
		return has + ", as the view reads"
	}
	return has + ", and the view reads " + want
}

// coarse is for what goes on while one looks.
func coarse(d time.Duration) string {
	if d < time.Second {
		return "less than 1s"
	}
	return short(d)
}

// short rounds a duration for the eye.
func short(d time.Duration) string {
	switch {
	case d >= time.Hour:
		return d.Round(time.Minute).String()
	case d >= time.Minute:
		return d.Round(time.Second).String()
	case d >= time.Second:
		return d.Round(100 * time.Millisecond).String()
	default:
		return d.Round(time.Millisecond).String()
	}
}
