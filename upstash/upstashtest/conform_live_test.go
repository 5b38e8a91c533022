package upstashtest_test

import (
	"os"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestConformLive asks a database of the service. What else is in it stays there.
func TestConformLive(t *testing.T) {
	t.Parallel()
	if os.Getenv("UPSTASH_TEST_LIVE") != "1" {
		t.Skip("UPSTASH_TEST_LIVE=1 has the cases run on the database that UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN name: " +
			"thousands of billed commands, under keys of their own")
	}
	rdb, err := upstash.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	upstashtest.Conform(t, rdb)
}
