package main

import (
	"context"
	"iter"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Feed is messages that wait for those who are away: a stream, and a channel of
// the same name as the doorbell. A reader remembers the ID of the last message
// it has dealt with, and misses nothing that is kept.
type Feed struct {
	rdb  *upstash.Client
	key  string
	keep int64 // about how many messages are kept
}

// Item is a message of a feed.
type Item struct {
	ID   string
	Text string
	// Missed says that messages before this one may be gone, because the reader
	// was away for longer than they are kept.
	Missed bool
}

// textField is the only field of an entry.
const textField = "text"

// Send appends a message and rings. One round trip, 2 billed commands.
func (f *Feed) Send(ctx context.Context, text string) error {
	p := pipeline.NewTx(f.rdb)
	p.XAddWith(f.key, command.XAddOptions{Trim: command.MaxLen(f.keep).Approximately()}, textField, text)
	p.Publish(f.key, "")
	return p.Exec(ctx)
}

// page is how many messages are read in one round trip.
const page = 100

// After returns messages that came after the one with the ID last, the oldest
// first and up to a page of them; from the beginning when last is empty. It is
// all that a function needs that comes by once in a while. One round trip, 1
// billed command.
func (f *Feed) After(ctx context.Context, last string) ([]Item, error) {
	from := "-"
	if last != "" {
		from = last // which is read again: while it is there, nothing after it is gone
	}
	entries, err := f.rdb.XRangeN(ctx, f.key, from, "+", page+1)
	if err != nil {
		return nil, err
	}
	missed := last != ""
	if missed && len(entries) > 0 && entries[0].ID == last {
		entries, missed = entries[1:], false
	}
	items := make([]Item, len(entries))
	for i, e := range entries {
		items[i] = Item{ID: e.ID, Text: e.Map()[textField], Missed: missed && i == 0}
	}
	return items, nil
}

// Follow goes through the messages after last, and through those that come, each
// once and in their order, for as long as the loop likes. It reads the stream
// whenever the bell rings, and whenever the bell is connected again, so that an
// interruption costs time and no message. The error, the last thing that the
// loop gets, is that of a read, or one of [upstash.Client.Subscribe].
func (f *Feed) Follow(ctx context.Context, last string) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for m, err := range f.rdb.Subscribe(ctx, f.key) {
			if err != nil {
				yield(Item{}, err)
				return
			}
			if m.Kind == upstash.Gap {
				continue // what is sent meanwhile is read when the bell is back
			}
			for more := true; more; {
				items, err := f.After(ctx, last)
				if err != nil {
					yield(Item{}, err)
					return
				}
				for _, item := range items {
					if last = item.ID; !yield(item, nil) {
						return
					}
				}
				more = len(items) >= page
			}
		}
	}
}
