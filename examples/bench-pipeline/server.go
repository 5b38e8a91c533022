package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// serverEnv makes this program the server, for as long as its input is open. In
// a process of its own it is equally far from everybody.
const serverEnv = "BENCH_PIPELINE_SERVER"

// server is where it is.
type server struct {
	URL, Token string

	stop func()
}

func serve(ctx context.Context) error {
	latency, err := time.ParseDuration(os.Getenv(serverEnv))
	if err != nil {
		return err
	}
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		return err
	}
	defer srv.Close()
	if latency > 0 {
		srv.InterceptAll(upstashtest.Delay(latency))
	}
	if err := json.NewEncoder(os.Stdout).Encode(server{URL: srv.URL, Token: srv.Token}); err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until nobody is there any more
	return ctx.Err()
}

func startServer(ctx context.Context, latency time.Duration) (server, error) {
	self, err := os.Executable()
	if err != nil {
		return server{}, err
	}
	cmd := exec.CommandContext(ctx, self) //nolint:gosec // this program
	cmd.Env = append(os.Environ(), serverEnv+"="+latency.String())
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return server{}, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return server{}, err
	}
	if err := cmd.Start(); err != nil {
		return server{}, err
	}
	srv := server{stop: func() {
		_ = stdin.Close() // it ends then
		_ = cmd.Wait()    // killed or not
	}}
	if err := json.NewDecoder(stdout).Decode(&srv); err != nil {
		srv.stop()
		return server{}, err
	}
	return srv, nil
}
