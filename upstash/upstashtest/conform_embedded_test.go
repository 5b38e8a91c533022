package upstashtest_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func conformCases() []conformCase {
	return slices.Concat(
		stringCases(), setOptionCases(),
		genericCases(), restoreCases(), scanCases(), expireCases(),
		setCases(),
		hashCases(), hashSetExCases(), hashExpiryCases(),
		sortedSetCases(), sortedSetRangeCases(), sortedSetAlgebraCases(),
		scriptingCases(), deprecatedCases(),
	)
}

// TestConformEmbedded executes every typed command on the local server, alone
// and in batches.
func TestConformEmbedded(t *testing.T) {
	t.Parallel()
	if strconv.IntSize < 64 {
		t.Skip("the engine counts in int, which is too small here for milliseconds since 1970")
	}
	for name, way := range map[string]way{"direct": direct, "pipelined": pipelined, "transaction": transaction} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			executed, failed := rowSet{}, rowSet{}
			for _, c := range conformCases() {
				srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
				problems := c.problems(t.Context(), srv.Client(), way)
				if entry := engineLacks.entry(c); entry != "" {
					failed[entry] = failed[entry] || len(problems) > 0
					continue
				}
				for _, problem := range problems {
					t.Error(problem)
				}
				executed.add(c)
			}
			for _, entry := range engineLacks.stale(failed) {
				t.Errorf("the engine has %s now: take it out of engineLacks", entry)
			}
			t.Logf("executed %d of %d rows", len(executed), len(tableRows(t)))
		})
	}
}
