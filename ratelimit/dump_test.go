package ratelimit_test

import (
	"slices"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// finalKey is a key with its value, as the corpus has them.
type finalKey struct {
	Key       string `json:"key"`
	Type      string `json:"type"`
	Value     any    `json:"value"`
	ExpiresAt *int64 `json:"expires_at_ms"`
}

// dump reads every key of the server.
func dump(t *testing.T, srv *upstashtest.Server, now *clock) []finalKey {
	t.Helper()
	ctx, rdb := t.Context(), srv.Client()
	found := []finalKey{}
	keys := ok(rdb.Keys(ctx, "*"))(t)
	slices.Sort(keys)
	for _, key := range keys {
		k := finalKey{Key: key, Type: ok(rdb.Type(ctx, key))(t)}
		switch k.Type {
		case "string":
			k.Value = ok(rdb.Get(ctx, key))(t)
		case "hash":
			fields := map[string]any{}
			for name, value := range ok(rdb.HGetAll(ctx, key))(t) {
				fields[name] = value
			}
			k.Value = fields
		case "set":
			members := ok(rdb.SMembers(ctx, key))(t)
			slices.Sort(members)
			list := make([]any, len(members))
			for i, m := range members {
				list[i] = m
			}
			k.Value = list
		case "zset":
			list := []any{}
			for _, m := range ok(rdb.ZRangeWithScores(ctx, key, 0, -1))(t) {
				list = append(list, []any{m.Member, m.Score})
			}
			k.Value = list
		}
		reply := ok(rdb.Raw(ctx, "PTTL", key))(t)
		if ttl := ok(reply.Int())(t); ttl >= 0 {
			at := now.ms.Load() + ttl
			k.ExpiresAt = &at
		}
		found = append(found, k)
	}
	return found
}
