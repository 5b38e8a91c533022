// Upstash-local serves the Upstash Redis REST protocol on this machine, from
// memory, for development without an account:
//
//	upstash-local -addr 127.0.0.1:8079 -token local
//
// It prints the two variables a program needs to find it, ready to paste into a
// shell or to be taken by eval, and runs until it is interrupted. All else it has
// to say goes to standard error. Its data is gone when it ends, unless a Redis of
// yours keeps it:
//
//	upstash-local -redis 127.0.0.1:6379
//
// With -v it shows what a program sends, and with -latency how that feels from
// far away. A file of commands given with -seed is executed before it begins:
//
//	# one command in each line, as a JSON array
//	["SET", "greeting", "hello"]
//	["HSET", "user:1", "name", "Ada", "born", 1815]
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second interrupt does not wait for the end of requests
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}
