package upstashtest

import (
	"fmt"
	"strings"
)

// A Cost is what a piece of code is charged for.
type Cost struct {
	// RoundTrips counts HTTP requests, Commands billed commands, as in [Meter].
	RoundTrips, Commands int
}

func (c Cost) String() string {
	return count(c.RoundTrips, "round trip") + " and " + count(c.Commands, "billed command")
}

// AssertCost runs f, and marks the test as failed when srv served anything else
// than what want says while it ran, whoever asked. It lists the requests then.
func AssertCost(tb TB, srv *Server, want Cost, f func()) {
	tb.Helper()
	begin, before := srv.journal.mark()
	f()
	got, made, complete := srv.journal.since(begin, before)
	if got == want {
		return
	}
	var list strings.Builder
	for i, r := range made {
		fmt.Fprintf(&list, "\n%4d  %s", i+1, r)
	}
	switch {
	case !complete:
		list.WriteString("\n      and others before, which the log does not hold any more")
	case len(made) == 0:
		list.WriteString(" none")
	}
	tb.Errorf("upstashtest: the cost was %v, want %v; requests:%s", got, want, &list)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
