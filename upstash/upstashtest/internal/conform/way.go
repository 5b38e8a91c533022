package conform

import (
	"context"
	"errors"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Way executes commands and tells the [Outcome] of each.
type Way func(ctx context.Context, d upstash.Doer, commands []command.Cmd[any]) []any

// Direct executes one command after the other.
func Direct(ctx context.Context, d upstash.Doer, commands []command.Cmd[any]) []any {
	outcomes := make([]any, len(commands))
	for i, c := range commands {
		outcomes[i] = Outcome(upstash.Exec(ctx, d, c))
	}
	return outcomes
}

// Batch executes all commands in one round trip.
func Batch(ctx context.Context, d upstash.Doer, commands []command.Cmd[any]) []any {
	return together(ctx, d, commands, false)
}

// Atomic executes all commands in one transaction.
func Atomic(ctx context.Context, d upstash.Doer, commands []command.Cmd[any]) []any {
	return together(ctx, d, commands, true)
}

func together(ctx context.Context, d upstash.Doer, commands []command.Cmd[any], atomic bool) []any {
	b := upstash.Batch{Commands: make([]command.Args, len(commands)), Atomic: atomic}
	for i, c := range commands {
		b.Commands[i] = c.Args()
	}
	replies, err := d.Do(ctx, b)
	if err == nil && len(replies) != len(commands) {
		err = errors.New("not as many replies as commands")
	}
	outcomes := make([]any, len(commands))
	for i, c := range commands {
		if err != nil {
			outcomes[i] = Outcome(nil, err)
			continue
		}
		outcomes[i] = Outcome(upstash.Decode(c, replies[i], i))
	}
	return outcomes
}

// Outcome is what came of a command in a form that can be compared: its value,
// that there is none, the code of the database's refusal, or another error.
func Outcome(v any, err error) any {
	var e *upstash.Error
	switch {
	case err == nil:
		return v
	case errors.Is(err, upstash.ErrNil):
		return absent{}
	case errors.As(err, &e) && e.Code != "":
		return refused(e.Code)
	}
	return err
}
