package upstash_test

import (
	"context"
	"fmt"
	"log"
	"slices"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Walk all keys of a kind without holding up the server. Keys come in no order,
// and a key may come twice: hence the sorting and compacting here.
func ExampleCommands_ScanAll() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()
	if err := rdb.MSet(ctx, map[string]any{"user:1": "ada", "user:2": "grace", "order:1": "tea"}); err != nil {
		log.Fatal(err)
	}

	var users []string
	for key, err := range rdb.ScanAll(ctx, command.ScanOptions{Match: "user:*", Count: 1000}) {
		if err != nil {
			log.Fatal(err)
		}
		users = append(users, key)
	}
	slices.Sort(users)
	fmt.Println(slices.Compact(users))
	// Output:
	// [user:1 user:2]
}
