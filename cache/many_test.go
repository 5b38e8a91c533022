package cache_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

func TestGetManyAndSetMany(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{
		Prefix: "n:", Tags: []string{"all"}, NegativeTTL: time.Minute,
		TagsOf: func(key string) []string { return []string{"tag-" + key} },
	})
	values, keys := map[string]int{}, []string{}
	for i := range 100 {
		keys = append(keys, strconv.Itoa(i))
		values[keys[i]] = i
	}
	check(t, "SetMany with 101 new tags", cost{3, 1 + 102 + 100}, costOf(t, srv, func() error { return view.SetMany(ctx, values) }))
	check(t, "SetMany", cost{2, 101}, costOf(t, srv, func() error { return view.SetMany(ctx, values) }))
	get := func() (got map[string]int) {
		check(t, "GetMany(100)", cost{1, 1}, costOf(t, srv, func() (err error) {
			got, err = view.GetMany(ctx, keys)
			return err
		}))
		return got
	}
	check(t, "values", values, get())

	noErr(t, c.Invalidate(ctx, "tag-7"))
	noErr(t, view.Delete(ctx, "8"))
	if _, err := view.GetOrLoad(ctx, "8", func(context.Context, string) (int, error) { return 0, cache.ErrNotFound }); !errors.Is(err, cache.ErrNotFound) {
		t.Fatal(err)
	}
	delete(values, "7")
	delete(values, "8")
	check(t, "without one that is invalid and one that is remembered not to exist", values, get())

	noErr(t, c.Purge(ctx))
	check(t, "after Purge", map[string]int{}, get())
	check(t, "GetMany of nothing", cost{0, 0}, costOf(t, srv, func() error { return errOf(view.GetMany(ctx, nil)) }))
	check(t, "SetMany of nothing", cost{0, 0}, costOf(t, srv, func() error { return view.SetMany(ctx, nil) }))
}

// TestGetManyChecksWhatItDidNotDeclare: entries may carry tags of which the
// reader knows nothing, and lack tags that it declares.
func TestGetManyChecksWhatItDidNotDeclare(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{})
	noErr(t, view.Set(ctx, "a", 1, cache.Tags("x")))
	noErr(t, view.Set(ctx, "b", 2, cache.Tags("y")))
	var got map[string]int
	read := func(opts ...cache.Option) func() error {
		return func() (err error) { got, err = view.GetMany(ctx, []string{"a", "b"}, opts...); return err }
	}
	check(t, "cost", cost{2, 2}, costOf(t, srv, read()))
	check(t, "both", map[string]int{"a": 1, "b": 2}, got)
	check(t, "cost with a declared tag", cost{2, 2}, costOf(t, srv, read(cache.Tags("x"))))
	check(t, "an entry that lacks it", map[string]int{"a": 1}, got)
	noErr(t, c.Invalidate(ctx, "y"))
	noErr(t, read()())
	check(t, "after an invalidation", map[string]int{"a": 1}, got)
}

func TestGetManyOfVeryMany(t *testing.T) {
	t.Parallel()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{})
	values, keys := map[string]int{}, []string{}
	for i := range 2500 {
		keys = append(keys, strconv.Itoa(i))
		values[keys[i]] = i
	}
	noErr(t, view.SetMany(t.Context(), values))
	var got map[string]int
	check(t, "cost", cost{3, 3}, costOf(t, srv, func() (err error) { got, err = view.GetMany(t.Context(), keys); return err }))
	check(t, "values", values, got)
}

func TestManyRefuse(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{MaxEntry: 1000})
	view := cache.Of[string](c, cache.ViewOptions{})
	if _, err := view.GetMany(t.Context(), []string{"a", ""}); err == nil {
		t.Error("an empty key was accepted by GetMany")
	}
	if err := view.SetMany(t.Context(), map[string]string{"": "x"}); err == nil {
		t.Error("an empty key was accepted by SetMany")
	}
	if err := view.SetMany(t.Context(), map[string]string{"a": "x", "b": strings.Repeat("x", 1000)}); !errors.Is(err, cache.ErrTooLarge) {
		t.Errorf("a large value: %v", err)
	}
	if _, err := view.Get(t.Context(), "a"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("beside one that is too large something was stored: %v", err)
	}
	if err := cache.Of[chan int](c, cache.ViewOptions{}).SetMany(t.Context(), map[string]chan int{"a": nil}); err == nil {
		t.Error("a value without a JSON form was accepted")
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	other := cacheOver(t, srv.Client(), cache.Options{Namespace: "other"})
	mine, theirs := cache.Of[int](c, cache.ViewOptions{Tags: []string{"x"}}), cache.Of[int](other, cache.ViewOptions{})
	for i := range 1000 {
		noErr(t, mine.Set(ctx, strconv.Itoa(i), i))
	}
	noErr(t, theirs.Set(ctx, "0", 7))
	check(t, "Purge", cost{1, 1}, costOf(t, srv, func() error { return c.Purge(ctx) }))
	for i := range 1000 {
		if _, err := mine.Get(ctx, strconv.Itoa(i)); !errors.Is(err, cache.ErrMiss) {
			t.Fatalf("entry %d after Purge: %v", i, err)
		}
	}
	check(t, "another namespace", 7, ok(theirs.Get(ctx, "0"))(t))
	check(t, "loaded anew", 1, ok(mine.GetOrLoad(ctx, "0", returns(1, new(int))))(t))
	check(t, "and stored", 1, ok(mine.GetOrLoad(ctx, "0", never[int](t)))(t))
}

func TestOnInvalidate(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var told []string
	var fails error
	_, c := newCache(t, cache.Options{OnInvalidate: func(_ context.Context, tags []string) error {
		told = append(told, fmt.Sprint(tags))
		return fails
	}})
	view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"x"}})
	noErr(t, view.Set(ctx, "k", 1))
	noErr(t, c.Invalidate(ctx))
	noErr(t, c.Invalidate(ctx, "x", "y"))
	noErr(t, c.Purge(ctx))
	check(t, "told", []string{"[x y]", "[]"}, told)

	fails = errors.New("the CDN is down")
	noErr(t, view.Set(ctx, "k", 1))
	if err := c.Invalidate(ctx, "x"); !errors.Is(err, fails) {
		t.Errorf("the hook's error is not returned: %v", err)
	}
	if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("after a hook that failed: %v", err)
	}
}

// TestLargeEntries: the value is good, only too large to be kept, and nobody
// waits for it.
func TestLargeEntries(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var reported error
	srv, c := newCache(t, cache.Options{MaxEntry: 1000, OnError: func(_ context.Context, err error) { reported = err }})
	view := cache.Of[string](c, cache.ViewOptions{})
	large := strings.Repeat("x", 1000)
	var info cache.Info
	check(t, "GetOrLoad", large, ok(view.GetOrLoad(ctx, "k", returns(large, new(int)), cache.Report(&info)))(t))
	if !errors.Is(info.StoreErr, cache.ErrTooLarge) || info.Stored || !errors.Is(reported, cache.ErrTooLarge) {
		t.Errorf("%+v, reported %v", info, reported)
	}
	check(t, "keys left", []string{"shop:e"}, ok(srv.Client().Keys(ctx, "*"))(t))
	if err := view.Set(ctx, "k", large); !errors.Is(err, cache.ErrTooLarge) {
		t.Errorf("Set: %v", err)
	}
	check(t, "a smaller one", "x", ok(view.GetOrLoad(ctx, "k", returns("x", new(int))))(t))
}

func TestJitter(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	ttlOf := func(view *cache.View[int], key string) time.Duration {
		noErr(t, view.Set(ctx, key, 1))
		ttl := ok(srv.Client().PTTL(ctx, "shop:k:"+key))(t)
		return ttl.V.Round(time.Second)
	}
	plain := cache.Of[int](c, cache.ViewOptions{TTL: time.Hour, Jitter: -1})
	spread := cache.Of[int](c, cache.ViewOptions{TTL: time.Hour})
	seen, least := map[time.Duration]bool{}, time.Hour
	for i := range 200 {
		key := strconv.Itoa(i)
		check(t, "without", time.Hour, ttlOf(plain, key))
		ttl := ttlOf(spread, key)
		check(t, "the same key again", ttl, ttlOf(spread, key))
		seen[ttl], least = true, min(least, ttl)
	}
	if least < 54*time.Minute || least > 55*time.Minute || len(seen) < 100 {
		t.Errorf("the shortest of 200 is %v, and there are %d different ones", least, len(seen))
	}
	if err := cache.Of[int](c, cache.ViewOptions{Jitter: 1.5}).Set(ctx, "k", 1); err == nil || !strings.Contains(err.Error(), "Jitter is above 1") {
		t.Errorf("Jitter 1.5: %v", err)
	}
}

// TestReplacingAnEntrySendsItsDigest: not its bytes.
func TestReplacingAnEntrySendsItsDigest(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Tags: []string{"x"}})
	noErr(t, view.Set(ctx, "k", strings.Repeat("x", 100_000)))
	noErr(t, c.Invalidate(ctx, "x"))
	srv.Reset()
	check(t, "reloaded", "y", ok(view.GetOrLoad(ctx, "k", returns("y", new(int))))(t))
	if m := srv.Meter(); m.BytesIn > 2000 {
		t.Errorf("%d bytes were sent to replace an entry", m.BytesIn)
	}
	check(t, "stored", "y", ok(view.Get(ctx, "k"))(t))
}
