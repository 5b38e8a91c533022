package main

import (
	"fmt"
	"io"
	"strconv"
)

// printer writes the report as the figures come in. After its first error it
// writes nothing more.
type printer struct {
	out   io.Writer
	where string
	err   error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}

// columns is a line of the table, 89 characters wide.
const columns = "%-7s %-17s %7s %6s %7s %7s %7s %9s %9s %9s\n"

func (p *printer) head(c Catalog) {
	p.printf("%s in %s, on %s.\n\n",
		plural(len(c.Products), "product", "products"), plural(len(c.Categories), "category", "categories"), p.where)
	p.printf(columns, "", "", "", "", "", "loader", "round", "billed", "bytes", "bytes")
	p.printf(columns, "phase", "", "reads", "hits", "misses", "calls", "trips", "commands", "sent", "received")
}

func (p *printer) row(r Row) {
	phase := r.Phase
	if r.Recipe != thisPackage {
		phase = "" // the second row of its phase
	}
	p.printf(columns, phase, r.Recipe, count(r.Reads), count(r.Hits), count(r.Misses), count(r.Loads),
		count(r.RoundTrips), count(r.Commands), count(r.Sent), count(r.Received))
}

// summary says in words what the table shows.
func (p *printer) summary(rows []Row, product string, removed int) {
	find := func(phase, recipe string) (found Row) {
		for _, r := range rows {
			if r.Phase == phase && r.Recipe == recipe {
				found = r
			}
		}
		return found
	}
	cold, again := find("cold", thisPackage), find("again", thisPackage)
	p.printf("\n%s: %s before the update and %s after it, by id and in its category.\n",
		product, money(cold.byID), money(again.byID))

	update, theirs := find("update", thisPackage), find("update", seedsRecipe)
	p.printf("The update: %s and %s; the seed's recipe: %s and %s.\n",
		plural(update.RoundTrips, "round trip", "round trips"), plural(update.Commands, "billed command", "billed commands"),
		count(theirs.RoundTrips), count(theirs.Commands))

	theirs = find("cold", seedsRecipe)
	p.printf("Filling the cache: %s; the seed's recipe: %s (%.2f times as many).\n",
		plural(cold.Commands, "billed command", "billed commands"), count(theirs.Commands), float64(theirs.Commands)/float64(cold.Commands))

	warm, theirs := find("warm", thisPackage), find("warm", seedsRecipe)
	p.printf("A hit: %s, %s, %s bytes (the seed's: %s, without stamps to check).\n",
		plural(warm.RoundTrips/warm.Reads, "round trip", "round trips"), plural(warm.Commands/warm.Reads, "billed command", "billed commands"),
		count((warm.Sent+warm.Received)/warm.Reads), count((theirs.Sent+theirs.Received)/theirs.Reads))

	p.printf("Removed all %s that were written.\n", plural(removed, "key", "keys"))
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + many
}

// count writes a number with commas: 1,250,000.
func count(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// money writes cents as dollars: $12.50.
func money(cents int64) string {
	return fmt.Sprintf("$%s.%02d", count(int(cents/100)), cents%100)
}
