package cache

import (
	"context"
	_ "embed" // the script
	"errors"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// A bare entry says nothing of who loads it. Its lease is a random token under
// the key beside it, whether a value is there or not, and only who finds his
// token there stores. To everything but this file such a lease looks like the
// placeholder that other entries have in their place.

//go:embed bare.lua
var bareSource string

var bareScript = upstash.NewScript(bareSource)

// lookBare reads an entry and the lease beside it, in one command.
func (w *wire) lookBare(ctx context.Context, c call) (sight, error) {
	values, err := upstash.Exec(ctx, w.doer, command.MGet(w.entryKey(c.key), w.leaseKey(c.key)))
	if err != nil {
		return sight{}, err
	}
	s := sight{text: values[0].V, exists: values[0].Valid, looked: true}
	if lease := values[1]; !s.exists && lease.Valid {
		s.text, s.valid, s.doc.Header = lease.V, true, &header{Lease: true}
	}
	return s, nil
}

// lookAtBare sees, in one command, what is stored for items.
func (v *View[T]) lookAtBare(ctx context.Context, w *wire, items []*item[T]) error {
	full := make([]string, len(items))
	for at, i := range items {
		full[at] = w.entryKey(i.call.key)
	}
	values, err := upstash.Exec(items[0].call.context(ctx), w.doer, command.MGet(full...))
	if err != nil {
		return err
	}
	for at, i := range items {
		i.seen = sight{text: values[at].V, exists: values[at].Valid, looked: true}
		i.old = judge[T](w, &i.seen, i.call)
	}
	return nil
}

// acquireBare takes the lease, and looks at the value again in the same request.
func (w *wire) acquireBare(ctx context.Context, call call, seen sight) (lease, bid, error) {
	token := w.newID()
	l := lease{key: call.key, over: held{text: token, id: token}, token: token, bare: true}
	if seen.exists { // and cannot be read
		l.instead = "=" + seen.text
	}
	p := pipeline.New(w.doer)
	took := p.SetWith(w.leaseKey(call.key), token, command.SetOptions{If: command.Absent, TTL: w.leaseTTL()})
	now := p.Get(w.entryKey(call.key))
	err := p.Exec(ctx)
	exists := !errors.Is(now.Err(), upstash.ErrNil)
	switch {
	case upstash.OutcomeUnknown(err):
		return l, won, err
	case err != nil:
		return lease{}, busy, err
	case exists != seen.exists || now.Val() != seen.text:
		if took.Val() {
			return lease{}, changed, w.giveBack(ctx, l)
		}
		return lease{}, changed, nil
	case !took.Val():
		return lease{}, busy, nil
	}
	return l, won, nil
}

// fillBare stores a value where nothing is, or over the text that could not be
// read, if the lease is still there.
func (w *wire) fillBare(ctx context.Context, l lease, text string, ttl time.Duration) (bool, error) {
	reply, err := bareScript.Run(ctx, w.doer, []string{w.entryKey(l.key), w.leaseKey(l.key)},
		l.token, text, max(ttl, time.Millisecond).Milliseconds(), l.instead)
	if err != nil {
		return false, err
	}
	n, err := reply.Int()
	return n == 1, err
}
