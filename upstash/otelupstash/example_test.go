package otelupstash_test

import (
	"context"
	"fmt"
	"log"

	"go.opentelemetry.io/otel"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash/otelupstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// New is upstash.New with a span for every call, here of a local server. In
// production the options come from upstash.OptionsFromEnv, and the exporter
// sends spans away instead of keeping them.
func ExampleNew() {
	exporter := tracetest.NewInMemoryExporter()
	otel.SetTracerProvider(sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter)))

	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer srv.Close()
	rdb, err := otelupstash.New(srv.ClientOptions())
	if err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	if err := rdb.Set(ctx, "user:1:name", "Ada"); err != nil {
		log.Fatal(err)
	}
	p := pipeline.New(rdb)
	p.Get("user:1:name")
	p.Incr("user:1:name")
	fmt.Println(p.Exec(ctx))

	for _, span := range exporter.GetSpans() {
		fmt.Printf("%s: %v %q\n", span.Name, span.Status.Code, span.Status.Description)
	}
	// Output:
	// pipeline: 1 of 2 commands failed; command 1: upstash: INCR: ERR value is not an integer or out of range
	// SET: Unset ""
	// PIPELINE: Error "1 of 2 commands failed, the first is INCR at index 1"
}
