package pipeline_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// gate is a Doer that holds every request until the test answers it.
type gate struct {
	mu        sync.Mutex
	all       []*held
	now, most int // under way
}

type held struct {
	ctx    context.Context //nolint:containedctx // tests look at it
	batch  upstash.Batch
	answer chan func() ([]command.Reply, error)
}

func (g *gate) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	h := &held{ctx, b, make(chan func() ([]command.Reply, error), 1)}
	g.mu.Lock()
	g.all = append(g.all, h)
	g.now++
	g.most = max(g.most, g.now)
	g.mu.Unlock()
	defer func() {
		g.mu.Lock()
		g.now--
		g.mu.Unlock()
	}()
	select {
	case f := <-h.answer:
		return f()
	case <-ctx.Done():
		return nil, b.Abandoned(ctx.Err(), true)
	}
}

// sent are the last words of the commands of each request so far.
func (g *gate) sent() (requests []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, h := range g.all {
		requests = append(requests, lastWords(h.batch))
	}
	return requests
}

// request waits until nothing moves, and returns the request of that number.
func (g *gate) request(t *testing.T, n int) *held {
	t.Helper()
	synctest.Wait()
	g.mu.Lock()
	defer g.mu.Unlock()
	if n >= len(g.all) {
		t.Fatalf("there is no request %d, there are %d", n, len(g.all))
	}
	return g.all[n]
}

// ends lets a request end the way f does.
func (h *held) ends(f func() ([]command.Reply, error)) {
	h.answer <- f
	synctest.Wait()
}

// echo answers each command with its last word.
func (h *held) echo() {
	h.ends(func() ([]command.Reply, error) { return echo(context.Background(), h.batch) })
}

func (h *held) fail(err error) { h.ends(func() ([]command.Reply, error) { return nil, err }) }

func echo(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
	var replies []command.Reply
	for _, c := range b.Commands {
		replies = append(replies, command.TextReply(c.At(c.Len()-1)))
	}
	return replies, nil
}

func lastWords(b upstash.Batch) string {
	var words []string
	for _, c := range b.Commands {
		words = append(words, c.At(c.Len()-1))
	}
	return strings.Join(words, " ")
}

// caller is one call of Do in a goroutine of its own.
type caller struct {
	cancel   context.CancelFunc
	done     bool
	got      string // the texts of the replies
	err      error
	panicked any
}

// call starts a GET of each key, all in one batch, and waits until nothing moves.
func call(ctx context.Context, d upstash.Doer, keys ...string) *caller {
	var b upstash.Batch
	for _, key := range keys {
		b.Commands = append(b.Commands, command.Get(key).Args())
	}
	return callBatch(ctx, d, b)
}

func callBatch(ctx context.Context, d upstash.Doer, b upstash.Batch) *caller {
	c := startBatch(ctx, d, b)
	synctest.Wait()
	return c
}

func startBatch(ctx context.Context, d upstash.Doer, b upstash.Batch) *caller {
	ctx, cancel := context.WithCancel(ctx)
	c := &caller{cancel: cancel}
	go func() {
		defer cancel()
		defer func() {
			c.panicked = recover()
			c.done = true
		}()
		replies, err := d.Do(ctx, b)
		var texts []string
		for _, r := range replies {
			text, err := r.Text()
			texts = append(texts, text+strings.TrimPrefix(fmt.Sprint(err), "<nil>"))
		}
		c.got, c.err = strings.Join(texts, " "), err
	}()
	return c
}

// has fails the test unless the call returned these replies.
func (c *caller) has(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	if !c.done || c.got != want || c.err != nil || c.panicked != nil {
		t.Errorf("done %v: %q and %v, panic %v; want %q", c.done, c.got, c.err, c.panicked, want)
	}
}
