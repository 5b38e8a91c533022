package pipeline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// What cannot share a request does not wait for one either.
func TestAutoBypass(t *testing.T) {
	t.Parallel()
	get := upstash.Batch{Commands: []command.Args{command.Get("k").Args()}}
	for name, tt := range map[string]struct {
		with  func(context.Context) context.Context
		batch upstash.Batch
	}{
		"transaction": {nil, upstash.Batch{Commands: get.Commands, Atomic: true}},
		"retry": {func(ctx context.Context) context.Context {
			return upstash.WithRetry(ctx, upstash.RetryOptions{Attempts: 1})
		}, get},
		"sync token": {func(ctx context.Context) context.Context { return upstash.WithSyncToken(ctx, "t") }, get},
		"binary":     {nil, upstash.Batch{Commands: []command.Args{command.Set("k", "\xff").Args()}}},
		"unsendable": {nil, upstash.Batch{Commands: []command.Args{command.Set("k", nil).Args()}}},
		"empty":      {nil, upstash.Batch{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := &gate{}
				d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
				lane := call(t.Context(), d, "lane")
				waits := call(t.Context(), d, "waits")
				ctx := t.Context()
				if tt.with != nil {
					ctx = tt.with(ctx)
				}
				c := callBatch(ctx, d, tt.batch)
				h := g.request(t, 1)
				if h.batch.Atomic != tt.batch.Atomic || len(h.batch.Commands) != len(tt.batch.Commands) || upstash.HasCallOptions(h.ctx) != (name == "retry" || name == "sync token") {
					t.Errorf("it was sent as %+v", h.batch)
				}
				h.echo()
				if !c.done || c.err != nil {
					t.Errorf("done %v, %v", c.done, c.err)
				}
				g.request(t, 0).echo()
				g.request(t, 2).echo()
				lane.has(t, "lane")
				waits.has(t, "waits")
			})
		})
	}
}

func TestAutoWithoutADoer(t *testing.T) {
	t.Parallel()
	_, err := upstash.Over(pipeline.Auto(nil, pipeline.AutoOptions{})).Get(t.Context(), "k")
	if err == nil || !strings.Contains(err.Error(), "no client") {
		t.Error(err)
	}
}

func TestAutoWithAContextThatHasEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g := &gate{}
	_, err := upstash.Over(pipeline.Auto(g, pipeline.AutoOptions{})).Incr(ctx, "n")
	if !errors.Is(err, context.Canceled) || !upstash.SafeToRetry(err) || upstash.OutcomeUnknown(err) || len(g.all) != 0 {
		t.Errorf("%d requests, %v", len(g.all), err)
	}
}
