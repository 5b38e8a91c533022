package otelupstash

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// observe returns a function for Options.Observe, which alone knows of every
// round trip, that calls the user's own one too.
func (t *telemetry) observe(own func(context.Context, upstash.RoundTrip)) func(context.Context, upstash.RoundTrip) {
	return func(ctx context.Context, rt upstash.RoundTrip) {
		if span, ok := ctx.Value(spanKey{}).(trace.Span); ok {
			span.SetAttributes(attemptsKey.Int(rt.Attempt))
		}
		if t.roundTrips.Enabled(ctx) || t.billed.Enabled(ctx) {
			t.count(ctx, rt)
		}
		if own != nil {
			own(ctx, rt)
		}
	}
}

func (t *telemetry) count(ctx context.Context, rt upstash.RoundTrip) {
	attributes := t.attributes(semconv.DBOperationName(operation(rt.Commands, rt.Atomic)))
	if reached(rt) {
		t.billed.Add(ctx, int64(rt.Billed), metric.WithAttributes(attributes...))
	}
	// Not the attempt's number: a stream that finds no server counts without end.
	attributes = append(attributes, retryKey.Bool(rt.Attempt > 1))
	if rt.Err != nil {
		attributes = append(attributes, semconv.ErrorTypeKey.String(failureOfTrip(rt.Err).kind))
	}
	t.roundTrips.Add(ctx, 1, metric.WithAttributes(attributes...))
}

// reached reports whether the server can have got the request, and billed it.
func reached(rt upstash.RoundTrip) bool {
	e, ok := errors.AsType[*upstash.Error](rt.Err)
	return !ok || e.Sent
}
