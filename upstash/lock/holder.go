package lock

import (
	"context"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Holder is who has a lock, as far as others may know.
type Holder struct {
	Note string        // its Options.Note
	TTL  time.Duration // what is left of its lease on the server
}

// tokenLen is the length of the random part of what a lock holds; the note
// follows. [crypto/rand.Text] has 26 characters, of at least 128 bits.
const tokenLen = 26

// Peek returns who has the lock of key, or [upstash.ErrNil] when nobody has. It
// is for people and dashboards: what it says may be over when it is read. One
// round trip and 2 billed commands.
func (k *Locker) Peek(ctx context.Context, key string) (Holder, error) {
	if err := k.check(key); err != nil {
		return Holder{}, err
	}
	get, pttl := command.Get(k.lockKey(key)), command.PTTL(k.lockKey(key))
	replies, err := k.doer.Do(ctx, upstash.Batch{Commands: []command.Args{get.Args(), pttl.Args()}, Atomic: true})
	if err != nil {
		return Holder{}, err
	}
	value, err := upstash.Decode(get, replies[0], 0)
	if err != nil {
		return Holder{}, err
	}
	ttl, err := upstash.Decode(pttl, replies[1], 1)
	if err != nil {
		return Holder{}, err
	}
	return Holder{Note: value[min(tokenLen, len(value)):], TTL: ttl.V}, nil
}

// Break takes the lock of key from whoever has it, and reports whether anybody
// had: for people who know that the holder is gone and will not wait for the
// TTL. A holder that is not gone does not notice before it extends or releases;
// of its writes only those that check the fencing token are refused, and those
// only after somebody else has acquired the lock. One round trip and one billed
// command.
func (k *Locker) Break(ctx context.Context, key string) (bool, error) {
	if err := k.check(key); err != nil {
		return false, err
	}
	n, err := upstash.Exec(ctx, k.doer, command.Del(k.lockKey(key)))
	return n > 0, err
}
