// Interop proves that a TypeScript service and a Go program share one database:
// it starts a local server, lets the npm packages @upstash/redis and
// @upstash/ratelimit work on it, unchanged, exchanges data both ways, and prints
// what held.
//
//	npm ci --prefix examples/interop
//	go run ./examples/interop
//
// It needs Node 20 or later. Exit status 1 says that a check failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, []string{"examples/interop", "."}, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

const (
	statusOK     = 0
	statusFailed = 1
)

// run is the program without its process: it proves with the first of the
// folders that holds client.mjs, and returns the exit status.
func run(ctx context.Context, folders []string, stdout, stderr io.Writer) int {
	n, err := findNode(folders)
	if missing := (*missingError)(nil); errors.As(err, &missing) {
		_, _ = fmt.Fprintln(stdout, "interop: skipped:", err)
		return statusOK
	}
	if err == nil {
		var results []result
		results, err = prove(ctx, n)
		if failed := report(stdout, results); err == nil && failed > 0 {
			err = fmt.Errorf("%d of %d checks failed", failed, len(results))
		}
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "interop:", err)
		return statusFailed
	}
	return statusOK
}

// report prints a line for each check and returns how many failed.
func report(w io.Writer, results []result) (failed int) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	passed, pending := 0, 0
	for _, r := range results {
		verdict := "ok"
		switch {
		case r.Pending:
			verdict = "pending"
			pending++
		case r.OK:
			passed++
		default:
			verdict = "FAILED"
			failed++
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", verdict, r.Stage, r.Check)
		if r.Error != "" {
			_, _ = fmt.Fprintf(table, "\t\t  %s\n", strings.ReplaceAll(r.Error, "\n", "\n\t\t  "))
		}
	}
	_ = table.Flush()
	_, _ = fmt.Fprintf(w, "\n%d passed, %d failed, %d pending\n", passed, failed, pending)
	return failed
}
