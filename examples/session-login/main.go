// Session-login is a site with sign-in: a form, a list of the devices that
// somebody is signed in on, signing out here, there and everywhere, and forms
// that no other site can send.
//
//	go run ./examples/session-login
//	go run ./examples/session-login -addr 127.0.0.1:8080    # stays up, for a browser
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process.
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
	addr := flag.String("addr", "", "serve on this loopback address until interrupted, and play no scenario")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *addr, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "session-login:", err)
		os.Exit(1)
	}
}

const (
	email    = "ann@example.com"
	password = "correct horse"
)

// run is the program without its process.
func run(ctx context.Context, addr string, out io.Writer) (err error) {
	db, err := database.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	namespace := "example-session-login-" + rand.Text()
	clean := db.Sweep(namespace)
	defer func() { err = errors.Join(err, clean(ctx)) }()
	rdb, err := upstash.New(db.Options)
	if err != nil {
		return err
	}
	people := users{}
	if err := people.add(email, "u42", password); err != nil {
		return err
	}
	secret := make([]byte, 32) // yours is the same in every process, and lasts
	_, _ = rand.Read(secret)
	pages, err := newSite(rdb, namespace, secret, people)
	if err != nil {
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
	server := &http.Server{Handler: pages, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	url := "http://" + listener.Addr().String()
	if play {
		_, _ = fmt.Fprintf(out, "Sessions on %s.\n\n", db.Where)
		err = scenario(ctx, url, out)
	} else {
		_, _ = fmt.Fprintf(out, "%s/, sessions on %s; %s signs in with %q\n", url, db.Where, email, password)
		select {
		case <-ctx.Done():
		case err = <-served:
		}
	}
	return errors.Join(err, server.Close())
}
