package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Many commands, one round trip. Each result is where its command was queued.
func Example() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	p := pipeline.New(rdb)
	p.Set("user:1:name", "Ada")
	name := p.Get("user:1:name")
	visits := p.Incr("user:1:visits")
	missing := p.Get("user:1:email")
	if err := p.Exec(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(name.Val(), visits.Val(), errors.Is(missing.Err(), upstash.ErrNil))
	fmt.Println(srv.Meter().RoundTrips, "round trip,", srv.Meter().Commands, "billed commands")
	// Output:
	// Ada 1 true
	// 1 round trip, 4 billed commands
}

// A transaction runs as a whole: nobody sees the money in both accounts, or in none.
func ExampleNewTx() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	tx := pipeline.NewTx(rdb)
	from := tx.DecrBy("account:1", 30)
	to := tx.IncrBy("account:2", 30)
	if err := tx.Exec(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(from.Val(), to.Val())
	// Output:
	// -30 30
}

// Any command can be queued, for example one whose text is read as JSON.
func ExampleQueue() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	type user struct{ Name string }
	p := pipeline.New(rdb)
	p.Set("user:1", `{"name":"Ada"}`)
	ada := pipeline.Queue(p, command.JSON[user](command.Get("user:1")))
	if err := p.Exec(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(ada.Val().Name)
	// Output:
	// Ada
}

// A command that fails does not stop the others. Exec lists the failures.
func ExampleExecError() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	p := pipeline.New(rdb)
	p.Set("name", "Ada")
	p.Incr("name")
	length := p.StrLen("name")
	err = p.Exec(ctx)

	if failed, ok := errors.AsType[*pipeline.ExecError](err); ok {
		for _, f := range failed.Failures {
			fmt.Println(f.Index, f.Command, f.Err)
		}
	}
	fmt.Println(length.Val())
	// Output:
	// 1 INCR upstash: INCR: ERR value is not an integer or out of range
	// 3
}
