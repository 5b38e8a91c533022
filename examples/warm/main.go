// Warm fills a cache at a deployment, with a progress bar, and says what it
// cost:
//
//	go -C examples/warm run .            # warm 1,000 products
//	go -C examples/warm run . -dry-run   # say what that would take
//
// It needs nothing: without UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN
// it runs on a local server inside the process. Read warm.go first.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt does not wait
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// Exit statuses, as the flag package has them.
const (
	statusOK     = 0
	statusFailed = 1
	statusUsage  = 2
)

const usage = `Usage: warm [-n NUMBER] [-batch NUMBER] [-dry-run] [-resume FILE]

Loads products into a cache, in batches, passes over those that are fresh, and
prints what it cost beside the recipe of one SET and one set of keys per tag.

  -n NUMBER      how many products there are (1000)
  -batch NUMBER  how many are loaded at a time (500)
  -dry-run       read only, and print what a warm-up would take
  -resume FILE   keep the place in FILE, and take up an earlier run there

It runs on a server inside the process, or, when UPSTASH_REDIS_REST_URL and
UPSTASH_REDIS_REST_TOKEN are set, on that database, where the products stay until
their hour is over.
`

// settings are what the program is asked to do.
type settings struct {
	products, batch int
	dryRun          bool
	resume          string
}

// run is the program without its process. It returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("warm", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.IntVar(&s.products, "n", 1000, "")
	flags.IntVar(&s.batch, "batch", 500, "")
	flags.BoolVar(&s.dryRun, "dry-run", false, "")
	flags.StringVar(&s.resume, "resume", "", "")
	err := flags.Parse(args)
	if err == nil && (flags.NArg() > 0 || s.products < 1 || s.batch < 1) {
		err = errors.New("unexpected arguments: expected flags, and numbers from 1 up")
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(stdout, usage)
		return statusOK
	case err != nil:
		_, _ = fmt.Fprintf(stderr, "warm: %v\n\n%s", err, usage)
		return statusUsage
	}
	rdb, closeDatabase, err := database()
	if err == nil {
		defer closeDatabase()
		err = deploy(ctx, rdb, s, stdout, stderr)
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "warm:", err)
		return statusFailed
	}
	return statusOK
}

// database is that of the environment, or a server that lives as long as this
// program where the environment names none.
func database() (rdb *upstash.Client, closeDatabase func(), err error) {
	if os.Getenv(upstash.EnvURL) != "" || os.Getenv(upstash.EnvToken) != "" {
		o, err := upstash.OptionsFromEnv()
		if err != nil {
			return nil, nil, err
		}
		o.Timeout = 30 * time.Second
		rdb, err = upstash.New(o)
		return rdb, func() {}, err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return nil, nil, err
	}
	return srv.Client(), srv.Close, nil
}
