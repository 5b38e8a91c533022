package pipeline

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// run sends calls, and what waits after them, until it has lost its lane.
func (a *auto) run(calls []*call) {
	if calls == nil {
		calls = a.gather()
	}
	for calls != nil {
		a.send(calls)
		calls = a.gather()
	}
}

// send makes one request of calls and hands out what came of it.
func (a *auto) send(calls []*call) {
	ctx, calls := a.depart(calls)
	if len(calls) == 0 {
		return
	}
	defer calls[0].trip.cancel()

	answered := false
	var replies []command.Reply
	var err error
	defer func() {
		// A panic belongs to those who called, where somebody may recover it.
		if r := recover(); r != nil {
			for _, c := range calls {
				c.panicked = r
			}
		} else if !answered { // runtime.Goexit: the lane must go on without this goroutine
			err = errLost
			go a.run(nil)
		}
		a.settle(calls, replies, err)
	}()
	batch := merge(calls)
	replies, err = a.next.Do(ctx, batch)
	if err == nil && len(replies) != len(batch.Commands) {
		err = errLost
	}
	answered = true
}

// depart gives the calls a request of their own. Those whose callers have left
// since they were taken are not sent.
func (a *auto) depart(calls []*call) (context.Context, []*call) {
	a.mu.Lock()
	defer a.mu.Unlock()
	stay := calls[:0]
	for _, c := range calls {
		if !c.gone {
			stay = append(stay, c)
		}
	}
	a.flying -= len(calls) - len(stay)
	if len(stay) == 0 {
		return nil, nil
	}
	t := &trip{left: len(stay)}
	var ctx context.Context
	ctx, t.cancel = together(stay)
	for _, c := range stay {
		c.trip = t
	}
	return ctx, stay
}

// together is the context of a request that several callers share: none of them
// ends it for the others, and it lasts as long as the most patient one waits.
// What tracing and the like keep in a context is the first caller's.
func together(calls []*call) (context.Context, context.CancelFunc) {
	ctx := context.WithoutCancel(calls[0].ctx)
	var last time.Time
	for _, c := range calls {
		deadline, has := c.ctx.Deadline()
		if !has {
			return context.WithCancel(ctx)
		}
		if deadline.After(last) {
			last = deadline
		}
	}
	return context.WithDeadline(ctx, last)
}

func merge(calls []*call) upstash.Batch {
	n := 0
	for _, c := range calls {
		n += len(c.batch.Commands)
	}
	b := upstash.Batch{Commands: make([]command.Args, 0, n)}
	for _, c := range calls {
		b.Commands = append(b.Commands, c.batch.Commands...)
	}
	return b
}

// settle gives each call its own part, and returns when their goroutines run.
// Most of them call again soon: a lane that went on at once would leave without
// them, and they would wait for the request after that.
func (a *auto) settle(calls []*call, replies []command.Reply, err error) {
	at := 0
	for _, c := range calls {
		n := len(c.batch.Commands)
		if err != nil {
			c.err = concerns(err, c.batch)
		} else if c.panicked == nil {
			c.replies = replies[at : at+n : at+n]
		}
		at += n
	}
	t, stay := calls[0].trip, 0
	a.mu.Lock()
	a.flying -= len(calls)
	for _, c := range calls {
		c.settled = true
		if !c.gone {
			stay++
		}
	}
	a.mu.Unlock()
	t.awake.Add(stay)
	for _, c := range calls { // without the lock, which those who wake up take at once
		c.done <- struct{}{} // it has room; from here on the call is its caller's
	}
	t.awake.Wait()
}
