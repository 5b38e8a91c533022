package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A queue that loses no job: a worker moves one to a list of its own, and removes
// it from there when it is done. What a worker that died has left in its list can
// be moved back.
func ExampleClient_LMove() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	if _, err := rdb.RPush(ctx, "jobs", "resize:1", "resize:2"); err != nil {
		log.Fatal(err)
	}
	for {
		job, err := rdb.LMove(ctx, "jobs", "jobs:worker-a", command.Left, command.Right)
		if errors.Is(err, upstash.ErrNil) {
			fmt.Println("nothing to do")
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("doing", job)
		// Without a count it is safe to repeat, and so it is, when the reply gets lost.
		if _, err := rdb.LRem(ctx, "jobs:worker-a", 0, job); err != nil {
			log.Fatal(err)
		}
	}
	left, err := rdb.LLen(ctx, "jobs:worker-a")
	fmt.Println("unfinished:", left, err)
	// Output:
	// doing resize:1
	// doing resize:2
	// nothing to do
	// unfinished: 0 <nil>
}
