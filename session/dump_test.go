package session_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// everyText shows f every text that the database holds: keys, fields, members and
// values.
func everyText(t *testing.T, srv *upstashtest.Server, f func(text string)) {
	t.Helper()
	ctx, rdb := t.Context(), srv.Client()
	for _, key := range ok(rdb.Keys(ctx, "*"))(t) {
		f(key)
		switch kind := ok(rdb.Type(ctx, key))(t); kind {
		case "hash":
			for field, value := range ok(rdb.HGetAll(ctx, key))(t) {
				f(field)
				f(value)
			}
		case "string":
			f(ok(rdb.Get(ctx, key))(t))
		case "set":
			for _, member := range ok(rdb.SMembers(ctx, key))(t) {
				f(member)
			}
		default:
			t.Fatalf("a dump does not know %s", kind)
		}
	}
}

// dump is all of them as one text.
func dump(t *testing.T, srv *upstashtest.Server) string {
	t.Helper()
	var all strings.Builder
	everyText(t, srv, func(text string) { all.WriteString(text + "\n") })
	return all.String()
}
