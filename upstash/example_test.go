package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Connect with the URL and the token of the database, here those of a local
// server. A program in production calls FromEnv or Shared instead.
func ExampleNew() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()

	rdb, err := upstash.New(upstash.Options{URL: srv.URL, Token: srv.Token, Timeout: 5 * time.Second})
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if err := rdb.Set(ctx, "greeting", "hello"); err != nil {
		log.Fatal(err)
	}
	s, err := rdb.Get(ctx, "greeting")
	fmt.Println(s, err)

	_, err = rdb.Get(ctx, "farewell")
	fmt.Println(errors.Is(err, upstash.ErrNil))
	// Output:
	// hello <nil>
	// true
}

// A mistake in the options is found before anything is sent, and the message
// says what was expected.
func ExampleNew_refused() {
	_, err := upstash.New(upstash.Options{URL: "redis://default:password@db.upstash.io:6379", Token: "token"})
	fmt.Println(err)
	// Output:
	// upstash: URL is the redis:// address for TCP clients: expected the REST URL of the database, https://<name>.upstash.io
}

// Options of a command are a struct whose zero value asks for nothing.
func ExampleClient() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	for range 2 {
		first, err := rdb.SetWith(ctx, "job:7", "worker-a", command.SetOptions{TTL: time.Minute, If: command.Absent})
		fmt.Println("first:", first, err)
	}
	visits, err := rdb.IncrBy(ctx, "visits", 3)
	fmt.Println("visits:", visits, err)
	// Output:
	// first: true <nil>
	// first: false <nil>
	// visits: 3 <nil>
}
