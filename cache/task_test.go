package cache_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

func TestNoStore(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{})
	var info cache.Info
	check(t, "value", 1, ok(view.GetOrLoad(t.Context(), "k", func(ctx context.Context, _ string) (int, error) {
		return 1, cache.NoStore(ctx)
	}, cache.Report(&info)))(t))
	check(t, "info", cache.Info{State: cache.Loaded}, info)
	calls := 0
	check(t, "the next caller has the lease", 2, ok(view.GetOrLoad(t.Context(), "k", returns(2, &calls), cache.Report(&info)))(t))
	check(t, "stored", true, info.Stored)
}

func TestStoreFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := newCache(t, cache.Options{})
		view := cache.Of[int](c, cache.ViewOptions{TTL: time.Hour})
		ok(view.GetOrLoad(t.Context(), "k", func(ctx context.Context, _ string) (int, error) {
			return 1, cache.StoreFor(ctx, time.Minute)
		}))(t)
		time.Sleep(59 * time.Second) // bubble
		ok(view.Get(t.Context(), "k"))(t)
		time.Sleep(time.Second) // bubble
		if _, err := view.Get(t.Context(), "k"); !errors.Is(err, cache.ErrMiss) {
			t.Errorf("Get = %v", err)
		}
	})
}

// TestWatchTags: the tags that a loader adds reach the entry from the moment
// they are watched.
func TestWatchTags(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name               string
		before, after, hit bool
	}{
		{"nothing happens", false, false, true},
		{"an invalidation before", true, false, true},
		{"an invalidation after", false, true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			_, c := newCache(t, cache.Options{})
			view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"all"}})
			ok(view.GetOrLoad(ctx, "k", func(ctx context.Context, _ string) (int, error) {
				if tt.before {
					noErr(t, c.Invalidate(ctx, "brand:7"))
				}
				noErr(t, cache.WatchTags(ctx, "brand:7", "all"))
				if tt.after {
					noErr(t, c.Invalidate(ctx, "brand:7"))
				}
				return 1, nil
			}))(t)
			_, err := view.Get(ctx, "k", cache.Tags("brand:7"))
			check(t, "a hit", tt.hit, err == nil)
			noErr(t, c.Invalidate(ctx, "brand:7"))
			if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
				t.Errorf("after an invalidation, for a reader who does not know the tag: %v", err)
			}
		})
	}
}

func TestPreviousAndNotModified(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := newAged(t, cache.Options{}, cache.ViewOptions{StaleIfError: time.Hour}, time.Second)
		var info cache.Info
		v := ok(a.view.GetOrLoad(t.Context(), "k", func(ctx context.Context, _ string) (int, error) {
			old, has := cache.Previous[int](ctx)
			check(t, "previous", 1, old)
			check(t, "there is one", true, has)
			return 0, cache.ErrNotModified
		}, cache.Report(&info)))(t)
		check(t, "value", 1, v)
		check(t, "info", cache.Info{State: cache.Loaded, Stored: true}, info)
		check(t, "fresh again", 1, ok(a.view.GetOrLoad(t.Context(), "k", never[int](t)))(t))

		// Without one it is an error like any other.
		_, err := a.view.GetOrLoad(t.Context(), "other", func(ctx context.Context, _ string) (int, error) {
			_, has := cache.Previous[int](ctx)
			check(t, "there is one", false, has)
			return 0, cache.ErrNotModified
		})
		if !errors.Is(err, cache.ErrNotModified) {
			t.Errorf("GetOrLoad = %v", err)
		}
	})
}

func TestWhatALoaderSaysTooLateOrElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{})
	var after context.Context
	ok(view.GetOrLoad(t.Context(), "k", func(ctx context.Context, _ string) (int, error) {
		after = ctx //nolint:fatcontext // that is what is tested
		if err := cache.WatchTags(ctx, "a", ""); err == nil {
			t.Error("an empty tag was taken")
		}
		if err := cache.StoreFor(ctx, 0); err == nil {
			t.Error("a TTL of nothing was taken")
		}
		if err := cache.WatchTags(ctx, tagNames(65)...); err == nil {
			t.Error("65 tags were taken")
		}
		return 1, nil
	}))(t)
	for name, ctx := range map[string]context.Context{"elsewhere": t.Context(), "too late": after} {
		for _, err := range []error{cache.NoStore(ctx), cache.StoreFor(ctx, time.Minute), cache.WatchTags(ctx, "a")} {
			if err == nil {
				t.Errorf("%s: taken", name)
			}
		}
	}
}
