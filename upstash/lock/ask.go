package lock

import (
	"context"
	_ "embed" // the script
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

//go:embed take.lua
var takeSource string

var take = upstash.NewScript(takeSource)

// answer is what the server said to who asked for a lock.
type answer struct {
	state answerState
	fence uint64
}

type answerState int64

// The numbers are those of take.lua.
const (
	taken answerState = iota // somebody else has it
	given                    // this request acquired it
	had                      // an earlier request of the same caller did
)

// ask asks for a lock: one round trip. Asking again with the same value is safe.
func (k *Locker) ask(ctx context.Context, key, value string) (answer, error) {
	if k.opts.Fenced {
		return k.askFenced(ctx, key, value)
	}
	holder, err := upstash.Exec(ctx, k.doer, command.SetGet(k.lockKey(key), value, command.SetOptions{If: command.Absent, TTL: k.opts.TTL}))
	switch {
	case err != nil:
		return answer{}, err
	case !holder.Valid:
		return answer{state: given}, nil
	case holder.V == value:
		return answer{state: had}, nil
	}
	return answer{state: taken}, nil
}

func (k *Locker) askFenced(ctx context.Context, key, value string) (answer, error) {
	ms := (k.opts.TTL + time.Millisecond - 1) / time.Millisecond // up: the server must not be the first to forget
	reply, err := k.take.Run(ctx, k.doer, []string{k.lockKey(key), k.fenceKey(key)}, value, int64(ms))
	if err != nil {
		return answer{}, err
	}
	numbers, err := reply.Ints()
	if err != nil {
		return answer{}, fmt.Errorf("lock: reply of the script: %w", err)
	}
	if len(numbers) != 2 || numbers[1] < 0 {
		return answer{}, fmt.Errorf("lock: reply of the script: %d numbers, expected a state and a token", len(numbers))
	}
	return answer{state: answerState(numbers[0]), fence: uint64(numbers[1])}, nil //nolint:gosec // it is not negative, see above
}

// extend starts the TTL again if the lock holds value, and reports whether it
// does: one round trip and one command. It never makes a lock that is gone.
func (k *Locker) extend(ctx context.Context, key, value string) (bool, error) {
	return upstash.Exec(ctx, k.doer, command.SetWith(k.lockKey(key), value, command.SetOptions{If: command.Equals(value), TTL: k.opts.TTL}))
}
