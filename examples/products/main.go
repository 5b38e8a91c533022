// Products is a shop with everything around it: an HTTP API over a SQL database,
// a cache with tags, rate limits, sign-in, and a leaderboard of what is looked
// at most. It plays a short scenario against itself:
//
//	go -C examples/products run .
//	go -C examples/products run . -addr 127.0.0.1:8080    # stays up, to try it with curl
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process, and without DATABASE_URL it makes
// a SQLite file and removes it. The programs to deploy are in cmd.
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
	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
)

func main() {
	addr := flag.String("addr", "", "serve on this loopback address until interrupted, and play no scenario")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *addr, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "products:", err)
		os.Exit(1)
	}
}

// Who may change products of the demonstration, and who may not.
const (
	editor   = "ann@example.com"
	visitor  = "bob@example.com"
	password = "correct horse"
)

const demoProducts = 24

// run is the program without its process.
func run(ctx context.Context, addr string, out io.Writer) (err error) {
	db, err := database.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	namespace := "example-products-" + rand.Text()
	clean := db.Sweep(namespace)
	defer func() { err = errors.Join(err, clean(ctx)) }()

	secret := make([]byte, 32)
	_, _ = rand.Read(secret)
	a, err := app.New(ctx, app.Options{
		Database: os.Getenv(app.EnvDatabase), Redis: db.Options, Namespace: namespace, Secret: secret,
		Insecure: true, // this machine talks to itself
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := fill(ctx, a); err != nil {
		return err
	}

	play := addr == ""
	if play {
		addr = "127.0.0.1:0"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: a, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	url := "http://" + listener.Addr().String()
	if play {
		_, _ = fmt.Fprintf(out, "%d products, cached on %s.\n\n", demoProducts, db.Where)
		err = scenario(ctx, url, out)
	} else {
		_, _ = fmt.Fprintf(out, "%s/api/products, cached on %s; %s signs in with %q\n", url, db.Where, editor, password)
		select {
		case <-ctx.Done():
		case err = <-served:
		}
	}
	return errors.Join(err, server.Close())
}

func fill(ctx context.Context, a *app.App) error {
	a.Store.Rounds = 1000 // a password that is in the README guards nothing
	return errors.Join(
		a.Store.Fill(ctx, demoProducts),
		a.Store.AddUser(ctx, editor, shop.Editor, password),
		a.Store.AddUser(ctx, visitor, "visitor", password),
		a.Catalog.Settle(ctx),
	)
}
