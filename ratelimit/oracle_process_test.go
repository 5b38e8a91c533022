//go:build unix

package ratelimit_test

import (
	"context"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// oracleJob has one process make its part of the calls of a run.
type oracleJob struct {
	Run                       int // of oracleRuns
	Calls, Process, Processes int
}

func (j *oracleJob) do(ctx context.Context, rdb *upstash.Client) ([]asked, error) {
	store := &numbered{Doer: pipeline.Auto(rdb, pipeline.AutoOptions{})}
	return oracleRuns()[j.Run].calls(ctx, store, j.Calls, j.Process, j.Processes)
}

// TestOracleProcesses is TestOracle with 8 processes of 32 goroutines.
// UPSTASH_LONG=1 makes 1,000,000 decisions, 50,000 with the race detector.
func TestOracleProcesses(t *testing.T) {
	t.Parallel()
	const processes = 8
	total := scale(1300, 1_000_000)
	if raceEnabled {
		total = scale(1300, 50_000)
	}
	all := startProcesses(t, processes)
	runs := oracleRuns()
	decisions := 0
	for n, run := range runs {
		srv := upstashtest.New(t, upstashtest.Options{Clock: run.clock()})
		var made []asked
		for _, d := range doAll(t, srv, all, func(i int) job {
			return job{Oracle: &oracleJob{Run: n, Calls: total / len(runs) / processes, Process: i, Processes: processes}}
		}) {
			made = append(made, d.Asked...)
		}
		srv.Close()
		decisions += len(made)
		if bad := run.judge(made); bad != "" {
			t.Errorf("%s: %s", run.name(), bad)
		}
	}
	t.Logf("%d decisions", decisions)
	check(t, "all were made", true, decisions > total-len(runs)*processes)
}
