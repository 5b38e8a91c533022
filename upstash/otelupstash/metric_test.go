package otelupstash_test

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/otelupstash"
)

func isNil(err error) bool { return errors.Is(err, upstash.ErrNil) }

// with is a copy of m with more in it.
func with(m map[string]any, pairs ...any) map[string]any {
	m = maps.Clone(m)
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1] //nolint:errcheck,forcetypeassert // a test's own words
	}
	return m
}

// TestMetricsAgreeWithTheServer compares the counters with what the server gave.
func TestMetricsAgreeWithTheServer(t *testing.T) {
	t.Parallel()
	srv, r := inProcess(t), newRecorder(t)
	rdb, ctx := r.client(t, srv), t.Context()
	for range 3 {
		if err := rdb.Set(ctx, marker, marker); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := rdb.Incr(ctx, marker); err == nil {
		t.Fatal("INCR of a text succeeded")
	}
	if err := rdb.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	if err := queue(true, setArgs, getArgs, incrArgs)(ctx, rdb); err != nil {
		t.Fatal(err)
	}
	names := map[string]any{"db.system.name": "redis"}
	set, incr, ping, multi := with(names, "db.operation.name", "SET"), with(names, "db.operation.name", "INCR"),
		with(names, "db.operation.name", "PING"), with(names, "db.operation.name", "MULTI")
	first := func(attributes map[string]any, n int64) point {
		return point{Attributes: with(attributes, "upstash.retry", false), Count: n}
	}
	byName := cmp.Transformer("byName", func(points []point) map[any]point {
		m := map[any]point{}
		for _, p := range points {
			p.Sum = 0
			m[p.Attributes["db.operation.name"]] = p
		}
		return m
	})
	for name, want := range map[string][]point{
		"db.client.operation.duration": {
			{set, 3, 0},
			{with(incr, "error.type", "ERR", "db.response.status_code", "ERR"), 1, 0},
			{ping, 1, 0},
			{with(multi, "error.type", "ERR", "db.response.status_code", "ERR"), 1, 0},
		},
		"upstash.round_trips":     {first(set, 3), first(incr, 1), first(ping, 1), first(multi, 1)},
		"upstash.billed_commands": {{set, 3, 0}, {incr, 1, 0}, {ping, 0, 0}, {multi, 3, 0}},
	} {
		if diff := cmp.Diff(want, r.measured(t, name), byName); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if billed := sum(r.measured(t, "upstash.billed_commands")); billed != int64(srv.Meter().Commands) {
		t.Errorf("%d billed commands, the server says %d", billed, srv.Meter().Commands)
	}
	if trips := sum(r.measured(t, "upstash.round_trips")); trips != int64(srv.Meter().RoundTrips) {
		t.Errorf("%d round trips, the server says %d", trips, srv.Meter().RoundTrips)
	}
}

func sum(points []point) int64 {
	var n int64
	for _, p := range points {
		n += p.Count
	}
	return n
}

// TestInstruments holds names, units and buckets to the conventions.
func TestInstruments(t *testing.T) {
	t.Parallel()
	srv, r := inProcess(t), newRecorder(t)
	if err := get(t.Context(), r.client(t, srv)); !isNil(err) {
		t.Fatal(err)
	}
	type instrument struct {
		Name, Unit string
		Monotonic  bool
		Bounds     []float64
	}
	want := []instrument{
		{"db.client.operation.duration", "s", false, []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10}},
		{"upstash.round_trips", "{round_trip}", true, nil},
		{"upstash.billed_commands", "{command}", true, nil},
	}
	var got []instrument
	scope := r.all(t)
	for _, m := range scope.Metrics {
		i := instrument{Name: m.Name, Unit: m.Unit}
		switch data := m.Data.(type) {
		case metricdata.Sum[int64]:
			i.Monotonic = data.IsMonotonic
		case metricdata.Histogram[float64]:
			i.Bounds = data.DataPoints[0].Bounds
		}
		got = append(got, i)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	tracer := r.spans.GetSpans()[0].InstrumentationScope
	if tracer.Name != scope.Scope.Name || tracer.Name != "github.com/seed-9937a0e6/upstash-go/upstash/otelupstash" ||
		tracer.SchemaURL != scope.Scope.SchemaURL || tracer.SchemaURL != "https://opentelemetry.io/schemas/1.43.0" {
		t.Errorf("the scopes are %+v and %+v", tracer, scope.Scope)
	}
}

// What certainly did not reach the server is a round trip, and not billed.
func TestNothingBilledWithoutServer(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	rdb := r.client(t, inProcess(t), withoutRetry, func(o *upstash.Options) {
		o.HTTPClient = &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
		})}
	})
	if err := get(t.Context(), rdb); err == nil {
		t.Fatal("GET succeeded")
	}
	if trips, billed := sum(r.measured(t, "upstash.round_trips")), sum(r.measured(t, "upstash.billed_commands")); trips != 1 || billed != 0 {
		t.Errorf("%d round trips and %d billed commands", trips, billed)
	}
	if s := r.recorded(t)[0]; s.Attributes["error.type"] != "connection" || s.Description != "" {
		t.Errorf("recorded %+v", s)
	}
}

// A client that is made before the program sets the global provider, such as one
// in a package variable, is measured from then on. No other test sets it.
func TestGlobalProviderSetLater(t *testing.T) {
	t.Parallel()
	if _, set := otel.GetMeterProvider().(*metric.MeterProvider); set {
		t.Skip("it was set by an earlier run in this process")
	}
	r := newRecorder(t)
	rdb, err := otelupstash.New(inProcess(t).ClientOptions())
	if err != nil {
		t.Fatal(err)
	}
	if err := get(t.Context(), rdb); !isNil(err) {
		t.Fatal(err)
	}
	otel.SetMeterProvider(r.meters)
	if err := get(t.Context(), rdb); !isNil(err) {
		t.Fatal(err)
	}
	for _, name := range []string{"db.client.operation.duration", "upstash.round_trips", "upstash.billed_commands"} {
		if n := sum(r.measured(t, name)); n != 1 {
			t.Errorf("%s is %d instead of 1", name, n)
		}
	}
}

// Attributes of the user's are on everything, and do not replace those of the
// conventions; the server's address is there when it is given.
func TestAttributes(t *testing.T) {
	t.Parallel()
	srv, r := inProcess(t), newRecorder(t)
	rdb, err := otelupstash.New(srv.ClientOptions(), append(r.options(),
		otelupstash.WithServerAddress("db.example.com", 8443),
		otelupstash.WithAttributes(attribute.String("database", "sessions"), attribute.String("db.system.name", "other")))...)
	if err != nil {
		t.Fatal(err)
	}
	if err := get(t.Context(), rdb); !isNil(err) {
		t.Fatal(err)
	}
	want := map[string]any{
		"db.system.name": "redis", "db.operation.name": "GET", "database": "sessions",
		"server.address": "db.example.com", "server.port": int64(8443),
	}
	got := []map[string]any{r.recorded(t)[0].Attributes}
	for _, name := range []string{"db.client.operation.duration", "upstash.round_trips", "upstash.billed_commands"} {
		got = append(got, r.measured(t, name)[0].Attributes)
	}
	wants := []map[string]any{with(want, "upstash.attempts", int64(1)), want, with(want, "upstash.retry", false), want}
	if diff := cmp.Diff(wants, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Streams make no span, do not touch that of their caller, and are counted.
func TestStreams(t *testing.T) {
	t.Parallel()
	srv, r := inProcess(t), newRecorder(t)
	rdb := r.client(t, srv)
	ctx, outer := r.tracers.Tracer("test").Start(t.Context(), "handler")
	for _, err := range rdb.Subscribe(ctx, marker) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	outer.End()
	if spans := r.spans.GetSpans(); len(spans) != 1 || len(spans[0].Attributes) != 0 {
		t.Errorf("recorded %+v", spans)
	}
	want := map[string]any{"db.system.name": "redis", "db.operation.name": "SUBSCRIBE", "upstash.retry": false}
	if diff := cmp.Diff([]point{{want, 1, 0}}, r.measured(t, "upstash.round_trips")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The user's own Observe is called, with the span of the call in its context,
// and what upstash.New refuses is refused here.
func TestObserveAndRefusal(t *testing.T) {
	t.Parallel()
	srv, r := inProcess(t), newRecorder(t)
	var seen []upstash.RoundTrip
	rdb := r.client(t, srv, func(o *upstash.Options) {
		o.Observe = func(_ context.Context, rt upstash.RoundTrip) { seen = append(seen, rt) }
	})
	if err := get(t.Context(), rdb); !isNil(err) {
		t.Fatal(err)
	}
	if len(seen) != 1 || seen[0].Commands[0] != "GET" {
		t.Errorf("Observe saw %+v", seen)
	}
	if _, err := otelupstash.New(upstash.Options{}); err == nil {
		t.Error("options without a URL are accepted")
	}
}

// TestConcurrent is for the race detector.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	srv, r := inProcess(t), newRecorder(t)
	rdb := r.client(t, srv)
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			if err := errors.Join(rdb.Set(t.Context(), marker, marker), queue(false, getArgs, incrArgs)(t.Context(), rdb)); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n, trips := len(r.recorded(t)), sum(r.measured(t, "upstash.round_trips")); n != 100 || trips != 100 {
		t.Errorf("%d spans and %d round trips instead of 100", n, trips)
	}
}
