package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jarcoal/httpmock"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// place is a failure without its error.
type place struct {
	Index   int
	Command string
	Code    string
}

// placesOf takes an ExecError apart and checks that each error is typed.
func placesOf(t *testing.T, err error) []place {
	t.Helper()
	var failed *pipeline.ExecError
	if !errors.As(err, &failed) {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	var places []place
	for i, f := range failed.Failures {
		var e *upstash.Error
		if !errors.As(f.Err, &e) {
			t.Fatalf("failure %d is a %T: %v", i, f.Err, f.Err)
		}
		if e.Index != f.Index || e.Op != f.Command || failed.Unwrap()[i] != f.Err { //nolint:errorlint // identity is meant
			t.Errorf("failure %d is of command %d, its error of %d: %v", i, f.Index, e.Index, e)
		}
		places = append(places, place{f.Index, f.Command, e.Code})
	}
	return places
}

func TestPartialFailure(t *testing.T) {
	t.Parallel()
	for kind, start := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			p := start(upstashtest.New(t).Client())
			set := p.Set("k", "text")
			incr := p.Incr("k")
			missing := p.Get("none")
			push := p.HSetField("k", "f", "v")
			noScript := p.EvalSha(strings.Repeat("0", 40), nil)
			last := p.Get("k")
			err := p.Exec(t.Context())
			want := []place{{1, "INCR", "ERR"}, {3, "HSET", "WRONGTYPE"}, {4, "EVALSHA", "NOSCRIPT"}}
			if diff := cmp.Diff(want, placesOf(t, err)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if set.Err() != nil || last.Err() != nil || last.Val() != "text" {
				t.Error(set.Err(), last.Err(), last.Val())
			}
			if v, err := missing.Result(); v != "" || !errors.Is(err, upstash.ErrNil) {
				t.Error(v, err)
			}
			if incr.Val() != 0 || !errors.Is(err, incr.Err()) || !errors.Is(err, push.Err()) || !upstash.IsNoScript(noScript.Err()) || errors.Is(err, upstash.ErrNil) {
				t.Error(incr.Val(), incr.Err(), push.Err(), noScript.Err())
			}
			if _, ok := errors.AsType[*command.Error](err); !ok {
				t.Errorf("the server's error is not reachable from %v", err)
			}
			if upstash.SafeToRetry(err) || upstash.OutcomeUnknown(err) {
				t.Error("commands that were answered are not to be repeated")
			}
			if text := err.Error(); !strings.HasPrefix(text, "pipeline: 3 of 6 commands failed; command 1: upstash: INCR: ERR ") || !strings.Contains(text, "; command 4: upstash: EVALSHA: NOSCRIPT ") {
				t.Errorf("got %s", text)
			}
		})
	}
}

func TestManyFailuresAreSummedUp(t *testing.T) {
	t.Parallel()
	p := pipeline.New(upstashtest.New(t).Client())
	p.Set("k", "text")
	for range 10 {
		p.Incr("k")
	}
	err := p.Exec(t.Context())
	if n := len(placesOf(t, err)); n != 10 {
		t.Errorf("%d failures", n)
	}
	if text := err.Error(); strings.Count(text, "; command ") != 3 || !strings.HasSuffix(text, "; and 7 more") {
		t.Errorf("got %s", text)
	}
}

// A missing value alone is no failure.
func TestMissingValueIsNoFailure(t *testing.T) {
	t.Parallel()
	p := pipeline.New(upstashtest.New(t).Client())
	q := p.Get("none")
	if err := p.Exec(t.Context()); err != nil || !errors.Is(q.Err(), upstash.ErrNil) {
		t.Error(err, q.Err())
	}
}

// One command that cannot be sent keeps the whole batch from being sent.
func TestWhatCannotBeSent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		values []any
		want   []place
	}{
		"no text form":   {[]any{"v", struct{}{}, "v", nil}, []place{{1, "SET", ""}, {3, "SET", ""}}},
		"not UTF-8":      {[]any{"v", "v", "\xff", "v"}, []place{{2, "SET", ""}}},
		"both":           {[]any{"v", "\xff", nil}, []place{{2, "SET", ""}}},
		"alone, no form": {[]any{nil}, []place{{0, "SET", ""}}},
	} {
		for kind, start := range kinds {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				srv := upstashtest.New(t)
				p := start(srv.Client())
				var queued []*pipeline.Queued[command.OK]
				for _, v := range test.values {
					queued = append(queued, p.Set("k", v))
				}
				err := p.Exec(t.Context())
				if diff := cmp.Diff(test.want, placesOf(t, err)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
				if !upstash.SafeToRetry(err) || upstash.OutcomeUnknown(err) {
					t.Errorf("it was not sent: %v", err)
				}
				bad := map[int]bool{}
				for _, w := range test.want {
					bad[w.Index] = true
				}
				for i, q := range queued {
					if errors.Is(q.Err(), pipeline.ErrNotExecuted) == bad[i] || bad[i] && !errors.Is(err, q.Err()) {
						t.Errorf("item %d: %v", i, q.Err())
					}
				}
				if n := len(srv.Requests()); n != 0 || p.Len() != 0 {
					t.Errorf("%d requests, %d queued", n, p.Len())
				}
			})
		}
	}
}

// When the round trip fails every item says so, with the same error.
func TestRoundTripFails(t *testing.T) {
	t.Parallel()
	respond := map[string]httpmock.Responder{
		"unauthorized": httpmock.NewStringResponder(401, `{"error":"WRONGPASS no"}`),
		"proxy":        httpmock.NewStringResponder(502, `<html>`),
		"fewer":        httpmock.NewStringResponder(200, `[{"result":1}]`),
		"more":         httpmock.NewStringResponder(200, `[{"result":1},{"result":1},{"result":1}]`),
		"object":       httpmock.NewStringResponder(200, `{"error":"ERR failed to parse pipeline request"}`),
		"network":      httpmock.NewErrorResponder(errors.New("no network")),
	}
	for name, r := range respond {
		for kind, start := range kinds {
			t.Run(name+"/"+kind, func(t *testing.T) {
				t.Parallel()
				m := httpmock.NewMockTransport()
				m.RegisterNoResponder(r)
				rdb, err := upstash.New(upstash.Options{URL: "https://x.upstash.io", Token: "token", HTTPClient: &http.Client{Transport: m}, Retry: upstash.RetryOptions{Attempts: 1}})
				if err != nil {
					t.Fatal(err)
				}
				p := start(rdb)
				a, b := p.Incr("n"), p.Get("k")
				err = p.Exec(t.Context())
				var e *upstash.Error
				if !errors.As(err, &e) || e.Op != kind+" of 2" || e.Index != -1 {
					t.Errorf("got %v", err)
				}
				if a.Err() != err || b.Err() != err || a.Val() != 0 || b.Val() != "" { //nolint:errorlint // the same error
					t.Errorf("%v, but the items say %v and %v", err, a.Err(), b.Err())
				}
				if n := m.GetTotalCallCount(); n != 1 {
					t.Errorf("%d requests", n)
				}
			})
		}
	}
}

// A Doer that breaks its contract is caught.
func TestDoerThatMiscounts(t *testing.T) {
	t.Parallel()
	for n := range 4 {
		d := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) {
			return make([]command.Reply, n), nil
		})
		p := pipeline.New(d)
		a, b := p.Get("k"), p.Get("k")
		err := p.Exec(t.Context())
		if n == 2 {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if want := fmt.Sprintf("%d replies for 2 commands", n); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
		if !errors.Is(a.Err(), err) || !errors.Is(b.Err(), err) {
			t.Error(a.Err(), b.Err())
		}
	}
	if err := pipeline.Run(t.Context(), nil, func(p *pipeline.Pipeline) error { p.Get("k"); return nil }); err == nil || !strings.Contains(err.Error(), "no client") {
		t.Errorf("without a Doer: %v", err)
	}
}
