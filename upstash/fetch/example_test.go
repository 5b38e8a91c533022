package fetch_test

import (
	"context"
	"fmt"
	"log"
	"runtime"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/fetch"
)

// One program for a JavaScript host and for everywhere else.
func Example() {
	url, token, done := database() // a local server here, UPSTASH_REDIS_REST_URL and _TOKEN in production
	defer done()

	o := upstash.Options{URL: url, Token: token}
	if runtime.GOOS == "js" {
		o.HTTPClient = fetch.Client()
	}
	rdb, err := upstash.New(o)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if err := rdb.Set(ctx, "greeting", "hello"); err != nil {
		log.Fatal(err)
	}
	greeting, err := rdb.Get(ctx, "greeting")
	fmt.Println(greeting, err)
	// Output: hello <nil>
}
