package cache

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/zeebo/xxh3"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

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
		// The digest stands for the bytes: 16 characters instead of an entry.
		condition = command.DigestEquals(fmt.Sprintf("%016x", xxh3.HashString(seen.text)))
	}
	// The stamps come first: a placeholder that is there before them looks
	// invalid to whoever reads in between, and would be replaced at once.
	p := pipeline.New(c.doer)
	made := queue(p, init)
	won := p.SetWith(c.entryKey(call.key), text, command.SetOptions{If: condition, TTL: c.opts.LoadTimeout + leaseMargin})
	if err := p.Exec(ctx); err != nil {
		return lease{}, err
	}
	if !won.Val() {
		return lease{filled: true}, nil
	}
	return lease{text: text, stamps: proposed.settle(missing, made)}, nil
}

// fill replaces the placeholder by the entry, if it is still there.
func (c *Cache) fill(ctx context.Context, call call, held lease, doc document) (bool, error) {
	text, err := doc.encode()
	if err == nil {
		err = c.fits(text)
	}
	if err != nil {
		return false, errors.Join(err, c.release(ctx, call, held))
	}
	return upstash.Exec(ctx, c.doer, command.SetWith(c.entryKey(call.key), text, command.SetOptions{If: command.Equals(held.text), TTL: call.ttl}))
}

// release gives the lease back, so that nobody waits for it to expire.
func (c *Cache) release(ctx context.Context, call call, held lease) error {
	_, err := upstash.Exec(ctx, c.doer, command.DelEx(c.entryKey(call.key), command.Equals(held.text)))
	return err
}

// witness is what a later caller must find in place to know that nothing was
// invalidated since before this load began: the flight's own lease, or that of
// another process which the flight saw in place.
func witness(held lease, seen sight) string {
	if held.text == "" && seen.valid && seen.doc.Header.Lease {
		return seen.text
	}
	return held.text
}
