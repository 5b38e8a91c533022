package upstash_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestContextEndedBefore(t *testing.T) {
	t.Parallel()
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	for ctx, cause := range map[context.Context]error{canceled: context.Canceled, expired: context.DeadlineExceeded} {
		m := mock(answer(200, inJSON, `{"result":1}`))
		_, err := newClient(t, m).Incr(ctx, "k")
		want := verdict{Op: "INCR", Index: -1, Safe: true, Timeout: ctx == expired}
		if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		if !errors.Is(err, cause) {
			t.Errorf("%v is not %v", err, cause)
		}
		if n := m.GetTotalCallCount(); n != 0 {
			t.Errorf("%d requests were made", n)
		}
	}
}

// A server that has the request and does not answer.
func TestContextCanceledDuring(t *testing.T) {
	t.Parallel()
	arrived, release := make(chan struct{}), make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-release
	}))
	t.Cleanup(srv.Close)
	t.Cleanup(func() { close(release) })
	for _, client := range []*http.Client{nil, {Transport: &http.Transport{}}} {
		rdb, err := upstash.New(upstash.Options{URL: srv.URL, Token: testToken, HTTPClient: client, Retry: noRetry})
		if err != nil {
			t.Fatal(err)
		}
		for _, op := range operations() {
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-arrived
				cancel()
			}()
			err := op.run(t, upstash.DoerFunc(func(_ context.Context, b upstash.Batch) ([]command.Reply, error) { return rdb.Do(ctx, b) }))
			want := verdict{Op: op.name, Index: -1, Sent: true, Attempts: 1, Safe: op.repeatable, Unknown: true}
			if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%v is not context.Canceled", err)
			}
			cancel()
		}
	}
}

// deaf is a RoundTripper that ignores contexts and never answers before it is released.
type deaf chan struct{}

func (d deaf) RoundTrip(*http.Request) (*http.Response, error) {
	<-d
	return httpmock.NewStringResponse(200, `{"result":1}`), nil
}

func TestContextEndsACallThatIgnoresIt(t *testing.T) {
	t.Parallel()
	for name, cause := range map[string]error{"deadline": context.DeadlineExceeded, "cancel": context.Canceled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt := make(deaf)
				defer close(rt)
				rdb := newClient(t, rt)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if name == "cancel" {
					ctx, cancel = context.WithCancel(t.Context())
					time.AfterFunc(time.Second, cancel)
				}
				start := time.Now()
				_, err := rdb.Incr(ctx, "k")
				if waited := time.Since(start); waited != time.Second {
					t.Errorf("it returned after %v", waited)
				}
				want := verdict{Op: "INCR", Index: -1, Sent: true, Attempts: 1, Unknown: true, Timeout: name == "deadline"}
				if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
					t.Errorf("%v (-want +got)\n%s", err, diff)
				}
				if !errors.Is(err, cause) {
					t.Errorf("%v is not %v", err, cause)
				}
			})
		})
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	const never = 1000 * time.Hour
	for name, test := range map[string]struct {
		option, deadline, want time.Duration
	}{
		"default":                  {want: 30 * time.Second},
		"option":                   {option: 5 * time.Second, want: 5 * time.Second},
		"an earlier deadline":      {option: 5 * time.Second, deadline: time.Second, want: time.Second},
		"a later deadline":         {option: 5 * time.Second, deadline: time.Minute, want: time.Minute},
		"a deadline, no option":    {deadline: time.Hour, want: time.Hour},
		"negative":                 {option: -1, want: never},
		"negative with a deadline": {option: -1, deadline: time.Minute, want: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt := make(deaf)
				defer close(rt)
				rdb := newClient(t, rt, func(o *upstash.Options) { o.Timeout = test.option })
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(never, cancel)
				if test.deadline > 0 {
					ctx, cancel = context.WithTimeout(ctx, test.deadline)
				}
				defer cancel()
				start := time.Now()
				_, err := rdb.Get(ctx, "k")
				if waited := time.Since(start); waited != test.want {
					t.Errorf("it ended after %v, not %v", waited, test.want)
				}
				if upstash.IsTimeout(err) != (test.want != never) {
					t.Errorf("IsTimeout is %v for %v", upstash.IsTimeout(err), err)
				}
			})
		})
	}
}

// The bound ends with the call: what the server sends later is no business of the caller's.
func TestCallsOverAForeignTransportWork(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	rdb, err := upstash.New(upstash.Options{URL: srv.URL, Token: srv.Token, AllowInsecure: true, HTTPClient: &http.Client{Transport: srv.Transport()}})
	if err != nil {
		t.Fatal(err)
	}
	if err := rdb.Set(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	if v, err := rdb.Get(t.Context(), "k"); v != "v" || err != nil {
		t.Error(v, err)
	}
}
