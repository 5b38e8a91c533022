package cache_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	d := failing{nil, func(upstash.Batch) bool { return true }}
	for _, tt := range []struct {
		name string
		doer upstash.Doer
		o    cache.Options
		says string
	}{
		{"no client", nil, cache.Options{Namespace: "n"}, "no client"},
		{"no namespace", d, cache.Options{}, "expected a name"},
		{"a colon", d, cache.Options{Namespace: "a:b"}, "without a colon"},
		{"negative schema", d, cache.Options{Namespace: "n", Schema: -1}, "0 or more"},
		{"negative timeout", d, cache.Options{Namespace: "n", LoadTimeout: -1}, "negative"},
		{"negative stamp TTL", d, cache.Options{Namespace: "n", StampTTL: -1}, "negative"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := cache.New(tt.doer, tt.o); err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error = %v, want one that says %q", err, tt.says)
			}
		})
	}
}

func TestCallsRefuse(t *testing.T) {
	t.Parallel()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{})
	ctx := t.Context()
	for _, tt := range []struct {
		name string
		err  error
		says string
	}{
		{"empty key", errOf(view.Get(ctx, "")), "key is empty"},
		{"empty tag on a call", errOf(view.Get(ctx, "k", cache.Tags("a", ""))), "a tag is empty"},
		{"empty tag to invalidate", c.Invalidate(ctx, "a", ""), "a tag is empty"},
		{"too many tags", view.Set(ctx, "k", 1, cache.Tags(tagNames(65)...)), "at most 64"},
		{"TTL of nothing", view.Set(ctx, "k", 1, cache.TTL(time.Microsecond)), "below 1ms"},
		{"negative TTL", view.Set(ctx, "k", 1, cache.TTL(-time.Second)), "below 1ms"},
		{"negative TTL of absences", cache.Of[int](c, cache.ViewOptions{NegativeTTL: -1}).Set(ctx, "k", 1), "below 1ms"},
		{"no loader", errOf(view.GetOrLoad(ctx, "k", nil)), "loader is nil"},
		{"zero view", errOf(new(cache.View[int]).Get(ctx, "k")), "made by Of"},
		{"zero view, Delete", new(cache.View[int]).Delete(ctx, "k"), "made by Of"},
		{"zero cache", new(cache.Cache).Invalidate(ctx, "t"), "no client"},
		{"key that no request can carry", errOf(view.Get(ctx, "\xff")), "not valid UTF-8"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.err == nil || !strings.Contains(tt.err.Error(), tt.says) {
				t.Errorf("error = %v, want one that says %q", tt.err, tt.says)
			}
		})
	}
	check(t, "round trips", 0, srv.Meter().RoundTrips)
}

func TestTagsOfViewKeyAndCallAddUp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{
		Tags:   []string{"products"},
		TagsOf: func(key string) []string { return []string{"product:" + key, "products"} },
	})
	noErr(t, view.Set(ctx, "1", 1, cache.Tags("sale")))
	srv.Reset()
	ok(view.Get(ctx, "1", cache.Tags("sale")))(t)
	check(t, "the read", [][]string{{"MGET", "shop:k:1", "shop:e", "shop:t:product:1", "shop:t:products", "shop:t:sale"}}, srv.Requests()[0].Commands)
}
