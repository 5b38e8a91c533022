package cache_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestACallAfterInvalidateOfAWatchedTagDoesNotShareAnOlderLoad: the lease in
// place says nothing of the tags that only its loader knows.
func TestACallAfterInvalidateOfAWatchedTagDoesNotShareAnOlderLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		_, c := newCache(t, cache.Options{})
		view := cache.Of[int](c, cache.ViewOptions{})
		source := 1
		load := func(ctx context.Context, _ string) (int, error) {
			if err := cache.WatchTags(ctx, "watched"); err != nil {
				return 0, err
			}
			read := source
			time.Sleep(time.Second) // bubble
			return read, nil
		}
		old := make(chan int)
		go func() { old <- ok(view.GetOrLoad(ctx, "k", load))(t) }()
		synctest.Wait()
		source = 2
		noErr(t, c.Invalidate(ctx, "watched"))
		later := make(chan int)
		go func() { later <- ok(view.GetOrLoad(ctx, "k", load))(t) }()
		check(t, "the earlier call", 1, <-old)
		check(t, "the later call", 2, <-later)
	})
}

// late is a line whose replies take their time.
type late struct {
	upstash.Doer

	by time.Duration
}

func (l late) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	replies, err := l.Doer.Do(ctx, b)
	time.Sleep(l.by) // bubble
	return replies, err
}

// TestTrustCountsFromTheLook and not from its reply, which may be late.
func TestTrustCountsFromTheLook(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		srv, others := newCache(t, cache.Options{})
		line := late{srv.Client(), 900 * time.Millisecond}
		view := cache.Of[int](cacheOver(t, line, cache.Options{Memory: &plainMemory{}, Trust: time.Second}), cache.ViewOptions{})
		noErr(t, cache.Of[int](others, cache.ViewOptions{}).Set(ctx, "k", 1))
		for _, want := range []bool{false, true} {
			var info cache.Info
			check(t, "value", 1, ok(view.Get(ctx, "k", cache.Report(&info)))(t))
			check(t, "from memory", want, info.InMemory)
		}
		time.Sleep(200 * time.Millisecond) // bubble
		var info cache.Info
		check(t, "value", 1, ok(view.Get(ctx, "k", cache.Report(&info)))(t))
		check(t, "from memory after Trust", false, info.InMemory)
	})
}
