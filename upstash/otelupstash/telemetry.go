package otelupstash

import (
	"slices"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/dbconv"
	"go.opentelemetry.io/otel/trace"
)

const scope = "github.com/seed-9937a0e6/upstash-go/upstash/otelupstash"

const (
	attemptsKey = attribute.Key("upstash.attempts")
	retryKey    = attribute.Key("upstash.retry")
)

// buckets are those that the conventions give for db.client.operation.duration,
// in seconds.
var buckets = []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10}

// telemetry is what calls and round trips are recorded with.
type telemetry struct {
	tracer     trace.Tracer
	duration   metric.Float64Histogram
	roundTrips metric.Int64Counter
	billed     metric.Int64Counter
	common     []attribute.KeyValue
}

func newTelemetry(opts []Option) *telemetry {
	c := newConfig(opts)
	meter := c.meters.Meter(scope, metric.WithSchemaURL(semconv.SchemaURL))
	var convention dbconv.ClientOperationDuration
	return &telemetry{
		tracer: c.tracers.Tracer(scope, trace.WithSchemaURL(semconv.SchemaURL)),
		duration: made(meter.Float64Histogram(convention.Name(), metric.WithUnit(convention.Unit()),
			metric.WithDescription(convention.Description()), metric.WithExplicitBucketBoundaries(buckets...))),
		roundTrips: made(meter.Int64Counter("upstash.round_trips", metric.WithUnit("{round_trip}"),
			metric.WithDescription("HTTP requests to the database, retries included."))),
		billed: made(meter.Int64Counter("upstash.billed_commands", metric.WithUnit("{command}"),
			metric.WithDescription("Estimate of the billed commands, without those that scripts run."))),
		common: append(c.attributes, semconv.DBSystemNameRedis),
	}
}

// made hands an error to where the program wants those of OpenTelemetry: the
// instrument that comes with it does nothing, and the database is used all the same.
func made[T any](instrument T, err error) T {
	if err != nil {
		otel.Handle(err)
	}
	return instrument
}

// attributes are the common ones and others, in a slice with room for more.
func (t *telemetry) attributes(others ...attribute.KeyValue) []attribute.KeyValue {
	const more = 3
	return append(append(slices.Grow([]attribute.KeyValue(nil), len(t.common)+len(others)+more), t.common...), others...)
}
