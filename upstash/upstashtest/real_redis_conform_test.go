package upstashtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A server over a real Redis conforms, but for what came with later versions of
// Redis and is not filled in.
func TestRealRedisConforms(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	version, lacks := redisVersion(t, srv), map[string]string{}
	ownUsers := func(entry string) bool { return strings.HasPrefix(entry, "ACL") } // whom Redis is not asked about
	for entry, since := range realRedisSince {
		if since > version && since != conditionalWrites && !ownUsers(entry) {
			lacks[entry] = fmt.Sprintf("since version %d", since)
		}
	}
	for entry, reason := range engineLacks {
		if ownUsers(entry) {
			lacks[entry] = reason
		}
	}
	upstashtest.Conform(t, srv.Client(), upstashtest.ConformOptions{EmptyDatabase: true, Lacks: lacks})
	wantKeys(t, srv)
	if err := srv.Client().Set(t.Context(), "k", "mine"); err != nil {
		t.Fatal(err)
	}
	delete(lacks, "ScanWithTypes")
	upstashtest.Conform(t, srv.Client(), upstashtest.ConformOptions{Lacks: lacks})
	wantKeys(t, srv, "k")
}
