package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Exit statuses, as the flag package has them.
const (
	statusOK     = 0
	statusFailed = 1
	statusUsage  = 2
)

// grace is how long requests that are being served may take when the server stops.
const grace = 5 * time.Second

var errRefused = errors.New("flags that make no sense")

// run serves until ctx ends, and returns the exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	c, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return statusOK
	case err != nil:
		return statusUsage
	}
	if err := serve(ctx, c, stdout, stderr); err != nil {
		say(stderr, err.Error())
		return statusFailed
	}
	return statusOK
}

func serve(ctx context.Context, c config, stdout, stderr io.Writer) error {
	log := newRequestLog(c, stderr)
	srv, err := upstashtest.NewServer(upstashtest.Options{
		Addr: c.addr, Token: c.token, ReadOnlyToken: c.readOnlyToken, Observe: log.add, Redis: c.redis, Limits: c.limits,
	})
	if err != nil {
		return err
	}
	defer srv.Close()
	if c.seed != "" {
		if err := seedFile(ctx, srv.Client(), c.seed); err != nil {
			return err
		}
	}
	log.start()
	if c.latency > 0 {
		srv.InterceptAll(upstashtest.Delay(c.latency))
	}
	if !c.loopback() {
		say(stderr, "warning: other machines can reach "+c.addr+"; whoever knows the token can read and change all data")
	}
	_, err = fmt.Fprintf(stdout, "export UPSTASH_REDIS_REST_URL=%s\nexport UPSTASH_REDIS_REST_TOKEN=%s\n",
		shellQuote(srv.URL), shellQuote(srv.Token))
	if err != nil {
		return fmt.Errorf("cannot print where the server is: %w", err)
	}
	<-ctx.Done()

	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if srv.Shutdown(stopping) != nil {
		return fmt.Errorf("requests that took longer than %v were cut off", grace)
	}
	return nil
}

// say tells the user something that is not for a shell.
func say(stderr io.Writer, text string) {
	_, _ = fmt.Fprintln(stderr, "upstash-local:", text) // there is no other place to say it
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
