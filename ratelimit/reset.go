package ratelimit

import (
	"context"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Reset forgets what the key has used. One round trip, one billed command.
//
// With Compat it deletes what @upstash/ratelimit deletes, also of other
// identifiers: all that begin with this one and a colon, and all that it matches
// when it has the characters of a glob pattern. That scans the whole database: a
// round trip for every 1,000 keys.
func (l *Limiter) Reset(ctx context.Context, key string) error {
	if err := l.checkKey(key); err != nil {
		return err
	}
	defer l.blocks.drop(key)
	if l.options.Mode == Compat {
		return l.resetMatches(ctx, key)
	}
	_, err := upstash.Exec(ctx, l.d, command.Del(l.limit.keys(l.base(key), l.now())...))
	return err
}

const scanCount = 1000

func (l *Limiter) resetMatches(ctx context.Context, key string) error {
	pattern := l.base(key)
	if l.limit.kind.windowed() {
		pattern += ":*"
	}
	if !strings.ContainsAny(pattern, `*?[\`) { // it matches itself only
		_, err := upstash.Exec(ctx, l.d, command.Del(pattern))
		return err
	}
	for cursor := ""; ; {
		page, err := upstash.Exec(ctx, l.d, command.Scan(cursor, command.ScanOptions{Match: pattern, Count: scanCount}))
		if err != nil {
			return err
		}
		if len(page.Items) > 0 {
			if _, err := upstash.Exec(ctx, l.d, command.Del(page.Items...)); err != nil {
				return err
			}
		}
		if page.Done() {
			return nil
		}
		cursor = page.Cursor
	}
}
