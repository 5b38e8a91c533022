package lock

import (
	"context"
	_ "embed" // the script
	"fmt"
	"strconv"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

//go:embed guarded_set.lua
var guardedSetSource string

var guardedSet = upstash.NewScript(guardedSetSource)

// GuardedSet stores value at key, and drops its expiry, if nobody else has
// acquired the lock since: the server compares the fencing token with the newest
// one in the same step. So no pause, delay or freeze of a holder lets it
// overwrite what a later one wrote. It is [ErrLost] when it was refused, and the
// lease is lost then. It needs [Options.Fenced].
//
// One round trip, 3 billed commands: the script, GET and SET. It is not repeated
// when its reply is lost. The caller may repeat it: the value is written again
// only while the lease's token is the newest.
func (l *Lease) GuardedSet(ctx context.Context, key string, value any) error {
	if l.fence == 0 {
		return errNotFenced
	}
	if err := l.Err(); err != nil {
		return err
	}
	keys := []string{key, l.locker.fenceKey(l.key)}
	reply, err := guardedSet.Run(ctx, l.locker.doer, keys, strconv.FormatUint(l.fence, 10), value)
	if err != nil {
		return fmt.Errorf("lock: guarded set: %w", err)
	}
	written, err := reply.Bool()
	if err != nil {
		return fmt.Errorf("lock: guarded set: %w", err)
	}
	if !written {
		l.mu.Lock()
		defer l.mu.Unlock()
		return l.lose()
	}
	return nil
}
