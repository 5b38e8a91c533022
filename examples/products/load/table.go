package load

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// Named is a report of something.
type Named struct {
	Name   string
	Report Report
}

// Print writes reports of the same traffic side by side.
func Print(out io.Writer, c Config, reports ...Named) error {
	p := &table{out: out}
	p.printf("%d callers for %s on %d servers and %d products", c.Callers, c.Duration.Round(time.Millisecond), servers, c.Products)
	if c.Faults {
		p.printf(", one request to Redis in twenty fails")
	}
	p.printf(".\n\n%-36s", "")
	for _, n := range reports {
		p.printf(" %18s", n.Name)
	}
	p.printf("\n")
	for _, row := range rows {
		p.printf("%-36s", row.name)
		for _, n := range reports {
			p.printf(" %18s", row.value(n.Report))
		}
		p.printf("\n")
	}
	return p.err
}

var rows = []struct {
	name  string
	value func(Report) string
}{
	{"reads", count(func(r Report) int { return r.Reads })},
	{"  wrong answers", count(func(r Report) int { return r.Wrong })},
	{"  stale answers", count(func(r Report) int { return r.Stale })},
	{"  hits", share(func(r Report) int { return r.Hits }, func(r Report) int { return r.Reads })},
	{"changes", count(func(r Report) int { return r.Writes })},
	{"  made, not acknowledged (202)", count(func(r Report) int { return r.Unsettled })},
	{"  refused, no session (503)", count(func(r Report) int { return r.Refused })},
	{"other failures", count(func(r Report) int { return r.Failed })},
	{"requests to Redis that were struck", count(func(r Report) int { return r.Struck })},
	{"round trips of the data layer", count(func(r Report) int { return r.RoundTrips })},
	{"  for each read or change", ratio(func(r Report) int { return r.RoundTrips })},
	{"billed commands of the data layer", count(func(r Report) int { return r.Commands })},
	{"  for each read or change", ratio(func(r Report) int { return r.Commands })},
	{"round trips, limits, views, sessions", count(func(r Report) int { return r.AllTrips - r.RoundTrips })},
	{"billed commands of those", count(func(r Report) int { return r.AllCommands - r.Commands })},
}

func count(of func(Report) int) func(Report) string {
	return func(r Report) string { return strconv.Itoa(of(r)) }
}

func share(part, whole func(Report) int) func(Report) string {
	return func(r Report) string { return fmt.Sprintf("%.1f %%", 100*float64(part(r))/float64(max(1, whole(r)))) }
}

func ratio(of func(Report) int) func(Report) string {
	return func(r Report) string { return fmt.Sprintf("%.2f", float64(of(r))/float64(max(1, r.Reads+r.Writes))) }
}

// table writes until its first error.
type table struct {
	out io.Writer
	err error
}

func (p *table) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}
