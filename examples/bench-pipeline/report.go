package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// report prints a line for each way: the median of the rounds, the lowest and
// the highest, and how many times as much the second way, Auto, is.
func report(w io.Writer, p plan, ways []*way) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(table, "%d callers, latency %v\tcalls/s\tlowest\thighest\tAuto is\n", p.callers, p.latency)
	for _, way := range ways {
		_, _ = fmt.Fprintf(table, "%s\t%.0f\t%.0f\t%.0f\t%.2f times that\n", way.name,
			median(way.rates), slices.Min(way.rates), slices.Max(way.rates), median(ratios(ways[1].rates, way.rates)))
	}
	return table.Flush()
}

// ratios compares measurements that were made in the same round.
func ratios(a, b []float64) []float64 {
	r := make([]float64, len(a))
	for i := range a {
		r[i] = a[i] / b[i]
	}
	return r
}

func median(numbers []float64) float64 {
	sorted := slices.Sorted(slices.Values(numbers))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
