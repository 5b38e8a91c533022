// Bench-pipeline measures what merging concurrent calls brings: GETs of many
// goroutines as single requests, through [pipeline.Auto], and, where Node is
// installed, those of as many callers through @upstash/redis with its
// auto-pipelining. All talk to the same local server, in turns.
//
//	npm ci --prefix examples/interop   # once, for the comparison with Node
//	go run ./examples/bench-pipeline
//
// The numbers are of this machine and this moment: compare those of one run.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench-pipeline:", err)
		os.Exit(1)
	}
}

// plan is what one run measures.
type plan struct {
	callers, rounds int
	time, latency   time.Duration
}

func run(ctx context.Context, args []string, stdout io.Writer) error {
	var p plan
	flags := flag.NewFlagSet("bench-pipeline", flag.ContinueOnError)
	flags.SetOutput(stdout)
	flags.IntVar(&p.callers, "callers", 64, "how many call at the same time")
	flags.IntVar(&p.rounds, "rounds", 7, "how often each is measured")
	flags.DurationVar(&p.time, "time", time.Second, "how long one measurement takes")
	flags.DurationVar(&p.latency, "latency", 0, "what the server waits before it answers")
	if os.Getenv(serverEnv) != "" {
		return serve(ctx)
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	srv, err := startServer(ctx, p.latency)
	if err != nil {
		return err
	}
	defer srv.stop()
	rdb, err := upstash.New(upstash.Options{URL: srv.URL, Token: srv.Token, AllowInsecure: true})
	if err != nil {
		return err
	}
	if err := rdb.Set(ctx, key, value); err != nil {
		return err
	}
	ways := []*way{
		{name: "single requests", measure: inGo(rdb)},
		{name: "pipeline.Auto", measure: inGo(pipeline.Auto(rdb, pipeline.AutoOptions{}))},
	}
	if node, err := findNode([]string{"examples", "..", "."}); err == nil {
		ways = append(ways, &way{name: "@upstash/redis", measure: node.measure(srv)})
	} else if _, err := fmt.Fprintf(stdout, "without Node: %v\n", err); err != nil {
		return err
	}
	if err := measure(ctx, p, ways); err != nil {
		return err
	}
	return report(stdout, p, ways)
}
