package upstash_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// trace is a middleware that says when it is entered and left.
func trace(log *[]string, name string) upstash.Middleware {
	return func(next upstash.Doer) upstash.Doer {
		return upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			*log = append(*log, name+" in")
			defer func() { *log = append(*log, name+" out") }()
			return next.Do(ctx, b)
		})
	}
}

func TestMiddlewareOrder(t *testing.T) {
	t.Parallel()
	var log []string
	m := mock(answer(200, inJSON, `{"result":"aGk="}`))
	rdb := newClient(t, m, func(o *upstash.Options) {
		o.Middleware = []upstash.Middleware{trace(&log, "first"), trace(&log, "second")}
		o.Observe = func(context.Context, upstash.RoundTrip) { log = append(log, "observed") }
	})
	if v, err := rdb.Get(t.Context(), "k"); v != "hi" || err != nil {
		t.Fatal(v, err)
	}
	want := []string{"first in", "second in", "observed", "second out", "first out"}
	if diff := cmp.Diff(want, log); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	log = nil
	over := upstash.Over(trace(&log, "outside")(rdb))
	if v, err := over.Get(t.Context(), "k"); v != "hi" || err != nil {
		t.Fatal(v, err)
	}
	if diff := cmp.Diff(append(append([]string{"outside in"}, want...), "outside out"), log); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What a middleware returns is what the caller gets, without a request.
func TestMiddlewareMayAnswer(t *testing.T) {
	t.Parallel()
	m := mock(answer(200, inJSON, `{"result":"aGk="}`))
	rdb := newClient(t, m, func(o *upstash.Options) {
		o.Middleware = []upstash.Middleware{func(upstash.Doer) upstash.Doer {
			return upstash.DoerFunc(func(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
				return []command.Reply{command.TextReply("instead of " + b.Commands[0].Name())}, nil
			})
		}}
	})
	if v, err := rdb.Get(t.Context(), "k"); v != "instead of GET" || err != nil {
		t.Error(v, err)
	}
	if n := m.GetTotalCallCount(); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestRaw(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	reply, err := rdb.Raw(t.Context(), "set", "k", 42)
	if status, statusErr := reply.Status(); statusErr != nil || err != nil {
		t.Error(status, statusErr, err)
	}
	reply, err = rdb.Raw(t.Context(), "MGET", "k", "none")
	texts, decodeErr := reply.NullTexts()
	want := []command.Null[string]{{V: "42", Valid: true}, {}}
	if diff := cmp.Diff(want, texts); diff != "" || decodeErr != nil || err != nil {
		t.Errorf("%v, %v (-want +got)\n%s", decodeErr, err, diff)
	}
	if reply, err := rdb.Raw(t.Context(), "GET", "none"); !reply.IsNil() || err != nil {
		t.Error(reply, err)
	}
	_, err = rdb.Raw(t.Context(), "LPUSH", "k", "v")
	if diff := cmp.Diff(verdict{Op: "LPUSH", Code: "WRONGTYPE", Sent: true, Attempts: 1}, verdictOf(t, err)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"set", "k", "42"}, srv.Requests()[0].Commands[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What cannot be sent is refused with the reason, and costs nothing.
func TestRefusedBeforeSending(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb := srv.Client()
	for name, test := range map[string]struct {
		run  func() error
		want verdict
	}{
		"value without a text form": {func() error { return rdb.Set(t.Context(), "k", struct{}{}) }, verdict{Op: "SET", Safe: true}},
		"no name":                   {func() error { _, err := rdb.Raw(t.Context(), ""); return err }, verdict{Safe: true}},
		"no keys":                   {func() error { _, err := rdb.Del(t.Context()); return err }, verdict{Op: "DEL", Safe: true}},
		"zero command":              {func() error { _, err := upstash.Exec(t.Context(), rdb, command.Cmd[int]{}); return err }, verdict{Safe: true}},
		"second of a batch": {func() error {
			_, err := rdb.Do(t.Context(), upstash.Batch{Commands: []command.Args{command.Get("k").Args(), command.Set("k", nil).Args()}})
			return err
		}, verdict{Op: "SET", Index: 1, Safe: true}},
		"empty batch": {func() error { _, err := rdb.Do(t.Context(), upstash.Batch{}); return err },
			verdict{Op: "pipeline of 0", Index: -1, Safe: true}},
		"empty transaction": {func() error { _, err := rdb.Do(t.Context(), upstash.Batch{Atomic: true}); return err },
			verdict{Op: "transaction of 0", Index: -1, Safe: true}},
	} {
		err := test.run()
		if diff := cmp.Diff(test.want, verdictOf(t, err)); diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, err, diff)
		}
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestNoClient(t *testing.T) {
	t.Parallel()
	zero := &upstash.Client{}
	zero.CloseIdle()
	for name, run := range map[string]func() error{
		"zero Client": func() error { return zero.Set(t.Context(), "k", "v") },
		"zero Do": func() error {
			_, err := zero.Do(t.Context(), upstash.Batch{Commands: []command.Args{command.Set("k", 1).Args()}})
			return err
		},
		"Exec on it":   func() error { _, err := upstash.Exec(t.Context(), zero, command.Set("k", "v")); return err },
		"Exec on nil":  func() error { _, err := upstash.Exec(t.Context(), nil, command.Set("k", "v")); return err },
		"Over nothing": func() error { return upstash.Over(nil).Set(t.Context(), "k", "v") },
	} {
		err := run()
		if diff := cmp.Diff(verdict{Op: "SET", Index: -1, Safe: true}, verdictOf(t, err)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		if err.Error() != "upstash: SET: there is no client: make one with New, FromEnv or Shared" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A Doer that breaks its contract is caught, and not believed.
func TestExecCountsReplies(t *testing.T) {
	t.Parallel()
	for _, replies := range [][]command.Reply{nil, {}, {command.IntReply(1), command.IntReply(2)}} {
		d := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) { return replies, nil })
		_, err := upstash.Exec(t.Context(), d, command.Incr("k"))
		if diff := cmp.Diff(verdict{Op: "INCR", Index: -1, Sent: true, Unknown: true}, verdictOf(t, err)); diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		_, err = upstash.Exec(t.Context(), d, command.Get("k"))
		if !upstash.SafeToRetry(err) {
			t.Errorf("a read may be repeated: %v", err)
		}
	}
}

func TestErrorsOfADoerPassThrough(t *testing.T) {
	t.Parallel()
	cause := errors.New("out of order")
	d := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) { return nil, cause })
	_, err := upstash.Over(d).Get(t.Context(), "k")
	if !errors.Is(err, cause) || upstash.SafeToRetry(err) || upstash.OutcomeUnknown(err) || upstash.IsTimeout(err) || upstash.IsNoScript(err) {
		t.Errorf("got %v", err)
	}
	for _, ask := range []func(error) bool{upstash.SafeToRetry, upstash.OutcomeUnknown, upstash.IsTimeout, upstash.IsNoScript} {
		if ask(nil) || ask(upstash.ErrNil) {
			t.Error("a predicate is true of nothing")
		}
	}
}

func TestErrNil(t *testing.T) {
	t.Parallel()
	rdb := upstashtest.New(t).Client()
	v, err := rdb.Get(t.Context(), "none")
	if v != "" || !errors.Is(err, upstash.ErrNil) || !errors.Is(err, command.ErrNil) {
		t.Error(v, err)
	}
}
