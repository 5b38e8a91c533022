package upstash_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// observed makes a client of srv and collects what it observes.
func observed(t *testing.T, srv *upstashtest.Server) (*upstash.Client, *[]upstash.RoundTrip) {
	t.Helper()
	var seen []upstash.RoundTrip
	rdb, err := upstash.New(upstash.Options{
		URL: srv.URL, Token: srv.Token,
		Observe: func(_ context.Context, rt upstash.RoundTrip) { seen = append(seen, rt) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rdb.CloseIdle)
	return rdb, &seen
}

// TestObserveAgreesWithTheServer compares what the client says it used with
// what the server says it gave.
func TestObserveAgreesWithTheServer(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb, seen := observed(t, srv)
	ctx := t.Context()
	batch := []command.Args{command.Set("k", "\u2028é").Args(), command.New(command.Reply.Text, "ping").Args(), command.Get("k").Args(), command.Incr("k").Args()}
	for _, run := range []func() error{
		func() error { return rdb.Set(ctx, "k", "v") },
		func() error { return rdb.Set(ctx, "k/é", "\xff\x00") },
		func() error { _, err := rdb.Get(ctx, "k/é"); return err },
		func() error { _, err := rdb.Raw(ctx, "PING"); return err },
		func() error { _, err := rdb.Do(ctx, upstash.Batch{Commands: batch}); return err },
		func() error { _, err := rdb.Do(ctx, upstash.Batch{Commands: batch, Atomic: true}); return err },
		func() error { _, err := rdb.Do(ctx, upstash.Batch{Commands: batch[:1], Atomic: true}); return err },
		func() error {
			_, err := rdb.Incr(ctx, "k")
			if err == nil {
				return errors.New("INCR of a text succeeded")
			}
			return nil
		},
		func() error {
			_, err := rdb.Get(ctx, "none")
			if errors.Is(err, upstash.ErrNil) {
				return nil
			}
			return err
		},
	} {
		if err := run(); err != nil {
			t.Fatal(err)
		}
	}
	names := []string{"SET", "PING", "GET", "INCR"}
	want := []upstash.RoundTrip{
		{Commands: []string{"SET"}, Status: 200, Billed: 1}, {Commands: []string{"SET"}, Status: 200, Billed: 1},
		{Commands: []string{"GET"}, Status: 200, Billed: 1}, {Commands: []string{"PING"}, Status: 200},
		{Commands: names, Status: 200, Billed: 3}, {Commands: names, Atomic: true, Status: 200, Billed: 3},
		{Commands: names[:1], Atomic: true, Status: 200, Billed: 1},
		{Commands: []string{"INCR"}, Status: 400, Billed: 1}, {Commands: []string{"GET"}, Status: 200, Billed: 1},
	}
	for i := range want {
		want[i].Attempt = 1
	}
	if diff := cmp.Diff(want, *seen, cmpopts.IgnoreFields(upstash.RoundTrip{}, "Sent", "Received", "Duration")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	var sum upstashtest.Meter
	for i, rt := range *seen {
		sum.RoundTrips++
		sum.Commands += rt.Billed
		sum.BytesIn += int64(rt.Sent)
		sum.BytesOut += int64(rt.Received)
		if r := srv.Requests()[i]; int64(rt.Sent) != r.BytesIn || int64(rt.Received) != r.BytesOut || rt.Status != r.Status {
			t.Errorf("the client saw %+v, the server %+v", rt, r)
		}
		if rt.Duration <= 0 {
			t.Errorf("round trip %d took %v", i, rt.Duration)
		}
	}
	if diff := cmp.Diff(srv.Meter(), sum); diff != "" {
		t.Errorf("(-server +client)\n%s", diff)
	}
}

func TestObserveFailures(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb, seen := observed(t, srv)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, refused := rdb.Do(t.Context(), upstash.Batch{})
	if err := rdb.Set(canceled, "k", "v"); err == nil || refused == nil || len(*seen) != 0 {
		t.Errorf("%v, %v: what was not sent was observed: %+v", err, refused, *seen)
	}

	var got []upstash.RoundTrip
	for _, f := range []fault{faults["proxy"], faults["truncated"]} {
		failing := newClient(t, mock(answer(f.status, f.contentType, f.body)), func(o *upstash.Options) {
			o.Observe = func(_ context.Context, rt upstash.RoundTrip) { got = append(got, rt) }
		})
		_, err := failing.Get(t.Context(), "k")
		last := got[len(got)-1]
		if !errors.Is(last.Err, err) || last.Received != len(f.body) || last.Status != f.status || last.Sent != len(`["GET","k"]`) {
			t.Errorf("%v was observed as %+v", err, last)
		}
	}
	cause := errors.New("no network")
	failing := newClient(t, mock(func(*http.Request) (*http.Response, error) { return nil, cause }), func(o *upstash.Options) {
		o.Observe = func(_ context.Context, rt upstash.RoundTrip) { got = append(got, rt) }
	})
	_, err := failing.Get(t.Context(), "k")
	if last := got[len(got)-1]; !errors.Is(last.Err, err) || last.Status != 0 || last.Received != 0 {
		t.Errorf("%v was observed as %+v", err, last)
	}
}

// The function is given the caller's values, for a tracer to find its span.
func TestObserveContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	var got any
	rdb := newClient(t, mock(answer(200, inJSON, `{"result":1}`)), func(o *upstash.Options) {
		o.Observe = func(ctx context.Context, _ upstash.RoundTrip) { got = ctx.Value(key{}) }
	})
	if _, err := rdb.Incr(context.WithValue(t.Context(), key{}, "span"), "k"); err != nil || got != "span" {
		t.Error(got, err)
	}
}
