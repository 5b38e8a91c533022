// Pubsub follows a channel while its connection is cut, and shows what that
// costs; then a stream, which keeps what a channel loses:
//
//	go run ./examples/pubsub
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process. The parts to take along are
// live.go and feed.go.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"

	"github.com/seed-9937a0e6/upstash-go/examples/internal/database"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "pubsub:", err)
		os.Exit(1)
	}
}

// run is the program without its process.
func run(ctx context.Context, out io.Writer) (err error) {
	db, err := database.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	network := &cutter{next: http.DefaultTransport}
	o := db.Options
	o.HTTPClient = &http.Client{Transport: network}
	rdb, err := upstash.New(o)
	if err != nil {
		return err
	}
	s := &story{out: out, rdb: rdb, cut: network.Cut, name: "example-pubsub:" + rand.Text()}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), db.Options.Timeout)
		defer cancel()
		_, failed := rdb.Del(ctx, s.name)
		err = errors.Join(err, failed)
	}()

	s.printf("Messages on %s.\n\n", db.Where)
	if err := s.live(ctx); err != nil {
		return err
	}
	return errors.Join(s.feed(ctx), s.err)
}
