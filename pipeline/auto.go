package pipeline

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// AutoOptions bound what [Auto] merges. Every field may stay zero.
type AutoOptions struct {
	// InFlight is how many requests are under way before calls wait for one of
	// them to end. Default 4.
	InFlight int

	// MaxInFlight is how many there may ever be: those above InFlight carry
	// calls that have waited for MaxAge. Default 8, half of the connections
	// that a client keeps.
	MaxInFlight int

	// MaxAge is how long a call waits for one of InFlight to end before it
	// leaves in a request above them. Default 20ms; negative for ever.
	MaxAge time.Duration

	// MaxCommands and MaxBytes bound one request. Defaults 1,000, as many as
	// the TypeScript SDK merges, and 1 MiB, a tenth of what the smallest plan
	// takes, so that a large value does not hold up a thousand small ones;
	// negative for no bound. A call that is larger by itself goes alone.
	MaxCommands int
	MaxBytes    int
}

func (o AutoOptions) withDefaults() AutoOptions {
	o.InFlight = max(orDefault(o.InFlight, 4), 1)
	o.MaxInFlight = max(orDefault(o.MaxInFlight, 8), o.InFlight)
	o.MaxAge = orDefault(o.MaxAge, 20*time.Millisecond)
	o.MaxCommands = bound(o.MaxCommands, defaultMaxCommands)
	o.MaxBytes = bound(o.MaxBytes, 1<<20)
	return o
}

func orDefault[T ~int | ~int64](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// bound is orDefault for what a negative number leaves without a bound.
func bound(v, otherwise int) int {
	if v < 0 {
		return math.MaxInt
	}
	return orDefault(v, otherwise)
}

// Auto returns a [upstash.Doer] that merges the calls of concurrent goroutines
// into pipelines over d. Give it to whatever takes a Doer, or put the commands on
// it with [upstash.Over]:
//
//	rdb := upstash.Over(pipeline.Auto(client, pipeline.AutoOptions{}))
//	name, err := rdb.Get(ctx, "user:1:name")
//
// A call that comes while few requests are under way leaves at once, together
// with those of other goroutines that are ready to run; there is no timer. Calls
// that come when enough requests are under way leave together as soon as one of
// those is answered. So merging costs nobody time, and under load a hundred calls
// cost one round trip. What is billed is each command, merged or not.
//
// Each caller waits for its own reply, so that a goroutine's commands run in its
// order; nothing is promised between goroutines. It also bounds the memory: what
// waits is one call of each goroutine that calls, and the bodies are written when
// they leave. A failed request reaches every caller as an error of its own, which
// tells whether that caller's commands may have run. A caller whose context ends
// returns at once: what has not left by then is withdrawn and does not run.
//
// Transactions are not merged, nor are calls with options of their own
// ([upstash.WithRetry], [upstash.WithSyncToken]) or with arguments that only a
// request of their own can carry. Retries are the client's: a request with one
// command that must not be repeated is not repeated.
//
// It is safe for concurrent use and has nothing to close.
func Auto(d upstash.Doer, o AutoOptions) upstash.Doer {
	return &auto{next: d, options: o.withDefaults()}
}

// Do sends b, merged with what others send.
func (a *auto) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	bytes, merges := a.measure(ctx, b)
	if !merges {
		return upstash.Over(a.next).Do(ctx, b)
	}
	if err := ctx.Err(); err != nil {
		return nil, b.Abandoned(err, false)
	}
	c := a.newCall(ctx, b, bytes)
	if a.enter(c) {
		switch calls := a.gather(); {
		case len(calls) == 1 && calls[0] == c:
			a.recycle(c)
			defer a.release()        //nolint:contextcheck // the calls it sends for have contexts of their own
			return a.next.Do(ctx, b) // nobody to share with: no goroutine, and the caller's own context
		case len(calls) > 0:
			go a.run(calls) //nolint:contextcheck // so do these
		}
	}
	select {
	case <-c.done:
	case <-ctx.Done():
		if sent, abandoned := a.abandon(c); abandoned {
			return nil, b.Abandoned(ctx.Err(), sent)
		}
		<-c.done // it was being answered in that moment
	}
	c.trip.awake.Done()
	replies, err, panicked := c.replies, c.err, c.panicked
	a.recycle(c)
	if panicked != nil {
		panic(panicked)
	}
	return replies, err
}

// measure returns the size of b with a comma after each command, and whether it can share a request.
func (a *auto) measure(ctx context.Context, b upstash.Batch) (bytes int, merges bool) {
	if a.next == nil || b.Atomic || len(b.Commands) == 0 || upstash.HasCallOptions(ctx) {
		return 0, false
	}
	for _, c := range b.Commands {
		n, text := upstash.EncodedSize(c)
		if !text || c.Err() != nil {
			return 0, false
		}
		bytes += n + 1
	}
	return bytes, true
}

// concerns turns the error of a shared request into the one of a caller.
func concerns(err error, b upstash.Batch) error {
	if errors.Is(err, errLost) {
		return b.Abandoned(err, true)
	}
	if e, ok := err.(*upstash.Error); ok { //nolint:errorlint // what wraps one says more than this could
		return e.For(b)
	}
	return err
}

var errLost = errors.New("the Doer did not return one reply for each command")
