package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// ErrConflict says that others changed the value at every attempt of [Update].
var ErrConflict = errors.New("pipeline: others changed the value at every attempt: try again, or update the parts that do not depend on each other under keys of their own")

// UpdateOptions change how [Update] writes. Every field may stay zero.
type UpdateOptions struct {
	// TTL is how long the new value lives. Default: as long as the old one
	// would have.
	TTL time.Duration
	// Attempts is how often the new value is computed and offered. Default 32.
	Attempts int
}

// Update replaces the value of key by what f makes of it, if nobody else changed
// it meanwhile; otherwise it asks f again with the changed value. It takes the
// place of WATCH, for which there is no connection over REST:
//
//	balance, err := pipeline.Update(ctx, rdb, "balance", func(old string, exists bool) (string, error) { ... }, pipeline.UpdateOptions{})
//
// It returns the value that it stored. An error of f ends it, and nothing is
// written. When f returns the value it was given nothing is written either,
// unless there is a TTL to set. f must not have effects of its own: it may run
// many times.
//
// Two round trips and two billed commands where nobody interferes, and one more
// of each for every time somebody does. It needs SET with IFEQ, which Upstash
// has, and Redis from 8.4 on. An error for which [upstash.OutcomeUnknown] is
// true says that the last write may have taken place.
func Update(ctx context.Context, d upstash.Doer, key string, f func(old string, exists bool) (string, error), o UpdateOptions) (string, error) {
	old, err := upstash.Exec(ctx, d, command.New(command.Reply.NullText, "GET", key).WithClass(command.ReadOnly))
	if err != nil {
		return "", err
	}
	for attempt := range max(orDefault(o.Attempts, 32), 1) {
		if attempt > 0 && !pause(ctx, attempt) {
			return "", fmt.Errorf("pipeline: updating: %w", ctx.Err())
		}
		value, err := f(old.V, old.Valid)
		if err != nil {
			return "", err
		}
		if old.Valid && value == old.V && o.TTL == 0 {
			return value, nil
		}
		now, err := upstash.Exec(ctx, d, command.SetGet(key, value, o.replacing(old)))
		if err != nil {
			return "", err
		}
		if now == old { // what was there when it was written
			return value, nil
		}
		old = now
	}
	return "", ErrConflict
}

// replacing makes a write depend on what was read.
func (o UpdateOptions) replacing(old command.Null[string]) command.SetOptions {
	s := command.SetOptions{If: command.Absent, TTL: o.TTL}
	if old.Valid {
		s.If = command.Equals(old.V)
		s.KeepTTL = o.TTL == 0
	}
	return s
}

// pause lets those who compete get out of step: a random time below a bound that
// doubles from 1ms to 64ms.
func pause(ctx context.Context, attempt int) bool {
	timer := time.NewTimer(rand.N(time.Millisecond << min(attempt-1, 6)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// UpdateJSON is [Update] of a value that is stored as JSON. f is given the zero
// value of T where there is none.
func UpdateJSON[T any](ctx context.Context, d upstash.Doer, key string, f func(old T, exists bool) (T, error), o UpdateOptions) (T, error) {
	var stored T
	_, err := Update(ctx, d, key, func(text string, exists bool) (string, error) {
		var old T
		if exists {
			if err := json.Unmarshal([]byte(text), &old); err != nil { // its text may show the value
				return "", fmt.Errorf("pipeline: the stored value is no JSON of type %v", reflect.TypeFor[T]())
			}
		}
		changed, err := f(old, exists)
		if err != nil {
			return "", err
		}
		encoded, err := json.Marshal(changed)
		if err != nil {
			return "", fmt.Errorf("pipeline: the new value has no JSON form: %T", changed)
		}
		stored = changed
		return string(encoded), nil
	}, o)
	if err != nil {
		var none T
		return none, err
	}
	return stored, nil
}
