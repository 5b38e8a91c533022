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

// overtaken is a line on which something happens after the first look and before
// its reply arrives.
type overtaken struct {
	upstash.Doer

	once func()
}

func (o *overtaken) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	replies, err := o.Doer.Do(ctx, b)
	if meanwhile := o.once; meanwhile != nil && b.Commands[0].Name() == "MGET" {
		o.once = nil
		meanwhile()
	}
	return replies, err
}

// TestALateReaderDoesNotWinTheFreedLease: who saw the stale value before another
// process refreshed it finds the lease free, and the value new.
func TestALateReaderDoesNotWinTheFreedLease(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		view  cache.ViewOptions
		value int
		state cache.State
	}{
		"of a stale value":    {cache.ViewOptions{StaleWhileRevalidate: time.Hour}, 1, cache.Stale}, // which it may return
		"of an expired value": {cache.ViewOptions{StaleIfError: time.Hour}, 2, cache.Hit},
		"of nothing":          {cache.ViewOptions{}, 2, cache.Hit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				v := tt.view
				a := newAged(t, cache.Options{}, v, time.Second)
				v.TTL, v.Tags = time.Minute, []string{"tag"}
				line := &overtaken{Doer: a.srv.Client(), once: func() {
					got, _ := a.get(t)
					check(t, "the other process", 2, got)
				}}
				late := cache.Of[int](cacheOver(t, line, cache.Options{}), v)
				var info cache.Info
				check(t, "the late reader", tt.value, ok(late.GetOrLoad(t.Context(), "k", never[int](t), cache.Report(&info)))(t))
				check(t, "its state", tt.state, info.State)
				check(t, "its cost: look, lease, perhaps give it back, look", true, info.Cost.RoundTrips <= 4)
				check(t, "loads", int32(1), a.loads.Load())
				check(t, "leases that are left", int64(0), ok(a.srv.Client().Exists(t.Context(), "shop:l:k"))(t))
			})
		})
	}
}
