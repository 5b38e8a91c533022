package main

import (
	"context"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// live is how to follow a channel when only what happens now matters: a cursor
// on a shared page, a progress bar. Redis keeps no message for those who are
// away, so a gap is part of it, and is told.
func live(ctx context.Context, rdb *upstash.Client, channel string, on listener) error {
	for m, err := range rdb.Subscribe(ctx, channel) {
		if err != nil {
			return err
		}
		on.event(m)
		switch m.Kind {
		case upstash.Subscribed: // the place to load what the messages change
			err = on.connected()
		case upstash.Gap:
			err = on.gap()
		case upstash.Received:
			if err = on.message(m.Payload); m.Payload == goodbye {
				return err
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// goodbye is the message after which nobody listens.
const goodbye = "good night"

// listener is what live calls.
type listener struct {
	event     func(upstash.Message)
	connected func() error
	gap       func() error
	message   func(text string) error
}
