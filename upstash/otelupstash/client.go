package otelupstash

import (
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// New is [upstash.New] for a client whose calls are recorded. An Options.Observe
// is still called. The client is safe for concurrent use, as any other.
func New(o upstash.Options, opts ...Option) (*upstash.Client, error) {
	t := newTelemetry(opts)
	o.Observe = t.observe(o.Observe)
	rdb, err := upstash.New(o)
	if err != nil {
		return nil, err
	}
	// Around the client and not in Options.Middleware, which is below the retries.
	rdb.Commands = upstash.Over(&calls{next: rdb.Commands, telemetry: t})
	return rdb, nil
}

// Middleware records the calls of an [upstash.Doer] of your own, such as that of
// pipeline.Auto: spans and durations, and not what only a client knows, which are
// the attempts and the two counters. In Options.Middleware it would record each
// attempt as a call; for a client use [New].
func Middleware(opts ...Option) upstash.Middleware {
	t := newTelemetry(opts)
	return func(next upstash.Doer) upstash.Doer { return &calls{next: next, telemetry: t} }
}
