package session_test

import (
	"fmt"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// whole says what in the database is half done. Nothing is when every session has all
// its fields, which end together, nothing is there without a session or without
// an end, and no user has more sessions than the cap.
func whole(t *testing.T, srv *upstashtest.Server, m *session.Manager[int], o session.Options) (bad string) {
	t.Helper()
	rows := ok((&oracle{srv: srv}).rows(t.Context()))(t)
	fields, heads := map[string]int{}, map[string]row{}
	for _, r := range rows {
		if r.suffix == "" {
			heads[r.id] = r
		}
		if r.suffix != "x" {
			fields[r.id]++
		}
	}
	for id, n := range fields {
		if _, there := heads[id]; !there || n != 4 {
			return fmt.Sprintf("a session with %d of 4 fields, a header among them: %v", n, there)
		}
	}
	for _, r := range rows {
		if r.suffix != "x" && !r.end.Equal(heads[r.id].end) {
			return fmt.Sprintf("a field %q ends at another time than its header", r.suffix)
		}
	}
	if n := ok(m.Count(t.Context(), "u"))(t); o.Cap > 0 && n > o.Cap {
		return fmt.Sprintf("%d sessions, and the cap is %d", n, o.Cap)
	}
	return ""
}
