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

// TestARedisThatIsDownIsNotAskedByEveryCall: after some failures in a row one
// look in a while finds out whether it is back.
func TestARedisThatIsDownIsNotAskedByEveryCall(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		o     cache.Options
		asked int // in 100 calls, one every 100ms
	}{
		"by default":   {cache.Options{}, 5 + 9}, // and one a second
		"less often":   {cache.Options{BreakAfter: 2, BreakFor: 5 * time.Second}, 2 + 1},
		"switched off": {cache.Options{BreakAfter: -1}, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv, _ := newCache(t, cache.Options{})
				down, asked := true, 0
				line := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
					if asked++; down {
						return nil, errDown
					}
					return srv.Client().Do(ctx, b)
				})
				view := cache.Of[int](cacheOver(t, line, tt.o), cache.ViewOptions{})
				calls := 0
				for range 100 {
					var info cache.Info
					check(t, "value", 1, ok(view.GetOrLoad(t.Context(), "k", returns(1, &calls), cache.Report(&info)))(t))
					check(t, "state", cache.Bypass, info.State)
					time.Sleep(100 * time.Millisecond) // bubble
				}
				check(t, "times that it was asked", tt.asked, asked)
				down = false
				time.Sleep(5 * time.Second) // bubble
				for range 3 {
					ok(view.GetOrLoad(t.Context(), "k", returns(1, &calls)))(t)
				}
				check(t, "loads after it came back", 1, calls-100)
			})
		})
	}
}

// TestACallerWhoGivesUpBreaksNothing: the end of a context is not Redis's failure.
func TestACallerWhoGivesUpBreaksNothing(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{BreakAfter: 1})
	view := cache.Of[int](c, cache.ViewOptions{})
	noErr(t, view.Set(t.Context(), "k", 1))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 3 {
		if _, err := view.Get(gone, "k"); err == nil {
			t.Error("a call whose context had ended got a value")
		}
	}
	check(t, "the next caller's value", 1, ok(view.Get(t.Context(), "k"))(t))
}
