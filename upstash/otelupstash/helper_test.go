package otelupstash_test

import (
	"context"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/otelupstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// recorder is the SDK with everything kept in memory.
type recorder struct {
	spans   *tracetest.InMemoryExporter
	metrics *metric.ManualReader
	tracers *sdktrace.TracerProvider
	meters  *metric.MeterProvider
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{spans: tracetest.NewInMemoryExporter(), metrics: metric.NewManualReader()}
	r.tracers = sdktrace.NewTracerProvider(sdktrace.WithSyncer(r.spans))
	r.meters = metric.NewMeterProvider(metric.WithReader(r.metrics))
	return r
}

func (r *recorder) options() []otelupstash.Option {
	return []otelupstash.Option{otelupstash.WithTracerProvider(r.tracers), otelupstash.WithMeterProvider(r.meters)}
}

// client is a recorded client of srv with the retries of production.
func (r *recorder) client(t *testing.T, srv *upstashtest.Server, change ...func(*upstash.Options)) *upstash.Client {
	t.Helper()
	o := srv.ClientOptions()
	for _, f := range change {
		f(&o)
	}
	rdb, err := otelupstash.New(o, r.options()...)
	if err != nil {
		t.Fatal(err)
	}
	return rdb
}

func withoutRetry(o *upstash.Options) { o.Retry.Attempts = 1 }

// inProcess is a server that uses no socket and can live in a synctest bubble.
func inProcess(t *testing.T) *upstashtest.Server {
	t.Helper()
	return upstashtest.New(t, upstashtest.Options{InProcess: true})
}

// span is what tests compare of one.
type span struct {
	Name        string
	Failed      bool
	Description string
	Attributes  map[string]any
}

// recorded returns the spans that ended, and forgets them.
func (r *recorder) recorded(t *testing.T) []span {
	t.Helper()
	var list []span
	for _, s := range r.spans.GetSpans() {
		if s.SpanKind != trace.SpanKindClient || s.Status.Code == codes.Ok || len(s.Events) > 0 {
			t.Errorf("%s is of kind %v with status %v and %d events", s.Name, s.SpanKind, s.Status.Code, len(s.Events))
		}
		list = append(list, span{s.Name, s.Status.Code == codes.Error, s.Status.Description, asMap(s.Attributes)})
	}
	r.spans.Reset()
	return list
}

func asMap(attributes []attribute.KeyValue) map[string]any {
	m := map[string]any{}
	for _, a := range attributes {
		m[string(a.Key)] = a.Value.AsInterface()
	}
	return m
}

// point is what tests compare of one time series.
type point struct {
	Attributes map[string]any
	Count      int64         // of a counter the sum, of a histogram the number of values
	Sum        time.Duration // of a histogram
}

// measured returns the time series of one instrument.
func (r *recorder) measured(t *testing.T, name string) []point {
	t.Helper()
	var points []point
	switch data := r.instrument(t, name).Data.(type) {
	case metricdata.Sum[int64]:
		for _, p := range data.DataPoints {
			points = append(points, point{Attributes: asMap(p.Attributes.ToSlice()), Count: p.Value})
		}
	case metricdata.Histogram[float64]:
		for _, p := range data.DataPoints {
			sum := time.Duration(p.Sum * float64(time.Second)).Round(time.Microsecond)
			points = append(points, point{asMap(p.Attributes.ToSlice()), int64(p.Count), sum})
		}
	}
	return points
}

func (r *recorder) instrument(t *testing.T, name string) metricdata.Metrics {
	t.Helper()
	for _, m := range r.all(t).Metrics {
		if m.Name == name {
			return m
		}
	}
	return metricdata.Metrics{}
}

func (r *recorder) all(t *testing.T) metricdata.ScopeMetrics {
	t.Helper()
	var data metricdata.ResourceMetrics
	if err := r.metrics.Collect(context.WithoutCancel(t.Context()), &data); err != nil {
		t.Fatal(err)
	}
	if len(data.ScopeMetrics) == 0 {
		return metricdata.ScopeMetrics{}
	}
	return data.ScopeMetrics[0]
}
