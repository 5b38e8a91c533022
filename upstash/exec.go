package upstash

import (
	"context"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Exec sends one command in one round trip and decodes its reply. It is what
// the methods of [Client] do; call it for commands that were composed:
//
//	user, err := upstash.Exec(ctx, rdb, command.JSON[User](command.Get("user:1")))
//
// The error is [ErrNil] for an absent value and an [*Error] otherwise.
func Exec[T any](ctx context.Context, d Doer, c command.Cmd[T]) (T, error) {
	var zero T
	if c.Err() != nil {
		return Decode(c, command.Reply{}, 0)
	}
	if d == nil {
		return zero, refusedError(c.Args(), -1, errNoClient)
	}
	replies, err := d.Do(ctx, Batch{Commands: []command.Args{c.Args()}})
	if err != nil {
		return zero, err
	}
	if len(replies) != 1 {
		return zero, &Error{
			Op: c.Args().Name(), Index: -1, Message: fmt.Sprintf("%d replies to one command: the Doer must return one for each", len(replies)),
			Sent: true, outcome: outcomeUnknown, repeatable: c.Args().Class() != command.Once,
		}
	}
	return Decode(c, replies[0], 0)
}

// Decode reads the reply at a position of a batch the way [Exec] does, so that
// errors of batches and of single commands look alike. Of a command that cannot
// be sent the error says why, whatever the reply.
func Decode[T any](c command.Cmd[T], r command.Reply, index int) (T, error) {
	if err := c.Err(); err != nil {
		var zero T
		return zero, refusedError(c.Args(), index, err)
	}
	v, err := c.Decode(r)
	if err != nil {
		err = commandError(c.Args(), index, err)
	}
	return v, err
}

// execOK is Exec for commands that have nothing to say but that they succeeded.
func execOK(ctx context.Context, d Doer, c command.Cmd[command.OK]) error {
	_, err := Exec(ctx, d, c)
	return err
}
