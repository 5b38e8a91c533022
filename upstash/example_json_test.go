package upstash_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// printing is a Doer that shows what would go out, and answers that nothing is
// there.
var printing = upstash.DoerFunc(func(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
	for _, c := range b.Commands {
		fmt.Printf("%q\n", c.Words())
	}
	return make([]command.Reply, len(b.Commands)), nil
})

// JSON documents are stored and changed in place; Go values are marshaled. A
// path that begins with $ returns all of its matches, so it is read as a slice. The
// embedded engine of the local server has no documents yet: this shows what is sent.
func ExampleCommands_JSONGet() {
	type user struct {
		Name string   `json:"name"`
		Tags []string `json:"tags"`
	}
	ctx, rdb := context.Background(), upstash.Over(printing)

	stored, err := rdb.JSONSetWith(ctx, "user:1", "$", user{Name: "Ada", Tags: []string{"new"}},
		command.JSONSetOptions{If: command.Absent})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("stored:", stored)

	ada, err := upstash.Exec(ctx, printing, command.JSON[user](command.JSONGet("user:1")))
	fmt.Println(ada, err)
	tags, err := upstash.Exec(ctx, printing, command.JSON[[]string](command.JSONGet("user:1", "$.tags[*]")))
	fmt.Println(tags, err)
	// Output:
	// ["JSON.SET" "user:1" "$" "{\"name\":\"Ada\",\"tags\":[\"new\"]}" "NX"]
	// stored: false
	// ["JSON.GET" "user:1"]
	// { []} upstash: nil: no such value
	// ["JSON.GET" "user:1" "$.tags[*]"]
	// [] upstash: nil: no such value
}
