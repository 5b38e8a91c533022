package cache

import (
	"context"
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// lease is the right to store what is loaded now.
//
// Where nothing valid is stored, the entry's key itself holds a placeholder, and
// the entry replaces only that. Where a value is stored that may still be
// needed, a key beside it keeps others from loading too, and the new entry
// replaces only the value that was seen. Either way a Delete or a Set in between
// takes the right away.
type lease struct {
	key    string // the entry's, as the user names it
	over   held   // what the entry replaces; empty without the right
	token  string // what the key beside it holds; empty where the placeholder is the lease
	stamps stamps // read before the load

	bare    bool   // the entry is to be nothing but its value
	instead string // of a bare entry: "=" and the text that it replaces, empty where there is nothing
}

func (l lease) holds() bool { return l.over.text != "" }

// bid is what came of asking for a lease.
type bid uint8

const (
	won     bid = iota
	busy        // somebody else holds it
	changed     // the key holds something that this load has not seen
)

// acquire asks for the right to replace what was seen. A lease whose fate is not
// known, because the reply was lost, comes with the error: the fill finds out.
func (w *wire) acquire(ctx context.Context, call call, seen sight) (lease, bid, error) {
	switch {
	case seen.valid && seen.doc.Header.Lease:
		return lease{}, busy, nil
	case call.bare:
		return w.acquireBare(ctx, call, seen)
	case seen.valid && !seen.spoiled || seen.exists && call.keepInvalid:
		return w.acquireBeside(ctx, call, seen)
	default:
		return w.acquireInPlace(ctx, call, seen)
	}
}

// acquireInPlace puts a placeholder where the entry belongs, and makes the
// stamps that are absent, in one request. It replaces only what was seen:
// nothing, or what is not valid.
func (w *wire) acquireInPlace(ctx context.Context, call call, seen sight) (lease, bid, error) {
	proposed, missing, init := w.propose(seen.stamps, call.tags)
	h := &header{
		Version: entryVersion, ID: w.newID(), Lease: true, Created: time.Now().UnixMilli(),
		Delta: call.expected().Milliseconds(), Epoch: proposed.epoch, Stamps: proposed.tags,
	}
	doc := document{Value: null, Header: h}
	text, err := doc.encode()
	if err != nil {
		return lease{}, busy, err
	}
	l := lease{key: call.key, over: holds(sight{text: text, doc: doc}), stamps: proposed}
	// The stamps come first: a placeholder that is there before them looks
	// invalid to whoever reads in between, and would be replaced at once.
	var made []*pipeline.Queued[command.Null[string]]
	done, err := w.swap(ctx, []step{{
		key: w.entryKey(call.key), old: holds(seen), absent: !seen.exists, text: text, ttl: w.leaseTTL(),
	}}, func(p *pipeline.Pipeline) { made = queue(p, init) })
	switch {
	case upstash.OutcomeUnknown(err):
		return l, won, err
	case err != nil:
		return lease{}, busy, err
	case !done[0]:
		return lease{}, changed, nil
	}
	l.stamps = proposed.settle(missing, made)
	return l, won, nil
}

// acquireBeside takes the lease beside a value, and looks at the value again in
// the same request: who read it before another process refreshed it must not win
// the lease that this one has given back.
func (w *wire) acquireBeside(ctx context.Context, call call, seen sight) (lease, bid, error) {
	proposed, missing, init := w.propose(seen.stamps, call.tags)
	l := lease{key: call.key, over: holds(seen), token: w.newID(), stamps: proposed}
	p := pipeline.New(w.doer)
	made := queue(p, init)
	took := p.SetWith(w.leaseKey(call.key), l.token, command.SetOptions{If: command.Absent, TTL: w.leaseTTL()})
	now := p.Get(w.entryKey(call.key))
	err := p.Exec(ctx)
	switch {
	case upstash.OutcomeUnknown(err):
		return l, won, err
	case err != nil:
		return lease{}, busy, err
	case now.Val() != seen.text || errors.Is(now.Err(), upstash.ErrNil):
		if took.Val() {
			return lease{}, changed, w.giveBack(ctx, l)
		}
		return lease{}, changed, nil
	case !took.Val():
		return lease{}, busy, nil
	}
	l.stamps = proposed.settle(missing, made)
	return l, won, nil
}

// fill replaces what the lease was taken over by the entry, if it is still
// there, and gives a lease beside it back.
func (w *wire) fill(ctx context.Context, l lease, doc document, ttl time.Duration) (bool, error) {
	text, err := doc.encode()
	if l.bare {
		text = string(doc.Value)
	}
	if err == nil {
		err = w.fits(text)
	}
	switch {
	case err != nil:
		return false, errors.Join(err, w.release(ctx, l))
	case l.bare:
		return w.fillBare(ctx, l, text, ttl)
	}
	done, err := w.swap(ctx, w.giveBackSteps(l, step{key: w.entryKey(l.key), old: l.over, text: text, ttl: ttl}), nil)
	w.forgetNearby(w.entryKey(l.key))
	return done[0], err
}

// drop deletes what the lease was taken over, because the source has it no more.
func (w *wire) drop(ctx context.Context, l lease) error {
	if l.bare { // it was taken over nothing
		return w.giveBack(ctx, l)
	}
	_, err := w.swap(ctx, w.giveBackSteps(l, step{key: w.entryKey(l.key), old: l.over}), nil)
	w.forgetNearby(w.entryKey(l.key))
	return err
}

// release gives the lease back and stores nothing, so that nobody waits for it
// to expire.
func (w *wire) release(ctx context.Context, l lease) error {
	if l.token != "" {
		return w.giveBack(ctx, l)
	}
	return w.drop(ctx, l)
}

func (w *wire) giveBack(ctx context.Context, l lease) error {
	_, err := w.swap(ctx, w.giveBackSteps(l), nil)
	return err
}

func (w *wire) giveBackSteps(l lease, steps ...step) []step {
	if l.token == "" {
		return steps
	}
	return append(steps, step{key: w.leaseKey(l.key), old: held{text: l.token, id: l.token}})
}

// leaseTTL is how long a crashed holder keeps others from storing. A lease is
// not extended: timers stand still in a process that is frozen. A load that
// outlives it loses the right to store.
func (c *Cache) leaseTTL() time.Duration { return c.opts.LoadTimeout + leaseMargin }

// witness is what a later caller must find in place to know that nothing was
// invalidated since before this load began: the flight's own placeholder, the
// value that it replaces, or the lease of another process that it saw in place.
func (l lease) witness(seen sight) string {
	if l.holds() {
		return l.over.text
	}
	if seen.valid {
		return seen.text
	}
	return ""
}
