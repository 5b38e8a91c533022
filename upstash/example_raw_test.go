package upstash_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Any command can be sent, also one that this package does not spell.
func ExampleCommands_Raw() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	if _, err := rdb.Raw(ctx, "RPUSH", "queue", "a", "b", 3); err != nil {
		log.Fatal(err)
	}
	reply, err := rdb.Raw(ctx, "LRANGE", "queue", 0, -1)
	if err != nil {
		log.Fatal(err)
	}
	items, err := reply.Texts()
	fmt.Println(items, err)
	// Output:
	// [a b 3] <nil>
}

// With a decoder, such a command has a type.
func ExampleExec() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	length, err := upstash.Exec(ctx, rdb, command.New(command.Reply.Int, "LPUSH", "queue", "a", "b"))
	fmt.Println(length, err)

	type user struct{ Name string }
	if err := rdb.Set(ctx, "user:1", `{"name":"Ada"}`); err != nil {
		log.Fatal(err)
	}
	u, err := upstash.Exec(ctx, rdb, command.JSON[user](command.Get("user:1")))
	fmt.Println(u.Name, err)
	// Output:
	// 2 <nil>
	// Ada <nil>
}
