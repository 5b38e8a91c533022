package upstashtest_test

import (
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// about is for times that a real clock has a part in.
const about = 2 * time.Second

// wholeRedis is held by who uses a database of the Redis that the environment
// names: cases flush all databases, and the scripts.
var wholeRedis sync.Mutex

// TestRealRedis executes the same cases on a real server: what the tables want
// is what Redis does, and what the typed commands send it understands.
func TestRealRedis(t *testing.T) {
	t.Parallel()
	redis := dialRealRedis(t, "12")
	version := redis.version(t)
	executed, failed := rowSet{}, rowSet{}
	for name, way := range conformWays {
		for _, c := range conform.Cases() {
			redis.flush(t)
			problems := c.Problems(t.Context(), redis, way, about)
			if entry := realRedisSince.Entry(c); realRedisSince[entry] > version {
				failed[entry] = failed[entry] || len(problems) > 0
				continue
			}
			for _, problem := range problems {
				t.Errorf("%s: %s", name, problem)
			}
			executed.add(c)
		}
	}
	for _, entry := range realRedisSince.Stale(failed) {
		if since := realRedisSince[entry]; since > version {
			t.Errorf("%s is there before version %d", entry, since)
		}
	}
	t.Logf("version %d executed %d of %d rows", version, len(executed), len(tableRows(t)))
}
