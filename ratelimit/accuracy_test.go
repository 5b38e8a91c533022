package ratelimit_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// The table of accuracy in the package documentation: a limit of 100 for each 10
// seconds, over ten minutes.
const (
	accuracyLimit  = 100
	accuracyWindow = 10 * time.Second
	accuracySpan   = 10 * time.Minute
)

// accuracyRows are what decides, in the order of the table.
var accuracyRows = []struct {
	name   string
	decide func(*testing.T, *clock, upstash.Doer) func() bool
}{
	{"GCRA", limited(ratelimit.GCRA(accuracyLimit, accuracyWindow), ratelimit.Strict)},
	{"GCRA, Burst(10)", limited(ratelimit.GCRA(accuracyLimit, accuracyWindow).Burst(10), ratelimit.Strict)},
	{"SlidingLog", limited(ratelimit.SlidingLog(accuracyLimit, accuracyWindow), ratelimit.Strict)},
	{"SlidingWindow", limited(ratelimit.SlidingWindow(accuracyLimit, accuracyWindow), ratelimit.Strict)},
	{"FixedWindow", limited(ratelimit.FixedWindow(accuracyLimit, accuracyWindow), ratelimit.Strict)},
	{"TokenBucket, 100 each 10s", limited(ratelimit.TokenBucket(accuracyLimit, accuracyLimit, accuracyWindow), ratelimit.Strict)},
	{"TokenBucket, 1 each 100ms", limited(ratelimit.TokenBucket(accuracyLimit, 1, accuracyWindow/accuracyLimit), ratelimit.Strict)},
	{"Compat SlidingWindow", limited(ratelimit.SlidingWindow(accuracyLimit, accuracyWindow), ratelimit.Compat)},
	{"log that counts refusals", countingRefusals},
}

func limited(limit ratelimit.Algorithm, mode ratelimit.Mode) func(*testing.T, *clock, upstash.Doer) func() bool {
	return func(t *testing.T, now *clock, d upstash.Doer) func() bool {
		t.Helper()
		l := newLimiter(t, d, now, ratelimit.Options{Limit: limit, Mode: mode})
		return func() bool { return ok(l.Allow(t.Context(), "u"))(t).Allowed }
	}
}

// countingRefusals is the usual recipe of four commands: a sorted set of all
// calls, also those that it refuses.
func countingRefusals(t *testing.T, now *clock, d upstash.Doer) func() bool {
	t.Helper()
	calls := 0
	return func() bool {
		calls++
		at := float64(now.ms.Load())
		replies, err := d.Do(t.Context(), upstash.Batch{Commands: []command.Args{
			command.ZRemRangeByScore("u", command.Score(0), command.Score(at-float64(accuracyWindow.Milliseconds()))).Args(),
			command.ZAdd("u", command.Z{Member: strconv.Itoa(calls), Score: at}).Args(),
			command.ZCard("u").Args(),
			command.PExpire("u", accuracyWindow).Args(),
		}})
		noErr(t, err)
		return ok(replies[2].Int())(t) <= accuracyLimit
	}
}

// accuracyTraffic are the instants of calls, in milliseconds after the edge of a
// window, in the order of the table's columns.
var accuracyTraffic = []struct {
	name  string
	calls func(*rand.Rand) []int64
}{
	{"Poisson 1x", func(rng *rand.Rand) []int64 { return poisson(rng, 1) }},
	{"Poisson 2x", func(rng *rand.Rand) []int64 { return poisson(rng, 2) }},
	{"edge bursts", edgeBursts},
	{"random bursts", randomBursts},
}

// poisson are calls that know nothing of each other, at a rate of so many limits.
func poisson(rng *rand.Rand, load float64) (calls []int64) {
	gap := float64(accuracyWindow.Milliseconds()) / accuracyLimit / load
	for at := rng.ExpFloat64() * gap; at < float64(accuracySpan.Milliseconds()); at += rng.ExpFloat64() * gap {
		calls = append(calls, int64(at))
	}
	return calls
}

// edgeBursts are, around the edge of every other window, 100 calls before it and
// 100 after it.
func edgeBursts(*rand.Rand) (calls []int64) {
	window := accuracyWindow.Milliseconds()
	for edge := 2 * window; edge < accuracySpan.Milliseconds(); edge += 2 * window {
		for i := -int64(accuracyLimit); i < accuracyLimit; i++ {
			calls = append(calls, edge+i)
		}
	}
	return calls
}

// randomBursts are up to 200 calls at once, every 5 seconds on average.
func randomBursts(rng *rand.Rand) (calls []int64) {
	gap := float64(accuracyWindow.Milliseconds()) / 2
	for at := rng.ExpFloat64() * gap; at < float64(accuracySpan.Milliseconds()); at += rng.ExpFloat64() * gap {
		for range 1 + rng.IntN(2*accuracyLimit) {
			calls = append(calls, int64(at))
		}
	}
	return calls
}

// TestAccuracyModel makes the table of the package documentation from what the
// limiters decide. The long form makes all of it.
func TestAccuracyModel(t *testing.T) {
	t.Parallel()
	documented := documentedTable(t, "limit 100 for each 10s")
	var names []string
	for _, traffic := range accuracyTraffic {
		names = append(names, traffic.name)
	}
	check(t, "columns", names, documented[0][1:])
	check(t, "rows", len(accuracyRows), len(documented)-1)
	for i, row := range accuracyRows {
		check(t, "row", row.name, documented[i+1][0])
		for j, traffic := range accuracyTraffic {
			if scale(0, 1) == 0 && (traffic.name != "edge bursts" || row.name != "GCRA, Burst(10)") { // the quickest
				continue
			}
			t.Run(row.name+", "+traffic.name, func(t *testing.T) {
				t.Parallel()
				calls := traffic.calls(rand.New(rand.NewPCG(1, uint64(j))))
				check(t, "granted of what the exact log grants, and most in any 10s", documented[i+1][j+1], accuracy(t, row.decide, calls))
			})
		}
	}
}

// accuracy is a cell of the table.
func accuracy(t *testing.T, decide func(*testing.T, *clock, upstash.Doer) func() bool, calls []int64) string {
	t.Helper()
	srv, now := newServer(t)
	const edge = start / 10_000 * 10_000
	now.ms.Store(edge)
	allow := decide(t, now, srv.Client())
	var granted, exact []int64
	for _, at := range calls {
		now.ms.Store(edge + at)
		if allow() {
			granted = append(granted, at)
		}
		if within(exact, at) < accuracyLimit {
			exact = append(exact, at)
		}
	}
	most := 0
	for i, at := range granted {
		most = max(most, within(granted[:i+1], at))
	}
	return fmt.Sprintf("%.3g%%, %d", 100*float64(len(granted))/float64(len(exact)), most)
}

// within counts those of the last 10 seconds; the oldest comes first.
func within(granted []int64, now int64) int {
	first, _ := slices.BinarySearch(granted, now-accuracyWindow.Milliseconds()+1)
	return len(granted) - first
}

// documentedTable returns the table of the package documentation whose first
// column has this title.
func documentedTable(t *testing.T, title string) (rows [][]string) {
	t.Helper()
	const indent = "//\t"
	columns := regexp.MustCompile(` {2,}`)
	for line := range strings.SplitSeq(string(ok(os.ReadFile("doc.go"))(t)), "\n") {
		text, inside := strings.CutPrefix(line, indent)
		switch row := columns.Split(strings.TrimSpace(text), -1); {
		case inside && (row[0] == title || rows != nil):
			rows = append(rows, row)
		case rows != nil:
			return rows
		}
	}
	t.Fatalf("the package documentation has no table of %q", title)
	return nil
}
