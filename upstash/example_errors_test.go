package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// An error says what failed and never shows a value, the token or the URL.
func ExampleError() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()

	if err := rdb.Set(ctx, "name", "Ada"); err != nil {
		log.Fatal(err)
	}
	_, err = rdb.Incr(ctx, "name")
	if failed, ok := errors.AsType[*upstash.Error](err); ok {
		fmt.Println(failed.Op, failed.Code)
	}
	fmt.Println(err)

	stranger, err := upstash.New(upstash.Options{URL: srv.URL, Token: "the-password-of-TCP-clients"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = stranger.Get(ctx, "name")
	fmt.Println(errors.Is(err, upstash.ErrUnauthorized))
	// Output:
	// INCR ERR
	// upstash: INCR: ERR value is not an integer or out of range
	// true
}

// A program decides by asking the error, not by matching its text.
func ExampleSafeToRetry() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	rdb := srv.Client()
	srv.Close() // nobody listens: nothing can have run

	_, err = rdb.Incr(context.Background(), "visits")
	fmt.Println("safe to retry:", upstash.SafeToRetry(err))
	fmt.Println("outcome unknown:", upstash.OutcomeUnknown(err))
	// Output:
	// safe to retry: true
	// outcome unknown: false
}
