// Lambda runs the function of this folder on this machine, as Lambda would run it:
//
//	go run ./examples/lambda
//
// The function is a process of its own with the unmodified runtime of
// aws-lambda-go, frozen between two events; the events are in the folder of that
// name, one from each of the sources that there are; the database is a server
// inside this process. What is deployed is in the folder function.
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/lambda/shop"
	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

//go:embed events
var events embed.FS

var functions = map[string]func(){"shop": shop.Start}

func main() {
	lambdatest.Main(functions) // this program is its own function
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "lambda:", err)
		os.Exit(1)
	}
}

// run sends every event once, and asks for the views at the end.
func run(ctx context.Context, out io.Writer) error {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return err
	}
	defer srv.Close()
	env, err := lambdatest.New(lambdatest.Options{
		Function: "shop", Timeout: 10 * time.Second,
		Env: []string{upstash.EnvURL + "=" + srv.URL, upstash.EnvToken + "=" + srv.Token},
	})
	if err != nil {
		return err
	}
	defer env.Close()

	const row = "%-14s %6v  %-45s %9v %11v %6v\n"
	p := &printer{out: out}
	p.printf(row, "event", "status", "body", "remaining", "round trips", "billed")
	for _, name := range []string{"rest-api", "http-api", "function-url", "load-balancer", "views"} {
		event, err := read(name)
		if err != nil {
			return err
		}
		before := srv.Meter()
		result, err := env.Invoke(ctx, event)
		if err != nil {
			return errors.Join(err, errors.New(env.Logs()))
		}
		resp, err := result.HTTP()
		if err != nil {
			return err
		}
		body, err := io.ReadAll(resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			return err
		}
		if err := env.AwaitFreeze(ctx); err != nil {
			return err
		}
		after := srv.Meter()
		_, remaining, _ := strings.Cut(resp.Header.Get("RateLimit"), ";r=")
		remaining, _, _ = strings.Cut(remaining, ";")
		p.printf(row, name, resp.StatusCode, strings.TrimSpace(string(body)), remaining,
			after.RoundTrips-before.RoundTrips, after.Commands-before.Commands)
	}
	p.printf("\n%d process, frozen %d times.\n", env.Starts(), env.Freezes())
	return p.err
}

// read returns an event; that of the views is the one of the function URL for
// another path.
func read(name string) (string, error) {
	if name != "views" {
		event, err := events.ReadFile("events/" + name + ".json")
		return string(event), err
	}
	event, err := read("function-url")
	return strings.ReplaceAll(event, "/products/7", "/products/7/views"), err
}

type printer struct {
	out io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.out, format, args...)
	}
}
