package otelupstash

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// calls records what goes through it.
type calls struct {
	next upstash.Doer
	*telemetry
}

// spanKey finds the span of a call in a context. The current span will not do:
// a middleware may have begun another one, and that of a stream is its caller's.
type spanKey struct{}

var errPanicked = errors.New("otelupstash: the Doer panicked")

// Do implements [upstash.Doer].
func (c *calls) Do(ctx context.Context, b upstash.Batch) (replies []command.Reply, err error) {
	commands := names(b)
	name := operation(commands, b.Atomic)
	attributes := c.attributes(semconv.DBOperationName(name))
	atStart := attributes
	if len(commands) > 1 {
		atStart = c.attributes(semconv.DBOperationName(name), semconv.DBOperationBatchSize(len(commands)))
	}
	start := time.Now()
	ctx, span := c.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithTimestamp(start), trace.WithAttributes(atStart...))
	err = errPanicked // until Do returns
	defer func() { c.end(ctx, span, start, attributes, failureOf(commands, replies, err)) }()
	return c.next.Do(context.WithValue(ctx, spanKey{}, span), b)
}

func (c *calls) end(ctx context.Context, span trace.Span, start time.Time, attributes []attribute.KeyValue, f failure) {
	end := time.Now()
	if f.kind != "" {
		failed := f.attributes()
		span.SetAttributes(failed...)
		span.SetStatus(codes.Error, f.description)
		attributes = append(attributes, failed...)
	}
	span.End(trace.WithTimestamp(end)) // the conventions want the two to be the same
	if c.duration.Enabled(ctx) {
		c.duration.Record(ctx, end.Sub(start).Seconds(), metric.WithAttributes(attributes...))
	}
}
