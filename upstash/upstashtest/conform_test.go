package upstashtest_test

import (
	"context"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// conformWays are how the tests of this package execute the cases: with the
// batches of package pipeline, which [upstashtest.Conform] does not know.
var conformWays = map[string]conform.Way{
	"direct":      conform.Direct,
	"pipelined":   pipelined,
	"transaction": transaction,
}

func pipelined(ctx context.Context, d upstash.Doer, commands []command.Cmd[any]) []any {
	return queued(ctx, pipeline.New(d), commands)
}

func transaction(ctx context.Context, d upstash.Doer, commands []command.Cmd[any]) []any {
	return queued(ctx, pipeline.NewTx(d), commands)
}

func queued(ctx context.Context, p *pipeline.Pipeline, commands []command.Cmd[any]) []any {
	outcomes := make([]any, len(commands))
	results := make([]func() (any, error), len(commands))
	for i, c := range commands {
		results[i] = pipeline.Queue(p, c).Result
	}
	_ = p.Exec(ctx) // each result has its error
	for i, result := range results {
		outcomes[i] = conform.Outcome(result())
	}
	return outcomes
}
