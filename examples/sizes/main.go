// Sizes compiles Lambda handlers as a deployment does, and prints how large
// their binaries are.
//
//	go -C examples/sizes run .
//
// Exit status 1 says that one of the two bounds does not hold: a handler with the
// client alone has at most 1.1 times the bytes of one with resty, and a handler
// with cache, limits and sessions has fewer than one with go-redis.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	arch := flag.String("arch", "amd64", "GOARCH of the function: amd64 or arm64")
	flag.Parse()
	err := run(ctx, os.Stdout, *arch)
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "sizes:", err)
		os.Exit(1)
	}
}

// handlers are the programs in the folder handlers, and what each imports.
var handlers = []struct{ name, what string }{
	{"bare", "aws-lambda-go"},
	{"resty", "and resty"},
	{"client", "and upstash"},
	{"full", "and upstash, cache, ratelimit, session"},
	{"goredis", "and go-redis"},
}

func run(ctx context.Context, w io.Writer, arch string) error {
	into, err := os.MkdirTemp("", "sizes")
	if err != nil {
		return err
	}
	defer os.RemoveAll(into) //nolint:errcheck // a temporary folder
	measured := map[string]size{}
	for _, h := range handlers {
		if measured[h.name], err = build(ctx, h.name, into, arch); err != nil {
			return err
		}
	}
	report(w, measured)
	return check(measured)
}

func report(w io.Writer, measured map[string]size) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "bytes\tgzip\tto resty's\t  \tthe handler imports")
	for _, h := range handlers {
		s := measured[h.name]
		_, _ = fmt.Fprintf(table, "%d\t%d\t%.3f\t  \t%s\n", s.bytes, s.gzip, float64(s.bytes)/float64(measured["resty"].bytes), h.what)
	}
	_ = table.Flush()
}

// check says which bound does not hold. Compilers are deterministic, and so are
// these numbers for one version of Go.
func check(measured map[string]size) error {
	client, resty := measured["client"].bytes, measured["resty"].bytes
	if client*10 > resty*11 {
		return fmt.Errorf("a handler with the client has %d bytes, more than 1.1 times the %d of one with resty: see what it imports now", client, resty)
	}
	if full, goredis := measured["full"].bytes, measured["goredis"].bytes; full >= goredis {
		return fmt.Errorf("a handler with everything has %d bytes, not fewer than the %d of one with go-redis: see what it imports now", full, goredis)
	}
	return nil
}
