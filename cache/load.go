package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Loader reads a value from the source, a database for example. The key is the
// caller's, without the view's prefix. It returns [ErrNotFound] for what does
// not exist. Its context ends when [Options.LoadTimeout] has passed or when no
// caller waits any more, not when the caller that began it goes away.
type Loader[T any] func(ctx context.Context, key string) (T, error)

// loadReport is what a flight tells its callers besides the value.
type loadReport struct {
	again    bool // somebody else filled the entry meanwhile: look again
	stored   bool
	storeErr error
}

// maxLooks bounds how often a call looks again because others were faster.
const maxLooks = 4

// GetOrLoad returns the stored value, or loads and stores it.
//
// A hit is one round trip and one billed command, whatever the number of
// declared tags. A miss is three of each, plus one command for each tag that is
// used the first time: look, take the lease, fill.
//
// What it returns is never older than the last [Cache.Invalidate] of one of its
// tags, or [View.Delete] of its key, that finished before the call: the stamps
// that an entry carries are those that were read before the loader ran, and a
// load whose lease was deleted does not store. The value is returned all the same.
//
// Concurrent callers of one process share a load, and the value: treat it as
// read-only. A failure of Redis does not fail the call unless
// [Options.FailClosed] is set: the loader is asked and nothing is stored.
//
// Errors are the loader's own, [ErrNotFound], a [*PanicError], or the context's.
func (v *View[T]) GetOrLoad(ctx context.Context, key string, load Loader[T], opts ...Option) (T, error) {
	var zero T
	c, err := v.call(key, opts)
	if err != nil {
		return zero, err
	}
	if load == nil {
		return zero, errors.New("cache: the loader is nil: use Get to read without one")
	}
	for range maxLooks {
		seen, err := v.cache.look(ctx, c.key, c.tags)
		if err != nil {
			if ctx.Err() != nil || v.cache.opts.FailClosed {
				return zero, err
			}
			v.cache.report(ctx, err)
			c.info.ReadErr = err
			return v.share(ctx, key, c, sight{}, true, load)
		}
		switch value, state := decode[T](seen, c); state {
		case Hit:
			return value, nil
		case Negative:
			return zero, ErrNotFound
		case Missed, Loaded:
		}
		value, err := v.share(ctx, key, c, seen, false, load)
		if !errors.Is(err, errAgain) {
			return value, err
		}
	}
	return v.share(ctx, key, c, sight{}, true, load)
}

// errAgain sends a caller back to look, because the entry was filled by
// somebody else between its look and the lease.
var errAgain = errors.New("cache: look again")

// share waits for a load that may serve this caller. A blind one is for a caller
// who has nothing to go by, and stores nothing.
func (v *View[T]) share(ctx context.Context, key string, c call, seen sight, blind bool, load Loader[T]) (T, error) {
	g := &v.cache.flights
	id := flightKey{key: v.cache.entryKey(c.key), kind: reflect.TypeFor[T](), blind: blind}
	f, started := g.join(ctx, id, seen, 2*v.cache.opts.LoadTimeout+leaseMargin, func(f *flight) { //nolint:contextcheck // a load has a context of its own: flight.ctx
		f.value, f.report, f.err = fly(v.cache, f, key, c, seen, load)
	})
	defer g.leave(f)
	var zero T
	select {
	case <-f.done:
	case <-ctx.Done():
		return zero, fmt.Errorf("cache: waiting for the loader: %w", ctx.Err())
	}
	if f.report.again {
		return zero, errAgain
	}
	c.info.State, c.info.Shared = Loaded, !started
	c.info.Stored, c.info.StoreErr = f.report.stored, f.report.storeErr
	value, _ := f.value.(T) // of another type only as the nil of an interface
	return value, f.err
}

// fly is one load: lease, read the source, fill.
func fly[T any](c *Cache, f *flight, key string, call call, seen sight, load Loader[T]) (T, loadReport, error) {
	var zero T
	var report loadReport
	var held lease
	if !f.key.blind {
		var err error
		held, err = c.acquire(f.ctx, call, seen)
		switch {
		case err != nil:
			c.report(f.ctx, err)
			report.storeErr = err
		case held.filled:
			return zero, loadReport{again: true}, nil
		}
	}
	c.flights.begin(f, witness(held, seen))

	ctx, cancel := context.WithTimeout(f.ctx, c.opts.LoadTimeout)
	defer cancel()
	start := time.Now()
	value, body, err := guard(ctx, key, load)
	took := time.Since(start)

	if held.text == "" {
		return value, report, err
	}
	// Whoever still waits, and whatever became of the load's context: the
	// lease is given up or used.
	after, cancel := context.WithTimeout(context.WithoutCancel(f.ctx), leaseMargin)
	defer cancel()
	switch {
	case errors.Is(err, ErrNotFound) && call.negativeTTL > 0:
		call.ttl = call.negativeTTL
		doc := c.document(call, held.stamps, null, took)
		doc.Header.Negative = true
		report.stored, report.storeErr = c.fill(after, call, held, doc)
	case err == nil && body != nil:
		report.stored, report.storeErr = c.fill(after, call, held, c.document(call, held.stamps, body, took))
	default:
		if err == nil {
			report.storeErr = errNoJSON
		}
		c.report(after, c.release(after, call, held))
	}
	c.report(after, report.storeErr)
	return value, report, err
}

var errNoJSON = errors.New("cache: the value has no JSON form and was not stored")

// witness is what a later caller must find in place to know that nothing was
// invalidated since before this load began: the flight's own lease, or that of
// another process which the flight saw in place.
func witness(held lease, seen sight) string {
	if held.text == "" && seen.valid && seen.doc.Header.Lease {
		return seen.text
	}
	return held.text
}

// guard runs what is the user's code, the loader and the value's own JSON
// form, so that neither a panic nor runtime.Goexit leaves the callers waiting.
func guard[T any](ctx context.Context, key string, load Loader[T]) (value T, body json.RawMessage, err error) {
	done := make(chan struct{})
	go func() {
		returned := false
		defer close(done)
		defer func() {
			if returned {
				return
			}
			if r := recover(); r != nil {
				err = &PanicError{Value: r, Stack: debug.Stack()}
				return
			}
			err = errGoexit
		}()
		if value, err = load(ctx, key); err == nil {
			body, _ = encodeValue(value) // a value without JSON form is still a value
		}
		returned = true
	}()
	<-done
	return value, body, err
}

// lease is the right to store what is loaded now.
type lease struct {
	text   string // what the entry's key holds as long as the right lasts; empty without it
	stamps stamps // read before the load
	filled bool   // the key holds something that this flight has not seen
}

// acquire puts a placeholder where the entry belongs, and makes the stamps that
// are absent, in one request. It replaces only what was seen: nothing, an entry
// that is invalid, or a lease that is.
func (c *Cache) acquire(ctx context.Context, call call, seen sight) (lease, error) {
	if seen.valid && seen.doc.Header.Lease {
		return lease{}, nil // another process is loading: load too, and leave the storing to it
	}
	proposed, missing, init := c.propose(seen.stamps, call.tags)
	text, err := document{Value: null, Header: &header{
		Version: entryVersion, ID: randomID(), Lease: true, Created: time.Now().UnixMilli(), Epoch: proposed.epoch, Stamps: proposed.tags,
	}}.encode()
	if err != nil {
		return lease{}, err
	}
	condition := command.Absent
	if seen.exists {
		condition = command.Equals(seen.text)
	}
	take := command.SetGet(c.entryKey(call.key), text, command.SetOptions{If: condition, TTL: c.opts.LoadTimeout + leaseMargin})
	was, settled, err := c.sendInit(ctx, &take, proposed, missing, init)
	if err != nil {
		return lease{}, err
	}
	won := was.Valid == seen.exists && was.V == seen.text
	won = won || was.Valid && was.V == text // the request arrived twice
	if !won {
		return lease{filled: true}, nil
	}
	return lease{text: text, stamps: settled}, nil
}

// sendInit sends the commands that make stamps, behind first if there is one, in
// one request, and returns what first answered and the stamps as they are.
func (c *Cache) sendInit(ctx context.Context, first *command.Cmd[command.Null[string]], proposed stamps, missing []string, init []command.Cmd[command.Null[string]]) (command.Null[string], stamps, error) {
	p := pipeline.New(c.doer)
	var head *pipeline.Queued[command.Null[string]]
	if first != nil {
		head = pipeline.Queue(p, *first)
	}
	made := make([]*pipeline.Queued[command.Null[string]], len(init))
	for i, cmd := range init {
		made[i] = pipeline.Queue(p, cmd)
	}
	if err := p.Exec(ctx); err != nil {
		return command.Null[string]{}, stamps{}, err
	}
	found := make([]command.Null[string], len(made))
	for i, q := range made {
		found[i] = q.Val()
	}
	if head == nil {
		return command.Null[string]{}, proposed.settle(missing, found), nil
	}
	return head.Val(), proposed.settle(missing, found), nil
}

// fill replaces the placeholder by the entry, if it is still there.
func (c *Cache) fill(ctx context.Context, call call, held lease, doc document) (bool, error) {
	text, err := doc.encode()
	if err != nil {
		return false, err
	}
	return upstash.Exec(ctx, c.doer, command.SetWith(c.entryKey(call.key), text, command.SetOptions{If: command.Equals(held.text), TTL: call.ttl}))
}

// release gives the lease back, so that nobody waits for it to expire.
func (c *Cache) release(ctx context.Context, call call, held lease) error {
	_, err := upstash.Exec(ctx, c.doer, command.DelEx(c.entryKey(call.key), command.Equals(held.text)))
	return err
}
