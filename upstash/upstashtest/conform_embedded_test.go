package upstashtest_test

import (
	"strconv"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// TestConformEmbedded executes every typed command on the local server, alone
// and in batches.
func TestConformEmbedded(t *testing.T) {
	t.Parallel()
	needs64Bits(t)
	for name, way := range conformWays {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			executed, failed := rowSet{}, rowSet{}
			for _, c := range conform.Cases() {
				srv := upstashtest.New(t, upstashtest.Options{Clock: fixedClock, InProcess: true})
				problems := c.Problems(t.Context(), srv.Client(), way, 0)
				if entry := engineLacks.Entry(c); entry != "" {
					failed[entry] = failed[entry] || len(problems) > 0
					continue
				}
				for _, problem := range problems {
					t.Error(problem)
				}
				executed.add(c)
			}
			for _, entry := range engineLacks.Stale(failed) {
				t.Errorf("the engine has %s now: take it out of engineLacks", entry)
			}
			t.Logf("executed %d of %d rows", len(executed), len(tableRows(t)))
		})
	}
}

func needs64Bits(t *testing.T) {
	t.Helper()
	if strconv.IntSize < 64 {
		t.Skip("the engine counts in int, which is too small here for milliseconds since 1970")
	}
}
