package upstash_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// take removes as many as are asked for, or nothing. A program embeds the text
// from a .lua file.
var take = upstash.NewScript(`
local stock = tonumber(redis.call('GET', KEYS[1]) or '0')
if stock < tonumber(ARGV[1]) then
  return -1
end
return redis.call('DECRBY', KEYS[1], ARGV[1])
`)

// A script runs as a whole. Its text is sent once, then its hash.
func ExampleScript() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	if err := rdb.Set(ctx, "stock", 5); err != nil {
		log.Fatal(err)
	}
	for range 3 {
		reply, err := take.Run(ctx, rdb, []string{"stock"}, 2)
		if err != nil {
			log.Fatal(err)
		}
		left, err := reply.Int()
		fmt.Println(left, err)
	}
	fmt.Println(srv.Meter().RoundTrips, "round trips: SET, EVALSHA and EVAL, EVALSHA, EVALSHA")
	// Output:
	// 3 <nil>
	// 1 <nil>
	// -1 <nil>
	// 5 round trips: SET, EVALSHA and EVAL, EVALSHA, EVALSHA
}
