package session_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// dump is every byte of the database: all keys with what they hold, and when it
// ends.
func dump(t *testing.T, srv *upstashtest.Server) string {
	t.Helper()
	ctx, rdb := t.Context(), srv.Client()
	var all strings.Builder
	for _, key := range ok(rdb.Keys(ctx, "*"))(t) {
		fmt.Fprintf(&all, "%s (%d)\n", key, ok(rdb.PTTL(ctx, key))(t).V)
		switch kind := ok(rdb.Type(ctx, key))(t); kind {
		case "hash":
			for field, value := range ok(rdb.HGetAll(ctx, key))(t) {
				fmt.Fprintf(&all, "\t%s %s\n", field, value)
			}
		case "string":
			fmt.Fprintf(&all, "\t%s\n", ok(rdb.Get(ctx, key))(t))
		case "set":
			fmt.Fprintf(&all, "\t%s\n", ok(rdb.SMembers(ctx, key))(t))
		default:
			t.Fatalf("a dump does not know %s", kind)
		}
	}
	return all.String()
}
