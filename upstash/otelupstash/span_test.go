package otelupstash_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/otelupstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// marker is in every key and value of these tests.
const marker = "m4rk3r"

const unknown = "no answer was understood; the commands may have run"

// call is one call and the span it makes, but for what all of them have.
type call struct {
	name  string
	fault func(*upstashtest.Exchange) // nil for none
	run   func(context.Context, *upstash.Client) error
	want  span
}

// queue runs commands as a pipeline or a transaction. The first one is as fine
// as what was written before: a text at the marker's key.
func queue(atomic bool, commands ...command.Args) func(context.Context, *upstash.Client) error {
	return func(ctx context.Context, rdb *upstash.Client) error {
		_, err := rdb.Do(ctx, upstash.Batch{Commands: commands, Atomic: atomic})
		return err
	}
}

func get(ctx context.Context, rdb *upstash.Client) error {
	_, err := rdb.Get(ctx, marker)
	return err
}

var (
	getArgs  = command.Get(marker).Args()
	setArgs  = command.Set(marker, marker).Args()
	incrArgs = command.Incr(marker).Args()
	unknownC = command.NewArgs("GETT", marker)
)

func calls() []call {
	const one, attempts = 1, "upstash.attempts"
	type attributes = map[string]any
	ok := func(name string) span { return span{Name: name, Attributes: attributes{attempts: int64(one)}} }
	batch := func(name string, size int64) span {
		s := ok(name)
		s.Attributes["db.operation.batch.size"] = size
		return s
	}
	failed := func(s span, kind, code, description string) span {
		s.Failed, s.Description, s.Attributes["error.type"] = true, description, kind
		if code != "" {
			s.Attributes["db.response.status_code"] = code
		}
		return s
	}
	unsent := func(kind string) span {
		s := failed(ok("GET"), kind, "", "")
		delete(s.Attributes, attempts)
		return s
	}
	return []call{
		{name: "one command", run: get, want: ok("GET")},
		{name: "subcommand", want: ok("SCRIPT LOAD"), run: func(ctx context.Context, rdb *upstash.Client) error {
			_, err := rdb.ScriptLoad(ctx, "return '"+marker+"'")
			return err
		}},
		{name: "absent value", want: ok("GET"), run: func(ctx context.Context, rdb *upstash.Client) error {
			_, err := rdb.Get(ctx, marker+"-absent")
			return err
		}},
		{name: "error reply", want: failed(ok("LPUSH"), "WRONGTYPE", "WRONGTYPE", ""), run: func(ctx context.Context, rdb *upstash.Client) error {
			_, err := rdb.LPush(ctx, marker, marker)
			return err
		}},
		{name: "unknown command", run: queue(false, unknownC), want: failed(ok("GETT"), "ERR", "ERR", "")},
		{name: "pipeline", run: queue(false, setArgs, getArgs), want: batch("PIPELINE", 2)},
		{name: "pipeline of the same", run: queue(false, getArgs, getArgs, getArgs), want: batch("PIPELINE GET", 3)},
		{
			name: "pipeline with a failure", run: queue(false, getArgs, incrArgs, getArgs),
			want: failed(batch("PIPELINE", 3), "ERR", "ERR", "1 of 3 commands failed, the first is INCR at index 1"),
		},
		{
			name: "pipeline with failures", run: queue(false, getArgs, command.NewArgs("LPUSH", marker, marker), incrArgs),
			want: failed(batch("PIPELINE", 3), "WRONGTYPE", "WRONGTYPE", "2 of 3 commands failed, the first is LPUSH at index 1"),
		},
		{name: "transaction", run: queue(true, setArgs, getArgs), want: batch("MULTI", 2)},
		{name: "transaction of the same", run: queue(true, setArgs, setArgs), want: batch("MULTI SET", 2)},
		{name: "transaction of one", run: queue(true, setArgs), want: ok("SET")},
		{name: "discarded", run: queue(true, setArgs, unknownC), want: failed(batch("MULTI", 2), "EXECABORT", "EXECABORT", "")},
		{name: "connection", fault: upstashtest.DropBefore, run: get, want: failed(ok("GET"), "connection", "", unknown)},
		{name: "cut", fault: upstashtest.CutBody(5), run: get, want: failed(ok("GET"), "connection", "", unknown)},
		{name: "proxy", fault: upstashtest.HTMLBody, run: get, want: failed(ok("GET"), "502", "", unknown)},
		{name: "unauthorized", fault: upstashtest.Status(401), run: get, want: failed(ok("GET"), "401", "ERR", "")},
		{name: "busy", fault: upstashtest.TooManyRequests(0), run: get, want: failed(ok("GET"), "429", "ERR", "")},
		{name: "wrong password", fault: func(x *upstashtest.Exchange) {
			x.Answer(401, nil, `{"error":"WRONGPASS invalid or missing auth token `+marker+`"}`)
		}, run: get, want: failed(ok("GET"), "WRONGPASS", "WRONGPASS", "")},
		{name: "invalid reply", fault: upstashtest.EmptyBody, run: get, want: failed(ok("GET"), "invalid_reply", "", unknown)},
		{name: "too large", fault: func(x *upstashtest.Exchange) {
			x.Answer(200, nil, string(make([]byte, 1<<20)))
		}, run: get, want: failed(ok("GET"), "too_large", "", unknown)},
		{name: "not sent", want: unsent("not_sent"), run: func(ctx context.Context, rdb *upstash.Client) error {
			return queue(false, command.NewArgs("GET", struct{}{}))(ctx, rdb)
		}},
		{name: "canceled", want: unsent("canceled"), run: func(ctx context.Context, rdb *upstash.Client) error {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return get(ctx, rdb)
		}},
		{name: "timeout", want: unsent("timeout"), run: func(ctx context.Context, rdb *upstash.Client) error {
			ctx, cancel := context.WithDeadline(ctx, time.Time{})
			defer cancel()
			return get(ctx, rdb)
		}},
		{name: "nothing", run: queue(false), want: span{
			Name: "PIPELINE", Failed: true, Attributes: attributes{"error.type": "not_sent"},
		}},
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for _, c := range calls() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			srv, r := inProcess(t), newRecorder(t)
			if err := srv.Client().Set(t.Context(), marker, marker); err != nil {
				t.Fatal(err)
			}
			if c.fault != nil {
				srv.Intercept(c.fault)
			}
			err := c.run(t.Context(), r.client(t, srv, withoutRetry, func(o *upstash.Options) { o.MaxReply = 1 << 19 }))
			c.want.Attributes["db.system.name"], c.want.Attributes["db.operation.name"] = "redis", c.want.Name
			if diff := cmp.Diff([]span{c.want}, r.recorded(t)); diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

// What packages on top of the client send is recorded as it is sent.
func TestPipelinePackage(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	p := pipeline.New(r.client(t, inProcess(t)))
	p.Set(marker, marker)
	p.Incr(marker)
	var failed *pipeline.ExecError
	if err := p.Exec(t.Context()); !errors.As(err, &failed) {
		t.Fatal(err)
	}
	if spans := r.recorded(t); len(spans) != 1 || spans[0].Name != "PIPELINE" || !spans[0].Failed {
		t.Errorf("recorded %+v", spans)
	}
}

// The caller's span is the parent, and that of the call is the one of whatever
// is recorded below it, such as the HTTP request.
func TestParents(t *testing.T) {
	t.Parallel()
	srv, r := inProcess(t), newRecorder(t)
	tracer := r.tracers.Tracer("test")
	rdb := r.client(t, srv, func(o *upstash.Options) {
		inner := o.HTTPClient.Transport
		o.HTTPClient = &http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
			_, s := tracer.Start(req.Context(), "HTTP")
			defer s.End()
			return inner.RoundTrip(req)
		})}
	})
	ctx, outer := tracer.Start(t.Context(), "handler")
	if err := rdb.Set(ctx, marker, marker); err != nil {
		t.Fatal(err)
	}
	outer.End()
	spans := r.spans.GetSpans()
	if len(spans) != 3 {
		t.Fatalf("%d spans instead of 3", len(spans))
	}
	inner, call, handler := spans[0], spans[1], spans[2]
	if inner.Parent.SpanID() != call.SpanContext.SpanID() || call.Parent.SpanID() != handler.SpanContext.SpanID() {
		t.Errorf("the parents are %v, %v, %v", inner.Parent, call.Parent, handler.Parent)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A Doer that is not of this SDK has its own errors, and may panic.
func TestMiddleware(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	record := otelupstash.Middleware(r.options()...)
	other := record(upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) { return nil, io.EOF }))
	panics := record(upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) { panic(marker) }))
	b := upstash.Batch{Commands: []command.Args{getArgs}}
	if _, err := other.Do(t.Context(), b); !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	func() {
		defer func() {
			if recover() != marker {
				t.Error("the panic is lost")
			}
		}()
		_, _ = panics.Do(t.Context(), b)
	}()
	want := span{Name: "GET", Failed: true, Attributes: map[string]any{
		"db.system.name": "redis", "db.operation.name": "GET", "error.type": "_OTHER",
	}}
	if diff := cmp.Diff([]span{want, want}, r.recorded(t)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
