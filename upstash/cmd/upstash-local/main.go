// Upstash-local serves the Upstash Redis REST protocol on this machine, from
// memory, for development without an account:
//
//	upstash-local -addr 127.0.0.1:8079 -token local
//
// It prints the two variables a program needs to find it, ready to paste into a
// shell, and runs until it is interrupted. Its data is gone then.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}
