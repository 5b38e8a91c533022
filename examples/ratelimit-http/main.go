// Ratelimit-http limits the requests of an HTTP server by address and path, and
// shows what clients are told:
//
//	go run ./examples/ratelimit-http
//	go run ./examples/ratelimit-http -addr 127.0.0.1:8080    # stays up, to try it with curl
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process. The part to take along is api.go.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/internal/database"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	addr := flag.String("addr", "", "serve on this address until interrupted, and play no scenario")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *addr, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "ratelimit-http:", err)
		os.Exit(1)
	}
}

// run is the program without its process.
func run(ctx context.Context, addr string, out io.Writer) error {
	db, err := database.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	rdb, err := upstash.New(db.Options)
	if err != nil {
		return err
	}
	api, err := newAPI(rdb, "example-ratelimit:"+rand.Text()) // its keys end by themselves, after a minute
	if err != nil {
		return err
	}

	visit := addr == ""
	if visit {
		addr = "127.0.0.1:0"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	if visit {
		_, _ = fmt.Fprintf(out, "100 requests a minute for each address and path, counted on %s.\n\n", db.Where)
		err = scenario(ctx, "http://"+listener.Addr().String(), out)
	} else {
		_, _ = fmt.Fprintf(out, "http://%s/api/products, limited on %s\n", listener.Addr(), db.Where)
		select {
		case <-ctx.Done():
		case err = <-served:
			return err
		}
	}
	return errors.Join(err, server.Close())
}
