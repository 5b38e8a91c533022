package upstash_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	attemptsOfTest = 3                      // the default
	attemptTimeout = 100 * time.Millisecond // where nothing else ends an attempt
)

// TestFaultMatrix: every kind of trouble with every kind of round trip,
// over sockets, met by the first attempt only and by every attempt. Whatever the
// client says is compared with what the server counted.
//
// UPSTASH_LONG=1 runs the long form: 100 calls in each cell, and of the middle one 20.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		protocol
		calls, long int
	}{
		{protocol{name: "HTTP/1.1"}, 5, 100},
		{protocol{name: "HTTP/1.1 with TLS", tls: true}, 2, 20},
		{protocol{name: "HTTP/2 with TLS", tls: true, http2: true}, 2, 100},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if os.Getenv("UPSTASH_LONG") != "" {
				tt.calls = tt.long
			}
			m := runMatrix(t, matrix{protocol: tt.protocol, calls: tt.calls, faults: netFaults()})
			for _, wrong := range m.wrong {
				t.Error(wrong)
			}
			if m.hung > 0 && m.slow == m.hung {
				t.Errorf("the machine is too slow for timeouts of %v: all %d calls that need one tell nothing", attemptTimeout, m.hung)
			}
			t.Logf("%d calls; s succeeded, r succeeded by a retry, n failed and did not run, u failed and may have run;\n"+
				"before the slash the first attempt was hit, behind it every one\n%s", m.total, m.table)
		})
	}
}

// matrix is what is run: faults times round trips times calls.
type matrix struct {
	protocol
	calls  int
	faults []netFault
	change func(*upstash.Options) // of the client, nil for none
	ops    func(faultOp) bool     // which to run, nil for all
}

// verdictOfMatrix is what came of it.
type verdictOfMatrix struct {
	mu    sync.Mutex
	total int // calls
	hung  int // of those, how many meet an attempt that hangs
	slow  int // and tell nothing because a healthy one took too long, too
	wrong []string
	table string
}

// runMatrix runs the cells side by side; the calls of one follow each other.
func runMatrix(t *testing.T, m matrix) *verdictOfMatrix {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Token: testToken})
	sha, err := srv.Client().ScriptLoad(t.Context(), countScript)
	if err != nil {
		t.Fatal(err)
	}
	ops := faultOps(sha)
	if m.ops != nil {
		ops = slices.DeleteFunc(ops, func(op faultOp) bool { return !m.ops(op) })
	}
	result := &verdictOfMatrix{}
	letters := make([][]string, len(m.faults)) // in rows
	var wg sync.WaitGroup
	busy := make(chan struct{}, 8)
	for i, f := range m.faults {
		letters[i] = make([]string, 2*len(ops))
		for j := range letters[i] {
			wg.Go(func() {
				if !f.hangs { // those wait most of the time
					busy <- struct{}{}
					defer func() { <-busy }()
				}
				cell := faultCell{
					matrix: m, fault: f, op: ops[j/2], faults: []int{1, attemptsOfTest}[j%2],
					srv: srv, number: i*len(letters[i]) + j,
				}
				letters[i][j] = cell.run(t, result)
			})
		}
	}
	wg.Wait()
	var b strings.Builder
	fmt.Fprintf(&b, "%-26s", "")
	for _, op := range ops {
		fmt.Fprintf(&b, "%-11s", op.name)
	}
	for i, f := range m.faults {
		fmt.Fprintf(&b, "\n%-26s", f.name)
		for j := range ops {
			fmt.Fprintf(&b, "%-11s", letters[i][2*j]+"/"+letters[i][2*j+1])
		}
	}
	result.table = b.String()
	return result
}

// faultCell is one fault with one kind of round trip.
type faultCell struct {
	matrix
	fault  netFault
	op     faultOp
	faults int
	srv    *upstashtest.Server
	number int
}

// run makes the calls one after the other, and judges them when no request can
// run any more. It returns the letters that occurred.
func (c faultCell) run(t *testing.T, result *verdictOfMatrix) string {
	t.Helper()
	c.tls = c.tls || c.fault.tls
	f := newFaultFront(t, c.protocol, c.fault, c.srv.Handler())
	results := make([]faultResult, c.calls)
	for n := range results {
		results[n] = c.call(t, f, n)
	}
	f.close()

	letters := map[string]int{}
	result.mu.Lock()
	defer result.mu.Unlock()
	for n, r := range results {
		wrong := r.judge(c.fault)
		if c.op.counts {
			if counted := c.count(t, r.id); counted != r.executed {
				wrong = append(wrong, fmt.Sprintf("the key holds %d, and the server counted %d executions", counted, r.executed))
			}
		}
		for _, w := range wrong {
			result.wrong = append(result.wrong, fmt.Sprintf("%s, %s, %s, %d faults, call %d: %s (%v)", c.name, c.fault.name, c.op.name, c.faults, n, w, r.err))
		}
		result.total++
		if c.fault.hangs {
			result.hung++
		}
		if r.slowMachine() {
			result.slow++
		}
		letters[r.letter()]++
	}
	var seen strings.Builder
	for _, letter := range []string{"s", "r", "n", "u"} {
		if letters[letter] > 0 {
			seen.WriteString(letter)
		}
	}
	return seen.String()
}

// call makes one call with a client of its own, every other time on a
// connection that was used before.
func (c faultCell) call(t *testing.T, f *faultFront, n int) faultResult {
	t.Helper()
	r := faultResult{faultCall: &faultCall{
		id: fmt.Sprintf("call-%d-%d", c.number, n), number: n, rng: rand.New(rand.NewPCG(uint64(n), uint64(c.number))),
	}, faults: c.faults, class: command.ReadOnly}
	rdb := trustingClient(t, f.url, func(o *upstash.Options) {
		o.Observe = func(_ context.Context, trip upstash.RoundTrip) { r.trips = append(r.trips, trip) }
		if c.fault.hangs {
			o.Retry.AttemptTimeout = attemptTimeout
		}
		if c.change != nil {
			c.change(o)
		}
	})
	defer rdb.CloseIdle()
	if pool := rdb.Pool(); pool != nil {
		pool.DialContext = f.dial
	}
	if c.fault.idle || c.fault.hangs || n%2 == 1 && c.fault.dial == nil {
		ctx := upstash.WithRetry(t.Context(), noRetry)
		if err := rdb.Ping(ctx); err != nil {
			t.Errorf("%s: the healthy server does not answer: %v", c.fault.name, err)
		}
		r.trips = nil
	}
	f.arm(r.faultCall, c.faults)
	b := c.op.batch(r.id)
	for _, cmd := range b.Commands {
		r.class = min(r.class, cmd.Class())
	}
	start := time.Now()
	_, r.err = rdb.Do(t.Context(), b)
	r.took = time.Since(start)
	f.disarm()
	return r
}

func (c faultCell) count(t *testing.T, key string) int {
	t.Helper()
	n, err := upstash.Exec(t.Context(), c.srv.Client(), command.IncrBy(key, 0))
	if err != nil {
		t.Error(err)
	}
	return int(n)
}
