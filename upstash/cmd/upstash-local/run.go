package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Exit statuses, as the flag package has them.
const (
	statusOK     = 0
	statusFailed = 1
	statusUsage  = 2
)

// run serves until ctx ends, and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("upstash-local", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8079", "`address` to listen on, host:port; port 0 picks a free one")
	token := flags.String("token", "local", "bearer `token` that clients must send")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return statusOK
	case err != nil:
		return statusUsage
	}

	// An empty address or token would have the server choose for itself, which
	// is not what somebody who spelled out the flag expects.
	switch {
	case flags.NArg() > 0:
		return refuse(stderr, "unexpected arguments; only flags are taken")
	case strings.TrimSpace(*token) == "":
		return refuse(stderr, "-token is blank; clients need one to send")
	case strings.TrimSpace(*addr) == "":
		return refuse(stderr, "-addr is blank; give host:port, such as 127.0.0.1:8079")
	}

	srv, err := upstashtest.NewServer(upstashtest.Options{Addr: *addr, Token: *token})
	if err != nil {
		fmt.Fprintln(stderr, "upstash-local:", err)
		return statusFailed
	}
	defer srv.Close()
	_, err = fmt.Fprintf(stdout, "export UPSTASH_REDIS_REST_URL=%s\nexport UPSTASH_REDIS_REST_TOKEN=%s\n",
		shellQuote(srv.URL), shellQuote(srv.Token))
	if err != nil {
		fmt.Fprintln(stderr, "upstash-local: cannot print where the server is:", err)
		return statusFailed
	}
	<-ctx.Done()
	return statusOK
}

func refuse(stderr io.Writer, reason string) int {
	fmt.Fprintln(stderr, "upstash-local:", reason)
	return statusUsage
}

// shellQuote leaves plain words as they are and puts single quotes around what
// a shell would take apart.
func shellQuote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:=+,@%", r)
	}
	if !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
