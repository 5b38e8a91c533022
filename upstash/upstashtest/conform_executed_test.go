package upstashtest_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// notExecuted are the rows of the command table that no test of this repository
// executes: neither the embedded engine has them nor any Redis of CI. It may only
// shrink. Conform executes them against the live service.
const notExecuted = jsonCommands + "," + searchCommands + ",ACL GENTOKEN"

// TestRowsThatAreExecuted counts what the embedded engine executes, and what only
// a real Redis does, in CI.
func TestRowsThatAreExecuted(t *testing.T) {
	t.Parallel()
	embedded, redis := rowSet{}, rowSet{}
	for _, c := range conform.Cases() {
		switch {
		case engineLacks.Entry(c) == "":
			embedded.add(c)
		case realRedisSince[realRedisSince.Entry(c)] <= oldestRedis:
			redis.add(c)
		}
	}
	var missing []string
	onlyRedis := 0
	for row := range tableRows(t) {
		switch {
		case embedded[row]:
		case redis[row]:
			onlyRedis++
		default:
			missing = append(missing, row)
		}
	}
	slices.Sort(missing)
	want := splitList(notExecuted)
	slices.Sort(want)
	if diff := cmp.Diff(want, missing); diff != "" {
		t.Errorf("rows that nothing executes (-want +got): the list may only shrink\n%s", diff)
	}
	t.Logf("executed %d of %d rows: %d on the embedded engine, %d on a real Redis only",
		len(embedded)+onlyRedis, len(tableRows(t)), len(embedded), onlyRedis)
}
