package cache

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// watchMany makes the right to store what a warm-up loads, for one command
// whatever the number of keys, and returns the items that have it.
//
// An entry that is there is replaced if it is still the same one. Where there is
// none, a Delete would leave no trace, so the key gets a mark, all of them by one
// MSETNX: a lease that is valid by no stamp, so that nobody waits for it and
// whoever loads the key himself replaces it. It does not expire; one that a crash
// leaves behind is as good as nothing.
func watchMany[T any](ctx context.Context, w *wire, items []*item[T]) ([]*item[T], error) {
	stamps := newStampsOf(w, items)
	marks := make(map[string]any)
	var overs []step // what has no identity of its own gets the mark in its place
	for _, i := range items {
		i.lease = lease{key: i.call.key, over: holds(i.seen)}
		if i.watched = i.seen.exists && i.seen.doc.Header != nil; i.watched {
			continue
		}
		doc := document{Value: null, Header: &header{Version: entryVersion, ID: w.newID(), Lease: true, Created: time.Now().UnixMilli()}}
		text, err := doc.encode()
		if err != nil {
			return nil, err
		}
		i.lease.over = holds(sight{text: text, doc: doc})
		if i.seen.exists {
			overs = append(overs, step{key: w.entryKey(i.call.key), old: holds(i.seen), text: text, ttl: w.opts.StampTTL})
			continue
		}
		marks[w.entryKey(i.call.key)] = text
	}
	var made []*pipeline.Queued[command.Null[string]]
	var marked *pipeline.Queued[bool]
	done, err := w.swap(ctx, overs, func(p *pipeline.Pipeline) {
		made = queue(p, stamps.init)
		if len(marks) > 0 {
			marked = p.MSetNX(marks)
		}
	})
	stamps.settle(made)
	if err != nil {
		return items, err
	}
	all := make(map[string]bool, len(marks)+len(overs))
	if marked != nil {
		if err := w.markEach(ctx, marks, marked.Val(), all); err != nil {
			return items, err
		}
	}
	for at, o := range overs {
		all[o.key] = done[at]
	}
	var mine []*item[T]
	for _, i := range items {
		if i.watched || all[w.entryKey(i.call.key)] {
			i.lease.stamps = stamps.of(i.seen.stamps, i.call.tags)
			mine = append(mine, i)
		}
	}
	return mine, nil
}

// markEach says which keys are marked: all of them, or, where somebody else has
// stored one meanwhile so that MSETNX did nothing, each for itself.
func (w *wire) markEach(ctx context.Context, marks map[string]any, all bool, marked map[string]bool) error {
	if all {
		for key := range marks {
			marked[key] = true
		}
		return nil
	}
	p := pipeline.New(w.doer)
	each := make(map[string]*pipeline.Queued[bool], len(marks))
	for _, key := range slices.Sorted(maps.Keys(marks)) {
		each[key] = p.SetWith(key, marks[key], command.SetOptions{If: command.Absent, TTL: w.leaseTTL()})
	}
	err := p.Exec(ctx)
	for key, q := range each {
		marked[key] = q.Val()
	}
	return err
}
