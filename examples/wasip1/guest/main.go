//go:build wasip1

// Guest is the program that runs in the host: commands, a batch, and what becomes
// of a deadline, over a RoundTripper that the host provides.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Println("error:", err)
		if upstash.SafeToRetry(err) {
			fmt.Println("nothing was changed: it is safe to run again")
		}
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	o, err := upstash.OptionsFromEnv()
	if err != nil {
		return err
	}
	o.HTTPClient = &http.Client{Transport: hostTransport{}}
	rdb, err := upstash.New(o)
	if err != nil {
		return err
	}

	visits, err := rdb.Incr(ctx, "visits")
	if err != nil {
		return err
	}
	fmt.Println("INCR visits:", visits)
	if err := rdb.Set(ctx, "greeting", "hello from wasip1"); err != nil {
		return err
	}
	greeting, err := rdb.Get(ctx, "greeting")
	if err != nil {
		return err
	}
	fmt.Println("SET greeting, GET greeting:", greeting)
	_, err = rdb.Get(ctx, "farewell")
	fmt.Println("GET farewell: there is none:", errors.Is(err, upstash.ErrNil))

	p := pipeline.New(rdb)
	front, back := p.Incr("page:front"), p.IncrBy("page:back", 2)
	if err := p.Exec(ctx); err != nil {
		return err
	}
	fmt.Println("pipeline:", front.Val(), back.Val())

	// The server never answers this one, and no timer of this program fires while the host waits.
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = rdb.Get(ctx, "slow")
	fmt.Println("GET slow: the deadline ended it:", errors.Is(err, context.DeadlineExceeded))
	return nil
}
