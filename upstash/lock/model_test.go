package lock_test

import (
	"fmt"
	"os"
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestModel drives the shipped package through random schedules of four clients
// whose requests and replies are lost, late and doubled, who crash, freeze, and
// whose clocks differ. At no instant may two leases be valid, fencing tokens
// rise from each lease to the next, and no guarded write overwrites that of a
// later holder. When locks are evicted, only the last two are promised.
//
// UPSTASH_LONG=1 runs 1,000 schedules of each kind.
func TestModel(t *testing.T) {
	t.Parallel()
	faults := rates{drop: 0.05, lose: 0.1, duplicate: 0.05, late: 0.15, crash: 0.2, keep: 0.2}
	freezes, setBacks, evictions := faults, faults, faults
	freezes.freeze = 0.3
	setBacks.setBack = 0.3
	evictions.freeze, evictions.evict = 0.3, 0.1
	for _, tt := range []struct {
		name  string
		rates rates
	}{
		{"calm", rates{}},
		{"faults and freezes", freezes},
		{"faults and clocks that are set back", setBacks},
		{"faults, freezes and eviction", evictions},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := schedules()
			sum := explore(t, 0, n, tt.rates, plant{})
			t.Logf("%d schedules, %d leases, %d guarded writes, %d bad", n, sum.acquired, sum.writes, len(sum.bad))
			if len(sum.bad) > 0 {
				t.Errorf("for example: %s", sum.bad[0])
			}
			if sum.acquired < n || sum.writes < n {
				t.Error("hardly anybody got the lock: the schedules show nothing")
			}
		})
	}
}

func schedules() int {
	switch {
	case os.Getenv("UPSTASH_LONG") != "":
		return 1_000
	case testing.Short():
		return 50
	}
	return 150
}

type summary struct {
	acquired, writes int
	bad              []string
}

// explore runs the schedules from one number to another, each with its own
// number as seed.
func explore(t *testing.T, from, to int, r rates, p plant) (sum summary) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		for seed := from; seed < to; seed++ {
			w := newWorld(t, srv, uint64(seed), r, p)
			w.run(t)
			for _, text := range w.bad {
				sum.bad = append(sum.bad, fmt.Sprintf("schedule %d: %s", seed, text))
			}
			sum.acquired += w.acquired
			sum.writes += w.writes
		}
	})
	return sum
}
