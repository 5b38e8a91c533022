package pipeline_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"weak"

	"github.com/seed-9937a0e6/upstash-go/pipeline"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func incr(key string) upstash.Batch {
	return upstash.Batch{Commands: []command.Args{command.Incr(key).Args()}}
}

// left fails the test unless the caller returned because its context ended.
func (c *caller) left(t *testing.T, cause error, sent bool) {
	t.Helper()
	synctest.Wait()
	e, ok := errors.AsType[*upstash.Error](c.err)
	if !c.done || !ok || !errors.Is(c.err, cause) || e.Sent != sent || e.Index != -1 || upstash.OutcomeUnknown(c.err) != sent || upstash.SafeToRetry(c.err) == sent {
		t.Errorf("done %v: %v", c.done, c.err)
	}
}

func TestAutoWithdrawsWhoLeavesBeforeTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
		lane := call(t.Context(), d, "lane")
		first, stays, late := callBatch(t.Context(), d, incr("x")), call(t.Context(), d, "stays"), callBatch(t.Context(), d, incr("y"))
		soon, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		timed := callBatch(soon, d, incr("z"))
		first.cancel()
		first.left(t, context.Canceled, false)
		time.Sleep(time.Second) // bubble
		timed.left(t, context.DeadlineExceeded, false)
		late.cancel()
		late.left(t, context.Canceled, false)
		g.request(t, 0).echo()
		lane.has(t, "lane")
		g.request(t, 1).echo()
		stays.has(t, "stays")
		checkSent(t, g, "lane", "stays")
	})
}

// When all have left, the lane is free again and nothing is sent.
func TestAutoWithdrawsAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: time.Second})
		call(t.Context(), d, "lane")
		for range 10 {
			c := callBatch(t.Context(), d, incr("n"))
			c.cancel()
			c.left(t, context.Canceled, false)
		}
		time.Sleep(time.Minute) // bubble
		g.request(t, 0).echo()
		checkSent(t, g, "lane")
		after := call(t.Context(), d, "after")
		g.request(t, 1).echo()
		after.has(t, "after")
	})
}

func TestAutoLeavingDoesNotDisturbTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
		call(t.Context(), d, "lane")
		a, b, c := callBatch(t.Context(), d, incr("a")), call(t.Context(), d, "b"), callBatch(t.Context(), d, incr("c"))
		g.request(t, 0).echo()
		h := g.request(t, 1)
		a.cancel() // the first one, whose context the request has the values of
		a.left(t, context.Canceled, true)
		c.cancel()
		c.left(t, context.Canceled, true)
		if h.ctx.Err() != nil {
			t.Errorf("the request ended: %v", h.ctx.Err())
		}
		h.echo()
		b.has(t, "b")
		checkSent(t, g, "lane", "a b c")
	})
}

func TestAutoLastToLeaveEndsTheRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
		call(t.Context(), d, "lane")
		a, b, waits := callBatch(t.Context(), d, incr("a")), callBatch(t.Context(), d, incr("b")), (*caller)(nil)
		g.request(t, 0).echo()
		h := g.request(t, 1)
		waits = call(t.Context(), d, "waits")
		a.cancel()
		synctest.Wait()
		if h.ctx.Err() != nil {
			t.Error("the request ended too soon")
		}
		b.cancel()
		a.left(t, context.Canceled, true)
		b.left(t, context.Canceled, true)
		if !errors.Is(h.ctx.Err(), context.Canceled) {
			t.Error("the request goes on for nobody")
		}
		g.request(t, 2).echo()
		waits.has(t, "waits")
	})
}

// A shared request lasts as long as its most patient caller, and ends then even
// if the Doer has no limit of its own.
func TestAutoDeadlineIsTheLatest(t *testing.T) {
	t.Parallel()
	type key struct{}
	for name, tt := range map[string]struct {
		patience []time.Duration // 0 is for ever
		want     time.Duration
	}{
		"all have one": {[]time.Duration{2 * time.Second, 5 * time.Second, 3 * time.Second}, 5 * time.Second},
		"one has none": {[]time.Duration{2 * time.Second, 0, 3 * time.Second}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := &gate{}
				d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
				start := time.Now()
				call(t.Context(), d, "lane")
				var callers []*caller
				for i, p := range tt.patience {
					ctx := context.WithValue(t.Context(), key{}, i)
					if p > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, p)
						defer cancel()
					}
					callers = append(callers, callBatch(ctx, d, incr("n")))
				}
				g.request(t, 0).echo()
				h := g.request(t, 1)
				deadline, has := h.ctx.Deadline()
				if has != (tt.want > 0) || has && deadline.Sub(start) != tt.want || h.ctx.Value(key{}) != 0 {
					t.Errorf("the deadline is %v after the start, the value %v", deadline.Sub(start), h.ctx.Value(key{}))
				}
				time.Sleep(time.Minute) // bubble
				synctest.Wait()
				if (h.ctx.Err() != nil) != has {
					t.Errorf("after a minute the request says %v", h.ctx.Err())
				}
				for i, c := range callers {
					if tt.patience[i] > 0 {
						c.left(t, context.DeadlineExceeded, true)
					}
				}
				if !has {
					h.echo()
					callers[1].has(t, "n")
				}
			})
		})
	}
}

// Callers that give up and come again while nothing is answered do not fill the
// memory.
func TestAutoForgetsWhoLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gate{}
		d := pipeline.Auto(g, pipeline.AutoOptions{InFlight: 1, MaxAge: -1})
		call(t.Context(), d, "lane")
		patient := call(t.Context(), d, "patient")
		type key struct{}
		var baggage []weak.Pointer[[64]byte]
		for range 100 {
			b := new([64]byte)
			baggage = append(baggage, weak.Make(b))
			c := callBatch(context.WithValue(t.Context(), key{}, b), d, incr("n"))
			c.cancel()
			c.left(t, context.Canceled, false)
		}
		runtime.GC()
		kept := 0
		for _, b := range baggage {
			if b.Value() != nil {
				kept++
			}
		}
		if kept > 5 {
			t.Errorf("%d of %d calls are kept", kept, len(baggage))
		}
		g.request(t, 0).echo()
		g.request(t, 1).echo()
		patient.has(t, "patient")
	})
}

// Between being taken for a request and its departure a caller can still leave,
// and who is told that nothing was sent must be right.
func TestAutoWithdrawsInTheLastMoment(t *testing.T) {
	t.Parallel()
	withdrawn := 0
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			g := &gate{}
			d := pipeline.Auto(g, pipeline.AutoOptions{})
			a := startBatch(t.Context(), d, incr("a"))
			go a.cancel() // while a waits for others to join
			b := startBatch(t.Context(), d, incr("b"))
			synctest.Wait()
			sent := slices.Contains(strings.Fields(strings.Join(g.sent(), " ")), "a")
			e, left := errors.AsType[*upstash.Error](a.err)
			if !left || e.Sent != sent {
				t.Errorf("it was sent: %v, and says %v", sent, a.err)
			}
			if left && !e.Sent {
				withdrawn++
			}
			for n := range g.sent() {
				g.request(t, n).echo()
			}
			b.has(t, "b")
		})
	}
	t.Logf("%d of 200 were withdrawn", withdrawn)
}
