// Quickstart runs the data layer of a small shop, products by id and by
// category behind a cache with tags, and counts what it costs:
//
//	go run ./examples/quickstart
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it starts a local server inside the process. With both it uses that database,
// under keys of its own, and removes them at the end.
//
// Read data.go first. It is the part to take along.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt does not wait for the cleanup
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit statuses, as the flag package has them.
const (
	statusOK     = 0
	statusFailed = 1
	statusUsage  = 2
)

const usage = `Usage: quickstart [-data FILE]

Reads a catalog of products through a cache, cold and warm, changes a price and
reads again; beside it the same with one Redis set per tag. Prints what each
step cost.

  -data FILE  a catalog of your own, in the form of examples/quickstart/catalog.json

It runs on a server inside the process, or, when UPSTASH_REDIS_REST_URL and
UPSTASH_REDIS_REST_TOKEN are set, on that database, where it removes every key
that it wrote.
`

// run is the program without its process. It returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	data := flags.String("data", "", "")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = errors.New("unexpected arguments: expected flags only")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(stdout, usage)
		return statusOK
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "quickstart: %v\n\n%s", err, usage)
		return statusUsage
	}
	if err := start(ctx, *data, stdout); err != nil {
		line := strings.ReplaceAll(err.Error(), "\n", "; ") // joined errors come in lines
		_, _ = fmt.Fprintln(stderr, "quickstart:", line)
		return statusFailed
	}
	return statusOK
}

// start puts the parts together: a catalog, a database, and the demo on both.
func start(ctx context.Context, data string, stdout io.Writer) error {
	catalog, err := readCatalog(data)
	if err != nil {
		return err
	}
	options, where, closeDatabase, err := database()
	if err != nil {
		return err
	}
	defer closeDatabase()
	d, err := newDemo(options, catalog)
	if err != nil {
		return err
	}
	return d.run(ctx, &printer{out: stdout, where: where})
}

// database returns how to reach the database of the environment, or a server
// that lives as long as this program where the environment names none.
func database() (o upstash.Options, where string, closeDatabase func(), err error) {
	if os.Getenv(upstash.EnvURL) != "" || os.Getenv(upstash.EnvToken) != "" {
		o, err = upstash.OptionsFromEnv()
		o.Timeout = 10 * time.Second // nobody waits longer for a demonstration
		return o, "the database of " + upstash.EnvURL, func() {}, err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return o, "", nil, err
	}
	return upstash.Options{URL: srv.URL, Token: srv.Token}, "the embedded local server", srv.Close, nil
}
