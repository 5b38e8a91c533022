package pipeline

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// auto is what [Auto] returns: calls that wait, and lanes. A lane is the right to
// have one request under way; who holds it sends what waits, and gives it back
// when nothing does.
type auto struct {
	next    upstash.Doer
	options AutoOptions

	mu      sync.Mutex
	lanes   int     // taken
	flying  int     // calls that are under way
	waiting []*call // in the order they came; the callers of some may have left
	left    int     // about how many of those
	timer   *time.Timer
	armed   bool

	calls sync.Pool // of those whose callers have their answer
}

// call is one call of Do. It is used again, once nobody else knows it.
type call struct {
	ctx   context.Context //nolint:containedctx // it waits on behalf of its caller
	batch upstash.Batch
	bytes int
	since time.Time
	done  chan struct{} // has room for the one word that there is an answer

	// guarded by auto.mu
	gone    bool  // its caller has left
	settled bool  // there is an answer
	trip    *trip // nil while it waits

	// written before done is told
	replies  []command.Reply
	err      error
	panicked any
}

// trip is one request that carries several calls.
type trip struct {
	left   int // callers that still wait, guarded by auto.mu
	cancel context.CancelFunc
	awake  sync.WaitGroup // of those who were answered
}

func (a *auto) newCall(ctx context.Context, b upstash.Batch, bytes int) *call {
	c, used := a.calls.Get().(*call)
	if !used {
		c = &call{done: make(chan struct{}, 1)}
	}
	c.ctx, c.batch, c.bytes = ctx, b, bytes
	return c
}

// recycle takes a call that is in no queue and in no trip any more.
func (a *auto) recycle(c *call) {
	*c = call{done: c.done}
	a.calls.Put(c)
}

// enter puts a call into the queue, and gives its caller a lane if one is free.
func (a *auto) enter(c *call) (lane bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c.since = time.Now()
	a.waiting = append(a.waiting, c)
	if a.lanes < a.options.InFlight {
		a.lanes++
		return true
	}
	a.arm()
	return false
}

// gather takes the calls of the next request for who holds a lane, or takes the
// lane back. Before that it lets other goroutines run as long as they bring more
// calls: those that are ready to, and those that were just answered. But no longer
// than until its request has the share of a lane: lanes that were answered together
// would leave together again, with all the work at once and none in between.
func (a *auto) gather() []*call {
	const most, patience = 64, 3 // bounds for the case that they never stop, and that some are slow to begin
	before, _ := a.pending()
	for idle, i := 0, 0; i < most && idle < patience; i++ {
		runtime.Gosched()
		now, share := a.pending()
		if share {
			break
		}
		if idle++; now > before {
			idle = 0
		}
		before = now
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.skipGone()
	if len(a.waiting) == 0 || a.lanes > a.options.InFlight {
		a.lanes--
		a.arm()
		return nil
	}
	return a.take()
}

// release gives up a lane whose holder cannot stay to send for others.
func (a *auto) release() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.flying--
	a.skipGone()
	if len(a.waiting) > 0 {
		go a.run(nil)
		return
	}
	a.lanes--
}

// pending returns how many calls wait, and whether they are one lane's share of
// all that wait or are under way.
func (a *auto) pending() (n int, share bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	n = len(a.waiting)
	return n, a.flying > 0 && n*a.options.InFlight >= a.flying+n
}

func (a *auto) skipGone() {
	for len(a.waiting) > 0 && a.waiting[0].gone {
		a.pop()
	}
}

func (a *auto) pop() {
	a.waiting[0] = nil // the array behind it stays
	a.waiting = a.waiting[1:]
}

// take removes from the queue what fits one request, one call at least.
func (a *auto) take() []*call {
	var calls []*call
	commands, bytes := 0, len("[]")-1 // no comma after the last one
	for len(a.waiting) > 0 {
		if c := a.waiting[0]; !c.gone {
			commands += len(c.batch.Commands)
			bytes += c.bytes
			if len(calls) > 0 && (commands > a.options.MaxCommands || bytes > a.options.MaxBytes) {
				break
			}
			calls = append(calls, c)
		}
		a.pop()
	}
	a.flying += len(calls)
	return calls
}

// arm makes sure that the oldest call is looked at when it has waited for long.
func (a *auto) arm() {
	if a.armed || a.options.MaxAge < 0 || len(a.waiting) == 0 || a.lanes >= a.options.MaxInFlight {
		return
	}
	a.armed = true
	in := a.options.MaxAge - time.Since(a.waiting[0].since)
	if a.timer == nil {
		a.timer = time.AfterFunc(in, a.aged)
		return
	}
	a.timer.Reset(in)
}

// aged opens a lane above InFlight for calls that have waited for long.
func (a *auto) aged() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.armed = false
	a.skipGone()
	if len(a.waiting) > 0 && a.lanes < a.options.MaxInFlight && time.Since(a.waiting[0].since) >= a.options.MaxAge {
		a.lanes++
		go a.run(a.take())
	}
	a.arm()
}

// abandon takes a caller out whose context ended, unless the answer is there
// already. It tells whether the commands may have been sent.
func (a *auto) abandon(c *call) (sent, abandoned bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c.settled {
		return false, false
	}
	c.gone = true
	if c.trip == nil {
		a.forget()
		return false, true
	}
	if c.trip.left--; c.trip.left == 0 {
		c.trip.cancel() // nobody waits for it
	}
	return true, true
}

// forget drops the calls whose callers left when they are half of what waits:
// callers that give up and come again must not fill the memory while no request
// is answered.
func (a *auto) forget() {
	if a.left++; a.left > len(a.waiting)/2 {
		a.waiting, a.left = slices.DeleteFunc(a.waiting, func(c *call) bool { return c.gone }), 0
	}
}
