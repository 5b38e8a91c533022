package ratelimit_test

import (
	"math/big"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// oracleCase is an algorithm and what says how it must decide.
type oracleCase struct {
	name   string
	limit  ratelimit.Algorithm
	mode   ratelimit.Mode
	most   int64 // the largest cost
	server bool  // by the clock of the server, where that is possible
	model  func() decider
	bound  bound
}

var oracleCases = []oracleCase{
	{"FixedWindow", ratelimit.FixedWindow(40, 100*time.Millisecond), ratelimit.Strict, 40, false, func() decider {
		return strict{40, &modelFixed{40, 100, map[int64]int64{}}}
	}, perWindow(40, 100)},
	{"SlidingWindow", ratelimit.SlidingWindow(37, 101*time.Millisecond), ratelimit.Strict, 37, false, func() decider {
		return strict{37, &modelSliding{modelFixed{37, 101, map[int64]int64{}}}}
	}, perWindow(37, 101)},
	{"TokenBucket", ratelimit.TokenBucket(40, 7, 30*time.Millisecond), ratelimit.Strict, 40, true, func() decider {
		return strict{40, &modelBucket{capacity: 40, refill: 7, interval: 30}}
	}, overTime(func(t int64) int64 { return 40 + 7*(t/30+1) })},
	{"GCRA", ratelimit.GCRA(37, 100*time.Millisecond), ratelimit.Strict, 37, true, func() decider {
		return strict{37, &modelGCRA{each: big.NewRat(100, 37), burst: 37, whole: new(big.Rat)}}
	}, overTime(func(t int64) int64 { return 37 + t*37/100 })},
	{"GCRA burst", ratelimit.GCRA(300, 700*time.Millisecond).Burst(11), ratelimit.Strict, 11, true, func() decider {
		return strict{11, &modelGCRA{each: big.NewRat(700, 300), burst: 11, whole: new(big.Rat)}}
	}, overTime(func(t int64) int64 { return 11 + t*300/700 })},
	{"SlidingLog", ratelimit.SlidingLog(30, 100*time.Millisecond), ratelimit.Strict, 30, true, func() decider {
		return strict{30, &modelLog{limit: 30, window: 100}}
	}, overTime(func(t int64) int64 { return 30 * (t/100 + 1) })},
	{"Compat FixedWindow", ratelimit.FixedWindow(40, 100*time.Millisecond), ratelimit.Compat, 40, false, func() decider {
		return &compatFixed{40, 100, map[int64]int64{}}
	}, perWindow(40, 100)},
	{"Compat SlidingWindow", ratelimit.SlidingWindow(37, 101*time.Millisecond), ratelimit.Compat, 37, false, func() decider {
		return &compatSliding{compatFixed{37, 101, map[int64]int64{}}}
	}, perWindow(37, 101)},
	{"Compat TokenBucket", ratelimit.TokenBucket(40, 7, 30*time.Millisecond), ratelimit.Compat, 40, false, func() decider {
		return &compatBucket{capacity: 40, refill: 7, interval: 30}
	}, bound{}},
}

// oracleRun is a case with one kind of clock.
type oracleRun struct {
	oracleCase
	server bool
	seed   uint64 // of what is asked for
}

func (r oracleRun) name() string {
	if r.server {
		return r.oracleCase.name + ", server clock"
	}
	return r.oracleCase.name
}

// oracleRuns are the cases with each clock that they can have.
func oracleRuns() (runs []oracleRun) {
	for _, c := range oracleCases {
		runs = append(runs, oracleRun{oracleCase: c})
		if c.server {
			runs = append(runs, oracleRun{oracleCase: c, server: true})
		}
	}
	return runs
}

// asked is one call and what came of it.
type asked struct {
	Order, Now int64
	Op, Key    string
	Cost       int64
	Allowed    bool
	Granted    int64
	Remaining  int64
}

// TestOracle has many goroutines ask at once, each with a clock of its own, and
// has a model decide the same calls in the order in which the server ran them.
func TestOracle(t *testing.T) {
	t.Parallel()
	for _, run := range oracleRuns() {
		t.Run(run.name(), func(t *testing.T) {
			t.Parallel()
			if bad := inProcess(t, run, scale(150, 5000), nil); bad != "" {
				t.Error(bad)
			}
		})
	}
}

// inProcess makes the calls of a run in this process, and returns what is wrong
// with them.
func inProcess(t *testing.T, run oracleRun, calls int, faults []string) (bad string) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: run.clock()})
	d := &numbered{Doer: srv.Client(), faults: faults}
	all, err := run.calls(t.Context(), d, calls, 0, 1)
	noErr(t, err)
	if faults != nil && d.clean.Load() {
		t.Fatal("the script has changed: plant this fault anew")
	}
	return run.judge(all)
}

// clock is the time of the server. By its own it goes on a little with each
// request; otherwise it stands still, so that nothing expires early by the clock
// of another.
func (r oracleRun) clock() func() time.Time {
	var ticks atomic.Int64
	return func() time.Time {
		switch {
		case r.server && r.oracleCase.name == "TokenBucket":
			// No pauses: in one of them its key ends, and with it the phase of
			// its refills, which the model keeps.
			return time.UnixMilli(start + ticks.Add(1)/4).UTC()
		case r.server:
			return time.UnixMilli(start + pauses(ticks.Add(1)/4)).UTC()
		}
		return time.UnixMilli(start).UTC()
	}
}

// pauses makes a time of n milliseconds longer by pauses in which everything
// becomes whole again.
func pauses(n int64) int64 { return n + n/200*300 }
