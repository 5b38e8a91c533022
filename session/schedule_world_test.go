package session_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// world is one schedule: clients that take turns at a server. A client that
// sends something stops until the schedule lets it, and only one goes at a time,
// so that the order of all requests is the schedule's choice alone. Requests and
// replies get lost, and one that may be repeated arrives once more, later.
type world struct {
	rng    *rand.Rand
	faulty bool
	spare  bool // evict nothing
	srv    *upstashtest.Server
	inner  upstash.Doer
	limit  int

	mu      sync.Mutex
	waiting []*turn
	turns   int // that were taken
	bad     string
}

type turn struct {
	client, order int
	run           func()
	done          chan struct{}
}

type clientKey struct{}

var errFault = errors.New("the request failed by plan")

// Do makes the world a Doer.
func (w *world) Do(ctx context.Context, b upstash.Batch) (replies []command.Reply, err error) {
	client, _ := ctx.Value(clientKey{}).(int)
	<-w.await(client, func() {
		luck := 1.0
		if w.faulty {
			luck = w.rng.Float64()
		}
		if err = errFault; luck < 0.03 {
			return // lost on the way there
		}
		replies, err = w.inner.Do(ctx, b)
		switch {
		case luck < 0.06:
			replies, err = nil, errFault // lost on the way back
		case luck < 0.12 && once(b):
			replies, err = w.inner.Do(ctx, b)
		case luck < 0.12:
			w.await(client, func() { _, _ = w.inner.Do(ctx, b) })
		}
	}).done
	return replies, err
}

func once(b upstash.Batch) bool {
	return slices.ContainsFunc(b.Commands, func(c command.Args) bool { return c.Class() == command.Once })
}

func (w *world) await(client int, run func()) *turn {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := &turn{client: client, order: len(w.waiting) + w.turns, run: run, done: make(chan struct{})}
	w.waiting = append(w.waiting, t)
	return t
}

// run lets turns happen in random order until nobody waits, and looks at the
// database after each.
func (w *world) run() {
	for {
		synctest.Wait()
		w.mu.Lock()
		if len(w.waiting) == 0 {
			w.mu.Unlock()
			return
		}
		// Goroutines that became ready together arrive in any order.
		slices.SortStableFunc(w.waiting, func(a, b *turn) int {
			return cmp.Or(cmp.Compare(a.client, b.client), cmp.Compare(a.order, b.order))
		})
		i := w.rng.IntN(len(w.waiting))
		next := w.waiting[i]
		w.waiting = slices.Delete(w.waiting, i, i+1)
		w.turns++
		w.mu.Unlock()
		if w.faulty && !w.spare && w.rng.IntN(50) == 0 {
			w.srv.EvictRandom(1, w.rng)
		}
		next.run()
		w.look()
		close(next.done)
	}
}

// now is the number of turns that were taken.
func (w *world) now() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.turns
}

func (w *world) report(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.bad == "" {
		w.bad = fmt.Sprintf(format, args...)
	}
}

// look checks what must hold at every instant: no field without its header, none
// without an end, and never more sessions than the cap.
func (w *world) look() {
	rows, err := (&oracle{srv: w.srv}).rows(context.Background())
	if err != nil {
		w.report("%v", err)
	}
	headers, count := map[string]bool{}, map[string]int{}
	for _, r := range rows {
		if r.suffix == "" {
			headers[r.id] = true
			count[r.key]++
		}
		if r.end.After(r.expires) && r.suffix == "" {
			w.report("a session outlives its absolute limit")
		}
	}
	for _, r := range rows {
		if !headers[r.id] && r.suffix != "x" {
			w.report("a field %q without its header", r.suffix)
		}
		if count[r.key] > w.limit {
			w.report("%d sessions, and the cap is %d", count[r.key], w.limit)
		}
	}
}
