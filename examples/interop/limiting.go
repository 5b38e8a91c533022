package main

import (
	"context"
	"slices"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// limiting lets @upstash/ratelimit count, and reads its keys with Go. A window
// of 10 s has the number of such windows since 1970 in its key: 170000000 at
// the time of the checks.
func (s *suite) limiting(ctx context.Context) error {
	if err := s.typescript(ctx, "limits"); err != nil {
		return err
	}
	rdb := s.rdb
	keys, err := rdb.Keys(ctx, "rl:*")
	slices.Sort(keys)
	s.check("finds the limiters' keys", is("KEYS rl:*", []string{
		"rl:an:events:1699999200000", "rl:an:u:170000000",
		"rl:bucket:u",
		"rl:burst:u:170000000", "rl:burst:warm:170000000",
		"rl:cached:u:170000000",
		"rl:dyn:dynamic:global", "rl:dyn:u:170000000",
		"rl:fixed:costly:170000000", "rl:fixed:u:170000000", "rl:fixed:u:170000001",
		"rl:reset:other:170000000",
		"rl:sliding:u:170000000", "rl:sliding:u:170000001",
		"rl:wait:u:170000000", "rl:wait:u:170000001",
	})(keys, err))

	ttl := func(key string, want time.Duration) error {
		return is("PTTL "+key, command.Null[time.Duration]{V: want, Valid: true})(rdb.PTTL(ctx, key))
	}
	text := func(key, want string) error { return is(key, want)(rdb.Get(ctx, key)) }
	s.check("reads a fixed window",
		text("rl:fixed:u:170000000", "4"), ttl("rl:fixed:u:170000000", 10*time.Second), // the rejected one counts
		text("rl:fixed:u:170000001", "1"), text("rl:fixed:costly:170000000", "2"), text("rl:burst:u:170000000", "50"),
		text("rl:reset:other:170000000", "1"), text("rl:wait:u:170000001", "1"))
	s.check("reads a sliding window",
		text("rl:sliding:u:170000000", "4"), ttl("rl:sliding:u:170000000", 21*time.Second),
		text("rl:sliding:u:170000001", "1"), ttl("rl:sliding:u:170000001", 21*time.Second))
	s.check("reads a token bucket",
		is("rl:bucket:u", map[string]string{"refilledAt": "1700000013123", "tokens": "2"})(rdb.HGetAll(ctx, "rl:bucket:u")),
		ttl("rl:bucket:u", 20*time.Second))
	s.check("reads a cached fixed window", text("rl:cached:u:170000000", "3"))
	s.check("reads a dynamic limit", text("rl:dyn:dynamic:global", "2"), text("rl:dyn:u:170000000", "1"))
	s.check("reads the analytics", is("rl:an:events:1699999200000", []command.Z{
		{Member: `{"identifier":"u","success":true}`, Score: 1}, {Member: `{"identifier":"u","success":false}`, Score: 2},
	})(rdb.ZRangeWithScores(ctx, "rl:an:events:1699999200000", 0, -1)))
	return nil
}
