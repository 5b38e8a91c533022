package upstash

import (
	"context"
	"time"
)

// backOff is the pause before a stream is opened again: a random part of a
// bound that doubles with every failure in a row (full jitter), so that clients
// that lost the same server do not come back together. The first one is short,
// because most interruptions are a server that was replaced; the longest one is
// about what a person waits for after a long outage. A Retry-After comes first.
var backOff = RetryOptions{BaseDelay: 250 * time.Millisecond, MaxDelay: 30 * time.Second}

// stableAfter is how long a stream must have been live for its end to count as
// the first failure: with less, a server that takes connections and drops them
// would be asked without a pause.
const stableAfter = 30 * time.Second

// openTimeout bounds the time until a stream is live, as the default of
// Options.Timeout does for a command. Options.Timeout itself is about commands.
const openTimeout = defaultTimeout

// happening is what a loop is told. The package's users see it as an event.
type happening struct {
	kind  EventKind
	text  string    // of what was received
	since time.Time // of a gap
	err   error     // of a gap
}

// greeting says what a text means for the state of a stream.
type greeting uint8

const (
	noGreeting greeting = iota // something received
	greeted                    // a confirmation
	complete                   // the last one: the stream is live
)

// loop follows a stream over as many connections as it takes.
type loop struct {
	stream
	greet func() func(text string) greeting // of a new connection
	emit  func(happening) bool

	last     time.Time // when the last event was read
	live     time.Time // since when the connection is live; zero while it is not
	failures int       // in a row
}

// run ends with nil when emit has had enough, otherwise with the reason: the end
// of the context, or what no other attempt would mend.
func (l *loop) run(ctx context.Context) error {
	l.last = time.Now()
	for ctx.Err() == nil {
		over, err := l.once(ctx)
		switch {
		case over && err == nil:
			return nil
		case over:
			return err
		}
		if !l.emit(happening{kind: Gap, since: l.last, err: err}) {
			return nil
		}
		sleep(ctx, l.pause(err))
	}
	return l.ended(ctx, l.failures)
}

// pause is how long to wait after a failure. A server that asks for more than
// is waited for elsewhere gets the longest pause there is here.
func (l *loop) pause(err *Error) time.Duration {
	wait := backOff.pause(l.failures, err)
	if wait < 0 {
		return backOff.MaxDelay
	}
	return wait
}

// once follows the stream over one connection. Unless that is all, over is false
// and err says why there is a gap.
func (l *loop) once(ctx context.Context) (over bool, err *Error) {
	begin := time.Now()
	c := l.connect(ctx)
	defer c.close() // also when the body of the loop panics
	l.live = time.Time{}
	over, err = l.read(ctx, c)
	c.close()
	if !l.live.IsZero() && time.Since(l.live) >= stableAfter {
		l.failures = 0
	}
	trip := RoundTrip{
		Commands: []string{l.op}, Attempt: l.failures + 1, Status: int(c.status.Load()),
		Received: int(c.received.Load()), Duration: time.Since(begin), Billed: 1,
	}
	if err != nil {
		l.failures++
		err.Attempts = l.failures
		trip.Err = err
	}
	if l.t.observe != nil {
		l.t.observe(ctx, trip)
	}
	return over, err
}

func (l *loop) read(ctx context.Context, c *connection) (over bool, err *Error) {
	greet := l.greet()
	bound := time.NewTimer(time.Hour)
	defer bound.Stop()
	arm := func(d time.Duration) {
		bound.Stop()
		if d > 0 {
			bound.Reset(d)
		}
	}
	arm(openTimeout)
	for {
		var it item
		select {
		case it = <-c.items: // before the bound, which may have passed while the caller was busy
		default:
			select {
			case it = <-c.items:
			case <-c.beat:
				if !l.live.IsZero() {
					arm(l.idle)
				}
				continue
			case <-bound.C:
				return false, l.late()
			case <-ctx.Done():
			}
		}
		switch {
		case ctx.Err() != nil:
			return true, l.ended(ctx, l.failures+1)
		case it.err != nil:
			return !it.err.passing, it.err
		}
		l.last = it.at
		h := happening{kind: Received, text: it.text}
		switch greet(it.text) {
		case greeted:
			continue
		case complete:
			l.live = it.at
			h = happening{kind: Subscribed}
		case noGreeting:
		}
		if !l.emit(h) {
			return true, nil
		}
		if !l.live.IsZero() {
			arm(l.idle) // the caller's own time does not count
		}
	}
}

// late is the error of a connection on which nothing came in time.
func (l *loop) late() *Error {
	e := &Error{Op: l.op, Index: -1, Sent: true, passing: true, cause: context.DeadlineExceeded}
	if l.live.IsZero() {
		e.Message = "the server did not confirm the stream within " + openTimeout.String()
	} else {
		e.Message = "nothing arrived for " + l.idle.String() + ": the connection may be dead"
	}
	return e
}
