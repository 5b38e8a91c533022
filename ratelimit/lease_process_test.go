//go:build unix

package ratelimit_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/ratelimit"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// leaseJob has one process lease units of a window of a minute, and ask for more
// than there are, in one window after the other.
type leaseJob struct {
	Limit, K       int64
	Calls, Windows int
	Seed           uint64
	Close          bool // between the windows, too
}

// do returns how many units were granted, by the end of their window.
func (j *leaseJob) do(ctx context.Context, d upstash.Doer) (map[int64]int64, error) {
	own := &clock{}
	own.ms.Store(start)
	l, err := ratelimit.New(d, ratelimit.Options{Limit: ratelimit.FixedWindow(j.Limit, time.Minute), Clock: own.Now, Budget: -1})
	if err != nil {
		return nil, err
	}
	lease, err := l.Lease("u", j.K)
	if err != nil {
		return nil, err
	}
	granted := map[int64]int64{}
	for n := range j.Windows {
		if err := j.window(ctx, lease, n, granted); err != nil {
			return nil, err
		}
		if j.Close {
			if err := lease.Close(ctx); err != nil {
				return nil, err
			}
		}
		own.Advance(time.Minute)
	}
	return granted, nil
}

func (j *leaseJob) window(ctx context.Context, lease *ratelimit.Lease, n int, granted map[int64]int64) (failed error) {
	const goroutines = 4
	var mu sync.Mutex
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(j.Seed, uint64(n*goroutines+g)))
			for range j.Calls / goroutines {
				cost := 1 + rng.Int64N(min(2*j.K, j.Limit, 3))
				r, err := lease.AllowN(ctx, cost)
				mu.Lock()
				if r.Allowed {
					granted[r.ResetAt.UnixMilli()] += cost
				}
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return failed
}

// TestLeaseModelProcesses: however many processes lease, together they never
// grant more than the limit of a window, nor less than what the others may hold.
// A limit of 10 is where the cached window of @upstash/ratelimit grants 10, 19,
// 34 and 52.
func TestLeaseModelProcesses(t *testing.T) {
	t.Parallel()
	windows := scale(2, 100)
	all := startProcesses(t, 8)
	for _, c := range []leaseJob{
		{Limit: 10, K: 1, Calls: 40}, {Limit: 10, K: 3, Calls: 40}, {Limit: 10, K: 10, Calls: 40},
		{Limit: 1000, K: 20, Calls: 1200}, {Limit: 1000, K: 20, Calls: 1200, Close: true},
	} {
		for _, n := range []int{1, 2, 4, 8} {
			c.lease(t, all[:n], windows)
		}
	}
}

// What a process is billed beyond 2 for each k units, in one window: the first
// request of the window sets its expiry (1) and the last ones get a part (1 more),
// or nothing (3); then it knows. A close is billed 3. Once it sends a script that
// the server does not know (1).
const leaseConstant, leaseClose, leaseCold = 1 + 1 + 3, 3, 1

func (j leaseJob) lease(t *testing.T, processes []process, windows int) {
	t.Helper()
	_, now := newServer(t) // its clock stands still: those of the processes are the ones that count
	srv := upstashtest.New(t, upstashtest.Options{Clock: now.Now})
	defer srv.Close()
	total := map[int64]int64{}
	j.Windows = windows
	for _, d := range doAll(t, srv, processes, func(i int) job {
		one := j
		one.Seed = uint64(i)
		return job{Lease: &one}
	}) {
		for end, granted := range d.Leased {
			total[end] += granted
		}
	}
	n := int64(len(processes))
	name := fmt.Sprintf("%d processes, %d of %d, closed %v", n, j.K, j.Limit, j.Close)
	check(t, name+": windows", windows, len(total))
	for end, granted := range total {
		if granted > j.Limit || !j.Close && granted < j.Limit-n*(j.K+1) {
			t.Errorf("%s: %d granted in the window until %d", name, granted, end)
		}
	}
	constant := leaseConstant
	if j.Close {
		constant += leaseClose
	}
	most := 2*int((j.Limit+j.K-1)/j.K)*windows + len(processes)*(constant*windows+leaseCold)
	billed := srv.Meter().Commands
	t.Logf("%s: %d billed commands for %d decisions, at most %d", name, billed, len(processes)*j.Calls*windows, most)
	if billed > most {
		t.Errorf("%s: %d billed commands, at most %d wanted", name, billed, most)
	}
}

// TestLeaseModelCatches shows that leases of a store that gives too much away
// grant too much, which is what the bound is there to notice.
func TestLeaseModelCatches(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]string{
		"none":                           nil,
		"all that is asked for is given": {"math.max(math.min(l.cost, available), 0)", "l.cost", "l.wanted <= available", "true"},
		"one is counted for all":         {"lower(l, l.raised - units)", "lower(l, l.raised - 1)"},
		"nothing is counted":             {"l.a = redis.call('INCRBY', l[1], units)", "l.a = tonumber(redis.call('GET', l[1]) or 0) + units"},
	} {
		srv, _ := newServer(t)
		total := int64(0)
		for process := range uint64(2) {
			j := leaseJob{Limit: 10, K: 3, Calls: 40, Windows: 1, Seed: process}
			for _, granted := range ok(j.do(t.Context(), &numbered{Doer: srv.Client(), faults: faults}))(t) {
				total += granted
			}
		}
		check(t, name+": too much is granted", faults != nil, total > 10)
	}
}
