package ratelimit

import (
	"context"
	"errors"
	"strconv"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var errNoDynamic = errors.New("ratelimit: set Options.DynamicLimit, in every process, for the limit to have an effect")

// dynamicKey is the name of @upstash/ratelimit, one for all identifiers.
func (l *Limiter) dynamicKey() string { return l.options.Prefix + ":dynamic:global" }

// SetDynamicLimit replaces the limit of all keys under the prefix, in every
// process that has Options.DynamicLimit, from the next decision on; 0 brings
// back that of the options. Other processes may go on refusing keys that they
// know to be blocked for a second. One round trip, one billed command.
func (l *Limiter) SetDynamicLimit(ctx context.Context, limit int64) error {
	if !l.options.DynamicLimit {
		return errNoDynamic
	}
	replaced := l.options.Limit
	replaced.limit = limit
	if err := replaced.validate(); limit != 0 && err != nil {
		return err
	}
	var err error
	if limit == 0 {
		_, err = upstash.Exec(ctx, l.d, command.Del(l.dynamicKey()))
	} else {
		_, err = upstash.Exec(ctx, l.d, command.Set(l.dynamicKey(), limit))
	}
	if l.options.Mode == Strict {
		l.blocks.clear()
	}
	return err
}

// DynamicLimit returns the limit that SetDynamicLimit set, or 0. One round trip,
// one billed command.
func (l *Limiter) DynamicLimit(ctx context.Context) (int64, error) {
	if !l.options.DynamicLimit {
		return 0, errNoDynamic
	}
	text, err := upstash.Exec(ctx, l.d, command.Get(l.dynamicKey()))
	if errors.Is(err, upstash.ErrNil) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	limit, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, errors.New("ratelimit: the dynamic limit that is stored is no whole number")
	}
	return limit, nil
}
