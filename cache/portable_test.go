package cache_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// plainRedis answers as a Redis before 8.4 does: it knows no SET IFEQ and no DELEX.
type plainRedis struct {
	upstash.Doer

	refused *int
}

func (p plainRedis) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	var pass []command.Args
	replies := make([]command.Reply, len(b.Commands))
	for i, c := range b.Commands {
		switch words := c.Words(); {
		case words[0] == "DELEX":
			replies[i] = command.ErrorReply("ERR unknown command 'DELEX', with args beginning with: 'x'")
		case words[0] == "SET" && slices.ContainsFunc(words[3:], func(w string) bool { return strings.HasPrefix(w, "IF") }):
			replies[i] = command.ErrorReply("ERR syntax error")
		default:
			pass = append(pass, c)
			continue
		}
		*p.refused++
	}
	if len(pass) == 0 {
		return replies, nil
	}
	passed, err := p.Doer.Do(ctx, upstash.Batch{Commands: pass, Atomic: b.Atomic})
	for i := range replies {
		if replies[i].IsNil() && replies[i].Err() == nil && len(passed) > 0 {
			replies[i], passed = passed[0], passed[1:]
		}
	}
	return replies, err
}

// worksWithoutConditions goes through what writes over what was seen.
func worksWithoutConditions(t *testing.T, d upstash.Doer, namespace string) {
	t.Helper()
	ctx := t.Context()
	c := cacheOver(t, d, cache.Options{Namespace: namespace})
	view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"tag"}, TTL: time.Hour})
	noErr(t, view.Delete(ctx, "k"))
	value, calls := 1, 0
	load := func(during func() error) cache.Loader[int] {
		return func(context.Context, string) (int, error) { calls++; return value, during() }
	}
	nothing := func() error { return nil }
	get := func(during func() error, stored bool) {
		t.Helper()
		var info cache.Info
		check(t, "value", value, ok(view.GetOrLoad(ctx, "k", load(during), cache.Report(&info)))(t))
		check(t, "stored", stored, info.Stored)
	}
	get(nothing, true)
	get(nothing, false) // a hit
	check(t, "loads", 1, calls)
	noErr(t, c.Invalidate(ctx, "tag"))
	value = 2
	get(nothing, true) // over an invalid entry
	noErr(t, view.Delete(ctx, "k"))
	get(func() error { return view.Delete(ctx, "k") }, false) // a Delete during the load wins
	if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("Get = %v", err)
	}
	_, err := view.GetOrLoad(ctx, "k", load(func() error { return errDown }))
	if !errors.Is(err, errDown) {
		t.Errorf("GetOrLoad = %v", err)
	}
	get(nothing, true) // the lease was given back
	noErr(t, view.Delete(ctx, "k"))
}

func TestAServerWithoutConditionalForms(t *testing.T) {
	t.Parallel()
	srv, _ := newCache(t, cache.Options{})
	refused := 0
	worksWithoutConditions(t, plainRedis{srv.Client(), &refused}, "plain")
	check(t, "times that it was asked for what it cannot do", 1, refused)

	// What it costs more: the script beside the command, and a request of its own.
	view := cache.Of[int](cacheOver(t, plainRedis{srv.Client(), &refused}, cache.Options{}), cache.ViewOptions{})
	calls := 0
	noErr(t, errOf(view.GetOrLoad(t.Context(), "first", returns(1, &calls))))
	check(t, "miss", cost{3, 2 + 3}, costOf(t, srv, func() error { return errOf(view.GetOrLoad(t.Context(), "k", returns(1, &calls))) }))
	check(t, "hit", cost{1, 1}, costOf(t, srv, func() error { return errOf(view.GetOrLoad(t.Context(), "k", returns(1, &calls))) }))
}

// TestRealRedisWithoutConditionalForms does the same with a Redis that really
// does not know them.
func TestRealRedisWithoutConditionalForms(t *testing.T) {
	t.Parallel()
	addr := os.Getenv("UPSTASH_TEST_REDIS_ADDR")
	if addr == "" {
		t.Skip("UPSTASH_TEST_REDIS_ADDR names no Redis server; keys of its database 0 would be written")
	}
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Redis: addr})
	worksWithoutConditions(t, srv.Client(), "upstash-go-test")
}
