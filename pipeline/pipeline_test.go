package pipeline_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// kinds are the two ways to make a pipeline, which differ in one flag.
var kinds = map[string]func(upstash.Doer) *pipeline.Pipeline{"pipeline": pipeline.New, "transaction": pipeline.NewTx}

func TestResultsOneByOne(t *testing.T) {
	t.Parallel()
	for kind, start := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t)
			p := start(srv.Client())
			set := p.Set("k", "v")
			got := p.Get("k")
			n := p.IncrBy("n", 7)
			list := p.MGet("k", "none")
			ok := p.SetWith("k", "w", command.SetOptions{TTL: time.Minute, If: command.Absent})
			if p.Len() != 5 || len(srv.Requests()) != 0 {
				t.Errorf("Len is %d after %d requests", p.Len(), len(srv.Requests()))
			}
			if err := p.Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			if set.Err() != nil || got.Err() != nil || ok.Err() != nil {
				t.Error(set.Err(), got.Err(), ok.Err())
			}
			if v, err := n.Result(); v != 7 || err != nil {
				t.Error(v, err)
			}
			if got.Val() != "v" || ok.Val() {
				t.Error(got.Val(), ok.Val())
			}
			want := []command.Null[string]{{V: "v", Valid: true}, {}}
			if diff := cmp.Diff(want, list.Val()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			wantPath := map[string]string{"pipeline": "/pipeline", "transaction": "/multi-exec"}[kind]
			if r := srv.Requests(); len(r) != 1 || r[0].Path != wantPath {
				t.Errorf("the requests were %+v", r)
			}
		})
	}
}

func TestBeforeExec(t *testing.T) {
	t.Parallel()
	p := pipeline.New(upstashtest.New(t).Client())
	q := p.Get("k")
	if v, err := q.Result(); v != "" || !errors.Is(err, pipeline.ErrNotExecuted) || !errors.Is(q.Err(), pipeline.ErrNotExecuted) || q.Val() != "" {
		t.Error(v, err)
	}
}

func TestEmptyExec(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	for _, start := range kinds {
		if err := start(srv.Client()).Exec(t.Context()); err != nil {
			t.Error(err)
		}
		if err := start(nil).Exec(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := pipeline.Run(t.Context(), srv.Client(), func(*pipeline.Pipeline) error { return nil }); err != nil {
		t.Error(err)
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestReuseAfterExec(t *testing.T) {
	t.Parallel()
	for kind, start := range kinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t)
			p := start(srv.Client())
			first := p.Incr("n")
			if err := p.Exec(t.Context()); err != nil || p.Len() != 0 {
				t.Fatal(p.Len(), err)
			}
			if err := p.Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			second := p.Incr("n")
			if err := p.Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			if first.Val() != 1 || second.Val() != 2 || len(srv.Requests()) != 2 {
				t.Error(first.Val(), second.Val(), len(srv.Requests()))
			}
		})
	}
}

// A failed Exec empties the pipeline too: nothing is sent twice by accident.
func TestReuseAfterFailure(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	p := pipeline.New(srv.Client())
	lost := p.Incr("n")
	if err := p.Exec(canceled); !errors.Is(err, context.Canceled) || !errors.Is(lost.Err(), context.Canceled) {
		t.Error(err, lost.Err())
	}
	if n := p.Incr("n"); p.Exec(t.Context()) != nil || n.Val() != 1 {
		t.Error(n.Result())
	}
}

type user struct {
	Name string `json:"name"`
	Age  int    `json:"age"`
}

func TestQueueComposedCommands(t *testing.T) {
	t.Parallel()
	rdb := upstashtest.New(t).Client()
	p := pipeline.New(rdb)
	pipeline.Queue(p, command.Set("user:1", `{"name":"Ada","age":36}`))
	ada := pipeline.Queue(p, command.JSON[user](command.Get("user:1")))
	none := pipeline.Queue(p, command.JSON[user](command.Get("user:2")))
	length := pipeline.Queue(p, command.New(command.Reply.Int, "strlen", "user:1"))
	upper := pipeline.Queue(p, command.Map(command.Type("user:1"), func(s string) (string, error) { return strings.ToUpper(s), nil }))
	number := pipeline.Queue(p, command.Map(command.Get("user:1"), strconv.Atoi))
	err := p.Exec(t.Context())
	if diff := cmp.Diff(user{"Ada", 36}, ada.Val()); diff != "" || ada.Err() != nil {
		t.Errorf("%v (-want +got)\n%s", ada.Err(), diff)
	}
	if !errors.Is(none.Err(), upstash.ErrNil) || length.Val() != 23 || upper.Val() != "STRING" {
		t.Error(none.Err(), length.Val(), upper.Val())
	}
	var failed *pipeline.ExecError
	if !errors.As(err, &failed) || len(failed.Failures) != 1 || failed.Failures[0].Index != 5 || !errors.Is(err, strconv.ErrSyntax) || number.Val() != 0 {
		t.Errorf("got %v", err)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	var n *pipeline.Queued[int64]
	err := pipeline.Run(t.Context(), srv.Client(), func(p *pipeline.Pipeline) error {
		p.Set("n", 41)
		n = p.Incr("n")
		return nil
	})
	if err != nil || n.Val() != 42 {
		t.Error(n.Val(), err)
	}
	srv.Reset()
	cause := errors.New("changed my mind")
	err = pipeline.Run(t.Context(), srv.Client(), func(p *pipeline.Pipeline) error {
		n = p.Incr("n")
		return cause
	})
	if !errors.Is(err, cause) || !errors.Is(n.Err(), pipeline.ErrNotExecuted) || len(srv.Requests()) != 0 {
		t.Error(err, n.Err(), srv.Requests())
	}
}

// Every generated method queues the command of its name: parity is the
// generator's test, this one is for the order.
func TestCommandsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	p := pipeline.New(srv.Client())
	var queued []*pipeline.Queued[int64]
	for range 500 {
		queued = append(queued, p.Incr("n"))
	}
	if err := p.Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, q := range queued {
		if q.Val() != int64(i+1) {
			t.Fatalf("item %d is %d", i, q.Val())
		}
	}
	if m := srv.Meter(); m.RoundTrips != 1 || m.Commands != 500 {
		t.Errorf("metered %+v", m)
	}
}
