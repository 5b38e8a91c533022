package ratelimit_test

import (
	"context"
	"crypto/sha1" // the name that Redis gives a script is its SHA-1
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// numbered has the server number the decisions that it makes, inside the script
// that makes them, so that their order is known. It can change a script on the
// way, to plant a fault.
type numbered struct {
	upstash.Doer
	faults []string    // texts and what comes in their place, in pairs
	clean  atomic.Bool // a script was sent that has none of them

	known sync.Map // by the hash of a script that of what is sent for it
}

// trace is what is known of a call beyond its result.
type trace struct{ order, now int64 }

type traceKey struct{}

const (
	returns   = "\nreturn reply\n"
	numbering = "\nreply[#reply + 1] = redis.call('INCR', KEYS[#KEYS])" + returns
)

func (d *numbered) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	words := b.Commands[0].Words()
	switch words[0] {
	case "EVALSHA":
		if hash, is := d.known.Load(words[1]); is {
			words[1], _ = hash.(string) // nothing else is stored
		}
	case "EVAL":
		original := words[1]
		faulty := strings.NewReplacer(d.faults...).Replace(original)
		if faulty == original {
			d.clean.Store(true)
		}
		words[1] = strings.Replace(faulty, returns, numbering, 1)
		d.known.Store(hash(original), hash(words[1]))
	}
	replies, err := d.Doer.Do(ctx, upstash.Batch{Commands: []command.Args{withKey(words, "order")}})
	if err != nil || replies[0].Err() != nil {
		return replies, err
	}
	numbers, err := replies[0].Ints()
	if err != nil {
		return nil, err
	}
	last := len(numbers) - 1
	if t, is := ctx.Value(traceKey{}).(*trace); is {
		*t = trace{order: numbers[last], now: numbers[0]}
	}
	items, err := replies[0].Array()
	return []command.Reply{command.ArrayReply(items[:last]...)}, err
}

// withKey is a script's command with one key more.
func withKey(words []string, key string) command.Args {
	keys, _ := strconv.Atoi(words[2]) // it is the client that has written it
	words[2] = strconv.Itoa(keys + 1)
	words = slices.Insert(words, 3+keys, key)
	args := make([]any, len(words)-1)
	for i, word := range words[1:] {
		args[i] = word
	}
	return command.NewArgs(words[0], args...)
}

func hash(script string) string {
	sum := sha1.Sum([]byte(script))
	return hex.EncodeToString(sum[:])
}
