package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// counts is a PartialError without its errors.
type counts struct{ Answered, Failed, NotSent, Failures int }

func partialOf(t *testing.T, err error) (*pipeline.PartialError, counts) {
	t.Helper()
	p, ok := errors.AsType[*pipeline.PartialError](err)
	if !ok {
		t.Fatalf("the error is a %T: %v", err, err)
	}
	return p, counts{p.Answered, p.Failed, p.NotSent, len(p.Failures)}
}

func TestPartialError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault   func(*upstashtest.Exchange)
		unknown bool
		is      error
		ran     int64 // how many of the 12 INCR ran
		says    string
	}{
		"not executed": {upstashtest.TooManyRequests(0), false, upstash.ErrRateLimited, 5, "3 did not run"},
		"lost before":  {upstashtest.DropBefore, true, nil, 5, "3 may have run"},
		"lost after":   {upstashtest.ExecuteThenDrop, true, nil, 8, "3 may have run"},
		"cut":          {upstashtest.CutBody(5), true, nil, 8, "3 may have run"},
		"a proxy":      {upstashtest.HTMLBody, true, nil, 5, "3 may have run"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
			rdb := srv.Client()
			srv.Intercept(upstashtest.After(2, tt.fault))
			p := pipeline.NewWith(rdb, pipeline.Options{MaxCommands: 3})
			text := p.Set("text", "x")
			var queued []*pipeline.Queued[int64]
			for i := range 12 {
				key := "n"
				if i == 2 {
					key = "text" // fails on its own, in the second request
				}
				queued = append(queued, p.Incr(key))
			}
			err := p.Exec(t.Context())
			e, got := partialOf(t, err)
			if diff := cmp.Diff(counts{6, 3, 4, 1}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if f := e.Failures[0]; f.Index != 3 || f.Command != "INCR" || !errors.Is(err, f.Err) || queued[2].Err() != f.Err { //nolint:errorlint // the same error
				t.Errorf("the failure is %+v", f)
			}
			if upstash.OutcomeUnknown(err) != tt.unknown || upstash.OutcomeUnknown(e.Err) != tt.unknown || upstash.SafeToRetry(e.Err) == tt.unknown {
				t.Errorf("unknown is not %v: %v", tt.unknown, err)
			}
			if upstash.SafeToRetry(err) {
				t.Error("to send all of it again would count twice")
			}
			if tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), "6 commands were answered (1 with an error), ") || !strings.Contains(err.Error(), "4 were not sent: ") {
				t.Errorf("got %v", err)
			}
			if text.Err() != nil {
				t.Error(text.Err())
			}
			for i, q := range queued {
				at := i + 1
				switch {
				case at == 3: // above
				case at < 6 && (q.Err() != nil || q.Val() == 0):
					t.Errorf("item %d: %d, %v", at, q.Val(), q.Err())
				case at >= 6 && at < 9 && (q.Err() != e.Err || q.Val() != 0): //nolint:errorlint // the same error
					t.Errorf("item %d: %d, %v", at, q.Val(), q.Err())
				case at >= 9 && !errors.Is(q.Err(), pipeline.ErrNotExecuted):
					t.Errorf("item %d: %d, %v", at, q.Val(), q.Err())
				}
			}
			n := p.IncrBy("n", 0)
			if err := p.Exec(t.Context()); err != nil || n.Val() != tt.ran-1 { // SET is one of the answered
				t.Errorf("used again: %d, %v", n.Val(), err)
			}
		})
	}
}

// What is said of the whole pipeline takes into account what was answered.
func TestPartialErrorSpeaksForTheWhole(t *testing.T) {
	t.Parallel()
	get, incr := command.Get("k").Args(), command.Incr("k").Args()
	for name, tt := range map[string]struct {
		commands      []command.Args
		fault         func(*upstashtest.Exchange)
		safe, unknown bool
	}{
		"reads, then refused":            {[]command.Args{get, incr, get}, upstashtest.TooManyRequests(0), true, false},
		"reads, then a read lost":        {[]command.Args{get, get, incr}, upstashtest.DropBefore, true, true},
		"reads, then a write lost":       {[]command.Args{get, incr, get}, upstashtest.DropBefore, false, true},
		"a write, then refused":          {[]command.Args{incr, get, get}, upstashtest.TooManyRequests(0), false, false},
		"a write, then a read lost":      {[]command.Args{incr, get, get}, upstashtest.DropBefore, false, true},
		"a write, then another was lost": {[]command.Args{incr, incr, get}, upstashtest.DropBefore, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
			srv.Intercept(upstashtest.After(1, tt.fault))
			p := pipeline.NewWith(srv.Client(), pipeline.Options{MaxCommands: 1})
			for _, c := range tt.commands {
				pipeline.Queue(p, command.New(command.Reply.Reply, c.Name(), "k").WithClass(c.Class()))
			}
			err := p.Exec(t.Context())
			if _, got := partialOf(t, err); got.Answered != 1 || got.Failed != 1 || got.NotSent != 1 {
				t.Errorf("got %+v", got)
			}
			if upstash.SafeToRetry(err) != tt.safe || upstash.OutcomeUnknown(err) != tt.unknown {
				t.Errorf("safe %v, unknown %v: %v", upstash.SafeToRetry(err), upstash.OutcomeUnknown(err), err)
			}
		})
	}
}

// A Doer that only says "failed" leaves open whether anything ran.
func TestPartialErrorOfAForeignDoer(t *testing.T) {
	t.Parallel()
	cause := errors.New("no")
	for name, answer := range map[string]func() ([]command.Reply, error){
		"an error of its own": func() ([]command.Reply, error) { return nil, cause },
		"too few replies":     func() ([]command.Reply, error) { return nil, nil },
	} {
		calls := 0
		d := upstash.DoerFunc(func(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
			if calls++; calls == 1 {
				return make([]command.Reply, len(b.Commands)), nil
			}
			return answer()
		})
		p := pipeline.NewWith(d, pipeline.Options{MaxCommands: 2})
		for range 6 {
			pipeline.Queue(p, command.New(command.Reply.Reply, "GET", "k").WithClass(command.ReadOnly))
		}
		err := p.Exec(t.Context())
		_, got := partialOf(t, err)
		if diff := cmp.Diff(counts{2, 2, 2, 0}, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		if !upstash.OutcomeUnknown(err) || !upstash.SafeToRetry(err) || !strings.Contains(err.Error(), "2 may have run, 2 were not sent") || calls != 2 {
			t.Errorf("%s: %d calls, %v", name, calls, err)
		}
		if name == "an error of its own" != errors.Is(err, cause) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A context that ends between two requests keeps the second from being sent.
func TestPartialErrorOfAContext(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	ctx, cancel := context.WithCancel(t.Context())
	d := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
		defer cancel()
		return srv.Client().Do(ctx, b)
	})
	p := pipeline.NewWith(d, pipeline.Options{MaxCommands: 2})
	for i := range 5 {
		p.Set(fmt.Sprint("k", i), i)
	}
	err := p.Exec(ctx)
	e, got := partialOf(t, err)
	if diff := cmp.Diff(counts{2, 2, 1, 0}, got); diff != "" || !errors.Is(err, context.Canceled) || upstash.OutcomeUnknown(e.Err) || !strings.Contains(err.Error(), "2 did not run") {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if m := srv.Meter(); m.Commands != 2 {
		t.Errorf("metered %+v", m)
	}
}

// A replica that refuses the write has served what was beside it.
func TestExecErrorSpeaksForTheWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		beside  command.Cmd[command.Reply]
		replies []command.Reply
		safe    bool
	}{
		{command.New(command.Reply.Reply, "INCR", "n"), []command.Reply{command.IntReply(1), command.ErrorReply("READONLY no")}, false},
		{command.New(command.Reply.Reply, "GET", "n").WithClass(command.ReadOnly), []command.Reply{{}, command.ErrorReply("READONLY no")}, true},
		{command.New(command.Reply.Reply, "INCR", "n"), []command.Reply{command.ErrorReply("READONLY no"), command.ErrorReply("READONLY no")}, true},
		{command.New(command.Reply.Reply, "INCR", "n"), []command.Reply{command.ErrorReply("ERR no"), command.ErrorReply("READONLY no")}, false},
	} {
		d := upstash.DoerFunc(func(context.Context, upstash.Batch) ([]command.Reply, error) { return tt.replies, nil })
		p := pipeline.New(d)
		pipeline.Queue(p, tt.beside)
		item := p.Incr("m")
		err := p.Exec(t.Context())
		if upstash.SafeToRetry(err) != tt.safe || !upstash.SafeToRetry(item.Err()) || upstash.OutcomeUnknown(err) || !errors.Is(err, item.Err()) {
			t.Errorf("%v beside READONLY: safe is not %v: %v", tt.replies[0], tt.safe, err)
		}
	}
}
