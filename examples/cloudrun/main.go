// Cloudrun runs a function of Cloud Run on this machine, with the Functions
// Framework as there, and calls it a few times:
//
//	go -C examples/cloudrun run .
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process. The program to deploy is in cmd.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/GoogleCloudPlatform/functions-framework-go/funcframework"

	"github.com/seed-9937a0e6/upstash-go/examples/cloudrun/function"
	"github.com/seed-9937a0e6/upstash-go/examples/internal/database"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "cloudrun:", err)
		os.Exit(1)
	}
}

// run is the program without its process.
func run(ctx context.Context, out io.Writer) error {
	db, err := database.Open()
	if err != nil {
		return err
	}
	defer db.Close()
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{ // as Cloud Run sets them
		upstash.EnvURL: db.Options.URL, upstash.EnvToken: db.Options.Token, "FUNCTION_TARGET": function.Name,
	} {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	ended := make(chan error, 1)
	go func() { ended <- funcframework.StartHostPort("127.0.0.1", port) }() // until the process ends

	_, _ = fmt.Fprintf(out, "The function %s, its cache on %s.\n\n", function.Name, db.Where)
	for _, query := range []string{"n=1000000", "n=1000000", "n=10", "n=ten"} {
		line, err := call(ctx, "http://127.0.0.1:"+port+"/?"+query, ended)
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "  /?%-10s %s\n", query, line)
	}
	return nil
}

// freePort returns a port that nobody listens on: the framework listens by itself.
func freePort(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

const (
	pause    = 20 * time.Millisecond
	patience = 10 * time.Second
)

// call asks until the framework listens.
func call(ctx context.Context, url string, ended <-chan error) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return "", err
		}
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			from := strings.TrimPrefix(res.Header.Get("Cache-Status"), "upstash; ")
			return fmt.Sprintf("%d %-8s %s", res.StatusCode, from, strings.TrimSpace(string(body))), err
		}
		select {
		case err := <-ended:
			return "", err
		case <-ctx.Done():
			return "", err
		case <-time.After(pause):
		}
	}
}
