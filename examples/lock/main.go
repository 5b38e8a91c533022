// Lock shows what a lock in Redis is good for, and what it takes to be right
// when a holder stands still for too long:
//
//	go run ./examples/lock
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process. With both it uses that database,
// under keys of its own, and removes them at the end.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := start(ctx, os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "lock:", err)
		stop()
		os.Exit(1)
	}
}

// start finds a database and runs the demo on it.
func start(ctx context.Context, w io.Writer) error {
	rdb, done, err := connect()
	if err != nil {
		return err
	}
	defer done()
	return demo(ctx, rdb, "demo-lock-"+rand.Text(), w)
}

// connect returns a client of the database in the environment, or of a server
// inside the process when there is none.
func connect() (rdb *upstash.Client, done func(), err error) {
	if os.Getenv("UPSTASH_REDIS_REST_URL") != "" {
		rdb, err = upstash.FromEnv()
		return rdb, func() {}, err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return nil, nil, err
	}
	return srv.Client(), srv.Close, nil
}

// demo runs the three parts, and removes what they wrote, also after an
// interrupt.
func demo(ctx context.Context, rdb *upstash.Client, prefix string, w io.Writer) (err error) {
	d := jobs{rdb: rdb, prefix: prefix, out: w}
	defer func() { err = errors.Join(err, d.cleanUp(context.WithoutCancel(ctx))) }()
	for _, part := range []func(context.Context) error{d.once, d.inTurn, d.overtaken} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}
