//go:build unix

package ratelimit_test

import (
	"context"
	"encoding/gob"
	"errors"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// job is what a process is asked to do: one of its fields after Token.
type job struct {
	URL, Token string
	Oracle     *oracleJob
	Lease      *leaseJob
}

// done is what came of it.
type done struct {
	Err    string
	Asked  []asked
	Leased map[int64]int64
}

const envProcess = "UPSTASH_TEST_RATELIMIT_PROCESS"

// TestProcess is no test, but a process that other tests start: it does the jobs
// that it reads from its standard input, and writes to the file it is given.
func TestProcess(t *testing.T) { //nolint:paralleltest // it is alone in its process
	if os.Getenv(envProcess) == "" {
		t.Skip("other tests start it")
	}
	const firstExtra = 3 // file of exec.Cmd
	jobs, results := gob.NewDecoder(os.Stdin), gob.NewEncoder(os.NewFile(firstExtra, "results"))
	for {
		var j job
		if err := jobs.Decode(&j); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		d, err := j.do(t.Context())
		if err != nil {
			d.Err = err.Error()
		}
		noErr(t, results.Encode(d))
	}
}

func (j job) do(ctx context.Context) (d done, err error) {
	rdb, err := upstash.New(upstash.Options{URL: j.URL, Token: j.Token, AllowInsecure: true})
	if err != nil {
		return d, err
	}
	defer rdb.CloseIdle()
	if j.Lease != nil {
		d.Leased, err = j.Lease.do(ctx, rdb)
	} else {
		d.Asked, err = j.Oracle.do(ctx, rdb)
	}
	return d, err
}

// process is one of those, as the test sees it.
type process struct {
	jobs    *gob.Encoder
	results *gob.Decoder
}

// startProcesses starts this program several times more.
func startProcesses(t *testing.T, n int) []process {
	t.Helper()
	program, err := os.Executable()
	noErr(t, err)
	all := make([]process, n)
	for i := range all {
		cmd := exec.CommandContext(t.Context(), program, "-test.run=^TestProcess$")
		cmd.Env = append(os.Environ(), envProcess+"=1")
		cmd.Stderr = os.Stderr
		in := ok(cmd.StdinPipe())(t)
		ours, theirs, err := os.Pipe()
		noErr(t, err)
		cmd.ExtraFiles = []*os.File{theirs}
		noErr(t, cmd.Start())
		noErr(t, theirs.Close()) // so that the end of the process is the end of the file
		t.Cleanup(func() {
			_ = in.Close() // it ends then
			_ = ours.Close()
			_ = cmd.Wait() // it has said what went wrong
		})
		all[i] = process{gob.NewEncoder(in), gob.NewDecoder(ours)}
	}
	return all
}

// doAll gives each process its job and waits for all of them.
func doAll(t *testing.T, srv *upstashtest.Server, all []process, each func(i int) job) []done {
	t.Helper()
	for i, p := range all {
		j := each(i)
		j.URL, j.Token = srv.URL, srv.Token
		noErr(t, p.jobs.Encode(j))
	}
	results := make([]done, len(all))
	for i, p := range all {
		noErr(t, p.results.Decode(&results[i]))
		if results[i].Err != "" {
			t.Fatalf("process %d: %s", i, results[i].Err)
		}
	}
	return results
}
