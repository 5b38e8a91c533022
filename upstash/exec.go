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
	if err := c.Err(); err != nil {
		return zero, refusedError(c.Args(), 0, err)
	}
	if d == nil {
		return zero, refusedError(c.Args(), 0, errNoClient)
	}
	replies, err := d.Do(ctx, Batch{Commands: []command.Args{c.Args()}})
	if err != nil {
		return zero, err
	}
	if len(replies) != 1 {
		return zero, &Error{Op: c.Args().Name(), Message: fmt.Sprintf("%d replies to one command", len(replies)), Sent: true, outcome: outcomeUnknown}
	}
	return Decode(c, replies[0], 0)
}

// Decode reads the reply at a position of a batch the way [Exec] does, so that
// errors of batches and of single commands look alike.
func Decode[T any](c command.Cmd[T], r command.Reply, index int) (T, error) {
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
