package pipeline_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// mixed has GET, INCR, and a pipeline of both wait for one request, and returns it.
func mixed(t *testing.T, g upstash.Doer, first func()) (get, incrs, both *caller) {
	t.Helper()
	d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
	call(t.Context(), d, "lane")
	get, incrs = call(t.Context(), d, "a"), callBatch(t.Context(), d, incr("b"))
	both = callBatch(t.Context(), d, upstash.Batch{Commands: []command.Args{command.Get("c").Args(), command.Incr("d").Args()}})
	first()
	synctest.Wait()
	return get, incrs, both
}

// Every caller is told what concerns its own commands.
func TestAutoFailureIsEveryCallersOwn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		fault     func(*upstashtest.Exchange)
		unknown   bool
		safe      map[string]bool
		is        error
		getStatus int
	}{
		"unknown":      {upstashtest.ExecuteThenDrop, true, map[string]bool{"GET": true, "INCR": false, "pipeline of 2": false}, nil, 0},
		"not executed": {upstashtest.TooManyRequests(0), false, map[string]bool{"GET": true, "INCR": true, "pipeline of 2": true}, upstash.ErrRateLimited, 429},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
				lane := make(chan struct{})
				d := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
					if len(b.Commands) == 1 {
						<-lane
					}
					return srv.Client().Do(ctx, b)
				})
				srv.Intercept(upstashtest.On("INCR", tt.fault))
				get, incrs, both := mixed(t, d, func() { close(lane) })
				seen := map[error]bool{}
				for op, c := range map[string]*caller{"GET": get, "INCR": incrs, "pipeline of 2": both} {
					e, ok := errors.AsType[*upstash.Error](c.err)
					if !c.done || !ok || e.Op != op || e.Index != -1 || e.Status != tt.getStatus || seen[c.err] {
						t.Errorf("%s: done %v, %v", op, c.done, c.err)
					}
					seen[c.err] = true
					if upstash.OutcomeUnknown(c.err) != tt.unknown || upstash.SafeToRetry(c.err) != tt.safe[op] || tt.is != nil && !errors.Is(c.err, tt.is) {
						t.Errorf("%s: unknown %v, safe %v: %v", op, upstash.OutcomeUnknown(c.err), upstash.SafeToRetry(c.err), c.err)
					}
				}
				if n := len(srv.Requests()); n != 2 {
					t.Errorf("%d requests", n)
				}
			})
		})
	}
}

// A position in the shared request means nothing to a caller, whose pipeline
// would blame the wrong item.
func TestAutoFailureHidesForeignPositions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		get, _, both := mixed(t, g, func() { g.request(t, 0).echo() })
		g.request(t, 1).fail(&upstash.Error{Op: "pipeline of 4", Index: 1, Message: "no"})
		for _, c := range []*caller{get, both} {
			if e, ok := errors.AsType[*upstash.Error](c.err); !ok || e.Index != -1 {
				t.Errorf("got %+v", e)
			}
		}
	})
}

func TestAutoForeignErrorsArePassedOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		cause := errors.New("a middleware says no")
		get, incrs, both := mixed(t, g, func() { g.request(t, 0).echo() })
		g.request(t, 1).fail(cause)
		for _, c := range []*caller{get, incrs, both} {
			if !errors.Is(c.err, cause) {
				t.Errorf("got %v", c.err)
			}
		}
	})
}

// Without a reply for each command nobody can tell whose they are.
func TestAutoWrongNumberOfReplies(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 3, 5, 8} {
		synctest.Test(t, func(t *testing.T) {
			g := &gate{}
			get, incrs, both := mixed(t, g, func() { g.request(t, 0).echo() })
			g.request(t, 1).ends(func() ([]command.Reply, error) { return make([]command.Reply, n), nil })
			for _, c := range []*caller{get, incrs, both} {
				if !c.done || !upstash.OutcomeUnknown(c.err) || upstash.SafeToRetry(c.err) != (c == get) {
					t.Errorf("%d replies: %v", n, c.err)
				}
			}
		})
	}
}

// A panic below reaches who called, and the lane goes on.
func TestAutoPanicBelow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
		alone := call(t.Context(), d, "alone")
		a, gone, b := call(t.Context(), d, "a"), call(t.Context(), d, "gone"), call(t.Context(), d, "b")
		g.request(t, 0).ends(func() ([]command.Reply, error) { panic("first") })
		if alone.panicked != "first" {
			t.Errorf("the lone caller sees %v", alone.panicked)
		}
		gone.cancel()
		after := call(t.Context(), d, "after")
		g.request(t, 1).ends(func() ([]command.Reply, error) { panic("second") })
		if a.panicked != "second" || b.panicked != "second" || gone.panicked != nil {
			t.Errorf("the callers see %v, %v and %v", a.panicked, b.panicked, gone.panicked)
		}
		g.request(t, 2).echo()
		after.has(t, "after")
		again := call(t.Context(), d, "again")
		g.request(t, 3).echo()
		again.has(t, "again")
	})
}

// A Doer that ends its goroutine, as t.FailNow does, takes no lane with it.
func TestAutoGoexitBelow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
		exit := func() ([]command.Reply, error) { runtime.Goexit(); return nil, nil }
		alone := call(t.Context(), d, "alone")
		a, b := call(t.Context(), d, "a"), callBatch(t.Context(), d, incr("b"))
		g.request(t, 0).ends(exit)
		if !alone.done {
			t.Error("the lone caller's goroutine goes on")
		}
		after := call(t.Context(), d, "after")
		g.request(t, 1).ends(exit)
		if !upstash.OutcomeUnknown(a.err) || !upstash.OutcomeUnknown(b.err) || !upstash.SafeToRetry(a.err) || upstash.SafeToRetry(b.err) {
			t.Errorf("got %v and %v", a.err, b.err)
		}
		g.request(t, 2).echo()
		after.has(t, "after")
		again := call(t.Context(), d, "again")
		g.request(t, 3).echo()
		again.has(t, "again")
	})
}

// What a server says of one command stays with that command.
func TestAutoCommandErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		get, incrs, _ := mixed(t, g, func() { g.request(t, 0).echo() })
		g.request(t, 1).ends(func() ([]command.Reply, error) {
			return []command.Reply{command.TextReply("v"), command.ErrorReply("WRONGTYPE no"), {}, command.IntReply(1)}, nil
		})
		get.has(t, "v")
		if incrs.err != nil || incrs.got != "WRONGTYPE no" {
			t.Errorf("%q, %v", incrs.got, incrs.err)
		}
	})
}
