package cache

import (
	"context"
	"reflect"
	"sync"
	"time"
)

// flights lets concurrent callers of one process share a load.
//
// Sharing must not hand a caller something older than what was invalidated
// before it asked. So a caller shares a flight only if the load has not begun,
// or if it has seen that flight's lease in place and valid after it asked.
// Anybody else starts a flight of their own, which takes the other's place.
type flights struct {
	mu     sync.Mutex
	active map[flightKey]*flight
}

type flightKey struct {
	key  string
	kind reflect.Type
	// blind flights are for callers who could not look at Redis. They store
	// nothing, and two of one key never load at the same time: one that was
	// started while another loads waits for its end, so that a Redis that is
	// down does not turn every caller into a query.
	blind bool
}

// flight is one load on its way. Its loader runs on a context of its own: a
// caller that goes away does not end it for the others. When all have gone,
// nobody waits for the result and it is canceled.
type flight struct {
	key    flightKey
	ctx    context.Context //nolint:containedctx // the flight outlives the call that began it
	cancel context.CancelFunc
	done   chan struct{}

	// guarded by flights.mu
	wait    time.Duration // how long it may wait for another process
	before  *flight       // whose place this one took, while it was loading
	over    bool          // finished, or nobody waits for it
	waiters int
	patient bool   // one of them waits for another process to load
	loading bool   // the source is being read, or was
	witness string // what the entry's key held when the load began

	// written before done is closed
	value  any
	err    error
	report loadReport
	cost   Cost
}

// loadReport is what a flight tells its callers besides the value.
type loadReport struct {
	again    bool // the entry may have been filled by somebody else meanwhile: look again
	busy     bool // another process refreshes it, and nobody here waits for that
	stored   bool
	storeErr error
}

// passage is what a caller asks of a flight.
type passage struct {
	key     flightKey
	seen    sight
	patient bool
	timeout time.Duration
	wait    time.Duration // for another process
}

// join returns a flight that may serve the caller, starting one with run if
// there is none. The caller must leave it.
func (g *flights) join(ctx context.Context, p passage, run func(*flight)) (f *flight, started bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	key, before := p.key, g.active[p.key]
	if before != nil && before.admits(p.seen) {
		before.waiters++
		before.patient = before.patient || p.patient
		return before, false
	}
	f = &flight{key: key, done: make(chan struct{}), waiters: 1, patient: p.patient, wait: p.wait, before: before}
	f.ctx, f.cancel = context.WithTimeout(context.WithoutCancel(ctx), p.timeout)
	if g.active == nil {
		g.active = make(map[flightKey]*flight)
	}
	g.active[key] = f
	go func() {
		defer g.finish(f)
		if key.blind && before != nil {
			select {
			case <-before.done:
			case <-f.ctx.Done():
			}
		}
		run(f)
	}()
	return f, true
}

func (f *flight) admits(seen sight) bool {
	return !f.loading || seen.valid && f.witness != "" && seen.text == f.witness
}

// begin marks that the source will be read from now on.
func (g *flights) begin(f *flight, witness string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f.loading, f.witness = true, witness
}

// seal keeps those who come later from sharing a load that has begun: they wait
// for what it stores, as other processes do.
func (g *flights) seal(f *flight) {
	g.mu.Lock()
	defer g.mu.Unlock()
	f.witness = ""
}

func (g *flights) waits(f *flight) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return f.patient
}

func (g *flights) finish(f *flight) {
	g.mu.Lock()
	g.drop(f)
	g.mu.Unlock()
	f.cancel()
	close(f.done)
}

// leave ends one caller's interest.
func (g *flights) leave(f *flight) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if f.waiters--; f.waiters == 0 {
		g.drop(f)
		f.cancel()
	}
}

// drop lets nobody else join. The flight whose place it took may still be
// loading: who finds that one's lease in place can share it again.
func (g *flights) drop(f *flight) {
	f.over = true
	for f.before != nil && f.before.over {
		f.before = f.before.before
	}
	switch {
	case g.active[f.key] != f:
	case f.before != nil:
		g.active[f.key] = f.before
	default:
		delete(g.active, f.key)
	}
}
