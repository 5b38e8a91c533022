package lock_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/lock"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	modelTTL = 200 * time.Millisecond
	lockName = "job"
	resource = "resource" // what the holders write to, guarded
)

// world is one schedule: clients with bad lines and clocks of their own contend
// for one lock, and an inspector looks at all their leases all the time.
type world struct {
	srv   *upstashtest.Server
	rates rates
	plant plant

	mu       sync.Mutex
	rng      *rand.Rand
	leases   []*held
	newest   uint64 // highest fencing token of a lease that was acquired
	stored   uint64 // fencing token of the last write to the resource
	acquired int
	writes   int
	bad      []string
}

// rates are the probabilities of what goes wrong: for a request, or for a turn
// of a client.
type rates struct {
	drop, lose, duplicate, late float64
	crash, freeze, setBack      float64
	evict                       float64
	keep                        float64 // that a lease is extended in the background
}

// plant is a fault that a schedule puts into every client.
type plant struct {
	line  func(next upstash.Doer) upstash.Doer
	clock func(c *clock)
	take  string
}

type held struct {
	*lock.Lease

	clock *clock
}

func newWorld(t *testing.T, srv *upstashtest.Server, seed uint64, r rates, p plant) *world {
	t.Helper()
	srv.Flush()
	return &world{srv: srv, rates: r, plant: p, rng: rand.New(rand.NewPCG(seed, 1))}
}

func (w *world) fail(format string, args ...any) {
	w.bad = append(w.bad, fmt.Sprintf(format, args...))
}

// inspect looks for two holders at once. Evictions break that promise, and only
// they do.
func (w *world) inspect() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rates.evict > 0 {
		return
	}
	holders := 0
	for _, h := range w.leases {
		if !h.clock.isFrozen() && h.Err() == nil {
			holders++
		}
	}
	if holders > 1 {
		w.fail("%d leases are valid at the same instant", holders)
	}
}

func (w *world) run(t *testing.T) {
	t.Helper()
	var clients sync.WaitGroup
	for range 4 {
		w.mu.Lock()
		rng := rand.New(rand.NewPCG(w.rng.Uint64(), 2))
		w.mu.Unlock()
		clients.Go(func() { w.live(t.Context(), rng) })
	}
	over := make(chan struct{})
	var inspector sync.WaitGroup
	inspector.Go(func() {
		for {
			select {
			case <-over:
				return
			case <-time.After(3*time.Millisecond + 7*time.Microsecond):
				w.inspect()
			}
		}
	})
	clients.Wait()
	close(over)
	inspector.Wait()
	// Copies that are still on their way arrive, and what crashed expires.
	time.Sleep(20 * modelTTL) // bubble
	k, err := lock.New(w.srv.Client(), lock.Options{TTL: modelTTL, Fenced: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.TryLock(t.Context(), lockName); err != nil {
		w.fail("nobody can acquire the lock any more: %v", err)
	}
}

// live is what one client does.
func (w *world) live(ctx context.Context, rng *rand.Rand) {
	c := newClock(rng)
	if w.plant.clock != nil {
		w.plant.clock(c)
	}
	// A generator of its own: the lease may be extended in the background.
	var d upstash.Doer = &line{world: w, rng: rand.New(rand.NewPCG(rng.Uint64(), 3)), next: w.srv.Client()}
	if w.plant.line != nil {
		d = w.plant.line(d)
	}
	k, err := lock.New(timed{d, c}, lock.Options{TTL: modelTTL, Fenced: true})
	if err != nil {
		panic(err)
	}
	k.SetClock(c.wall, c.monotonic)
	if w.plant.take != "" {
		k.SetTake(w.plant.take)
	}
	for range 3 {
		pause(rng, modelTTL/2)
		if lease := w.acquire(ctx, rng, k, c); lease != nil {
			w.hold(ctx, rng, c, lease)
		}
	}
}

func (w *world) acquire(ctx context.Context, rng *rand.Rand, k *lock.Locker, c *clock) *lock.Lease {
	w.mu.Lock()
	newest := w.newest
	w.mu.Unlock()
	try := k.Lock
	if rng.Float64() < 0.3 {
		try = k.TryLock
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(rng.IntN(int(4*modelTTL))))
	defer cancel()
	lease, err := try(ctx, lockName)
	if err != nil {
		return nil
	}
	w.mu.Lock()
	w.acquired++
	if lease.Fence() <= newest {
		w.fail("fencing token %d of a lease that came after the one with %d", lease.Fence(), newest)
	}
	for _, other := range w.leases {
		if other.Fence() == lease.Fence() {
			w.fail("fencing token %d was given twice", lease.Fence())
		}
	}
	w.newest = max(w.newest, lease.Fence())
	w.leases = append(w.leases, &held{lease, c})
	w.mu.Unlock()
	w.inspect()
	return lease
}

// hold works with a lease, badly: it extends or does not, or has it extended in
// the background, writes without asking whether it may, stands still, and at the
// end releases the lock or forgets it.
func (w *world) hold(ctx context.Context, rng *rand.Rand, c *clock, lease *lock.Lease) {
	if w.rates.keep > 0 && rng.Float64() < w.rates.keep {
		keeping, stop := context.WithTimeout(ctx, 2*modelTTL)
		var running sync.WaitGroup
		running.Go(func() { _ = lease.KeepAlive(keeping) })
		defer running.Wait()
		defer stop()
	}
	for range 1 + rng.IntN(3) {
		pause(rng, modelTTL/2)
		switch luck := rng.Float64(); {
		case luck < w.rates.freeze:
			c.freeze(func() { pause(rng, 2*modelTTL) })
		case luck < w.rates.freeze+w.rates.setBack:
			c.setBack(time.Hour)
		}
		switch {
		case rng.Float64() < 0.4:
			if lease.Extend(ctx) == nil {
				w.inspect()
			}
		default:
			err := lease.GuardedSet(ctx, resource, strconv.FormatUint(lease.Fence(), 10))
			if err == nil {
				w.mu.Lock()
				w.writes++
				w.mu.Unlock()
			}
		}
		w.inspect()
	}
	if rng.Float64() < w.rates.crash {
		return
	}
	_ = lease.Release(ctx)
}

func pause(rng *rand.Rand, most time.Duration) {
	time.Sleep(time.Duration(rng.Int64N(int64(most)))) // bubble
}

var errFault = errors.New("the request failed by plan")

// line is a bad connection to the server. What is on its way arrives even when
// the caller has given up.
type line struct {
	world *world
	next  upstash.Doer

	mu  sync.Mutex
	rng *rand.Rand
}

func (l *line) luck() (chance float64, there, back time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	most := 10 * time.Millisecond
	if l.rng.Float64() < l.world.rates.late {
		most = 2 * modelTTL
	}
	return l.rng.Float64(), time.Duration(l.rng.Int64N(int64(most))), time.Duration(l.rng.Int64N(int64(most)))
}

// Do sends a batch on its way and waits for what comes back.
func (l *line) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	r := l.world.rates
	chance, there, back := l.luck()
	type result struct {
		replies []command.Reply
		err     error
	}
	arrived := make(chan result, 1)
	go func() {
		time.Sleep(there) // bubble
		if chance < r.drop {
			arrived <- result{nil, errFault}
			return
		}
		replies, err := l.world.execute(context.WithoutCancel(ctx), l.next, b)
		if chance < r.drop+r.duplicate {
			if chance*1000-float64(int(chance*1000)) < 0.5 { // some copies come much later
				time.Sleep(back * 7) // bubble
			}
			replies, err = l.world.execute(context.WithoutCancel(ctx), l.next, b)
		}
		time.Sleep(back) // bubble
		if chance > 1-r.lose {
			err = errFault
		}
		arrived <- result{replies, err}
	}()
	select {
	case got := <-arrived:
		return got.replies, got.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// execute is what the server does, one request after the other. After each it
// checks that the resource was not overwritten by an older holder.
func (w *world) execute(ctx context.Context, d upstash.Doer, b upstash.Batch) ([]command.Reply, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.rng.Float64() < w.rates.evict {
		w.srv.EvictRandom(1, w.rng)
	}
	replies, err := d.Do(ctx, b)
	if slices.Contains(b.Commands[0].Words(), resource) {
		w.checkResource(ctx)
	}
	return replies, err
}

func (w *world) checkResource(ctx context.Context) {
	text, err := w.srv.Client().Get(ctx, resource)
	if err != nil {
		return // never written, or evicted
	}
	fence, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		w.fail("the resource holds %q", text)
	}
	if fence < w.stored {
		w.fail("the holder with fencing token %d overwrote the one with %d", fence, w.stored)
	}
	w.stored = fence
}

// timed lets a clock know how long its process waited for replies.
type timed struct {
	next  upstash.Doer
	clock *clock
}

// Do passes the batch on.
func (d timed) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	d.clock.enter()
	defer d.clock.leave()
	return d.next.Do(ctx, b)
}
