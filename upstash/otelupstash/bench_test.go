package otelupstash_test

import (
	"io"
	"net/http"
	"testing"

	"go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/otelupstash"
)

// BenchmarkGet is a GET over a network that costs nothing, with less and more of
// what records it; the first is without this package.
func BenchmarkGet(b *testing.B) {
	meters := otelupstash.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(metric.NewManualReader())))
	for _, with := range []struct {
		name string
		opts []otelupstash.Option
	}{
		{"unrecorded", nil},
		{"no SDK", nil},
		{"not sampled", []otelupstash.Option{
			otelupstash.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample()))), meters,
		}},
		{"SDK", []otelupstash.Option{
			otelupstash.WithTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(tracetest.NewNoopExporter()))), meters,
		}},
	} {
		b.Run(with.name, func(b *testing.B) {
			o := upstash.Options{URL: "http://localhost", Token: "token", HTTPClient: &http.Client{Transport: roundTripper(hello)}}
			rdb, err := upstash.New(o)
			if with.name != "unrecorded" {
				rdb, err = otelupstash.New(o, with.opts...)
			}
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rdb.Get(b.Context(), "key"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func hello(req *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, req.Body) // it cannot fail
	return jsonAnswer(req, 200, `{"result":"aGVsbG8="}`), nil
}
