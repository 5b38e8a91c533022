package cache_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

// The tests of the seed's defects show each one on the recipe, and then that it
// is not here. These are those of its tags.

func TestDefect02ACrashLeavesAnEntryThatNoTagReaches(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	crashed := &seed{d: &broken{c.seed.d, 1}}
	if crashed.set(ctx, "k", 1, seedOptions{tags: []string{"tag"}}) == nil {
		t.Error("the seed sends one request")
	}
	noErr(t, c.seed.invalidate(ctx, "tag"))
	check(t, "the seed after the invalidation", any(1.0), ok(c.seed.get(ctx, "k"))(t))

	for requests := range 5 { // that the process lives for
		view := cache.Of[int](cacheOver(t, &broken{c.server.Client(), requests}, cache.Options{}), cache.ViewOptions{Tags: []string{"tag"}})
		calls := 0
		_, _ = view.GetOrLoad(ctx, "loaded", returns(1, &calls)) // it crashes in between
		whole := cache.Of[int](c.cache, cache.ViewOptions{Tags: []string{"tag"}})
		noErr(t, c.cache.Invalidate(ctx, "tag"))
		missing(t, "loaded with "+strconv.Itoa(requests)+" requests", whole, "loaded")
		_ = cache.Of[int](cacheOver(t, &broken{c.server.Client(), requests}, cache.Options{}), cache.ViewOptions{Tags: []string{"tag"}}).Set(ctx, "set", 1)
		noErr(t, c.cache.Invalidate(ctx, "tag"))
		missing(t, "set with "+strconv.Itoa(requests)+" requests", whole, "set")
	}
}

func TestDefect03AKeyThatComesDuringAnInvalidationLosesItsTag(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	tagged := seedOptions{tags: []string{"tag"}}
	noErr(t, c.seed.set(ctx, "first", 1, tagged))
	racing := &seed{d: &between{Doer: c.seed.d, happens: func(n int) {
		if n == 1 {
			noErr(t, c.seed.set(ctx, "k", 1, tagged))
		}
	}}}
	noErr(t, racing.invalidate(ctx, "tag"))
	noErr(t, c.seed.invalidate(ctx, "tag"))
	check(t, "the seed after the second invalidation", any(1.0), ok(c.seed.get(ctx, "k"))(t))

	view := cache.Of[int](c.cache, cache.ViewOptions{Tags: []string{"tag"}})
	happened := 0
	line := &between{Doer: c.server.Client(), happens: func(int) {
		happened++
		noErr(t, view.Set(ctx, "k", 1))
	}}
	noErr(t, cacheOver(t, line, cache.Options{}).Invalidate(ctx, "tag"))
	check(t, "requests of an invalidation", 1, happened)
	missing(t, "stored before the only step", view, "k")
	noErr(t, view.Set(ctx, "k", 1))
	noErr(t, c.cache.Invalidate(ctx, "tag"))
	missing(t, "after the second invalidation", view, "k")
}

func TestDefect04AShortEntryShortensTheLifeOfItsTag(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	noErr(t, c.seed.set(ctx, "long", 1, seedOptions{ttl: time.Hour, tags: []string{"products"}}))
	noErr(t, c.seed.set(ctx, "short", 1, seedOptions{ttl: 20 * time.Minute, tags: []string{"products"}}))
	c.seedServer.Advance(30 * time.Minute)
	noErr(t, c.seed.invalidate(ctx, "products"))
	check(t, "the seed after the invalidation", any(1.0), ok(c.seed.get(ctx, "long"))(t))

	view := cache.Of[int](c.cache, cache.ViewOptions{Tags: []string{"products"}})
	noErr(t, view.Set(ctx, "long", 1, cache.TTL(time.Hour)))
	noErr(t, view.Set(ctx, "short", 1, cache.TTL(20*time.Minute)))
	c.server.Advance(30 * time.Minute)
	check(t, "before the invalidation", 1, ok(view.Get(ctx, "long"))(t))
	noErr(t, c.cache.Invalidate(ctx, "products"))
	missing(t, "after the invalidation", view, "long")
}

func TestDefect05TagSetsGrowForEver(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	view := cache.Of[int](c.cache, cache.ViewOptions{Tags: []string{"products"}, TTL: time.Second})
	for i := range 100 {
		key := strconv.Itoa(i)
		noErr(t, c.seed.set(ctx, key, 1, seedOptions{ttl: time.Second, tags: []string{"products"}}))
		noErr(t, view.Set(ctx, key, 1))
		c.seedServer.Advance(2 * time.Second)
		c.server.Advance(2 * time.Second)
	}
	check(t, "members of the seed's tag, none of which lives", int64(100), ok(c.seedServer.Client().SCard(ctx, "tag:products"))(t))
	check(t, "keys here: two stamps", int64(2), ok(c.server.Client().DBSize(ctx))(t))
}

func TestDefect16ANewTagDoesNotReachStoredEntries(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	calls := 0
	ok(c.seed.aside(ctx, "k", fetches(1, &calls), seedOptions{tags: []string{"old"}}))(t)
	both := seedOptions{tags: []string{"old", "new"}}
	ok(c.seed.aside(ctx, "k", fetches(2, &calls), both))(t)
	noErr(t, c.seed.invalidate(ctx, "new"))
	check(t, "the seed after the invalidation", any(1.0), ok(c.seed.aside(ctx, "k", fetches(2, &calls), both))(t))

	calls = 0
	before := cache.Of[int](c.cache, cache.ViewOptions{Tags: []string{"old"}})
	after := cache.Of[int](c.cache, cache.ViewOptions{Tags: []string{"old", "new"}})
	ok(before.GetOrLoad(ctx, "k", returns(1, &calls)))(t)
	missing(t, "with the new tag in the code", after, "k")
	ok(after.GetOrLoad(ctx, "k", returns(2, &calls)))(t)
	noErr(t, c.cache.Invalidate(ctx, "new"))
	missing(t, "after the invalidation", after, "k")
	missing(t, "after the invalidation, for the old code", before, "k")
}

func TestDefect17HalfAnInvalidation(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	for _, tag := range []string{"a", "b"} {
		noErr(t, c.seed.set(ctx, "key of "+tag, 1, seedOptions{tags: []string{tag}}))
	}
	halfway := &seed{d: &broken{c.seed.d, 2}}
	_, _ = halfway.invalidate(ctx, "a"), halfway.invalidate(ctx, "b") // as its Promise.all does
	check(t, "the seed's one", any(nil), ok(c.seed.get(ctx, "key of a"))(t))
	check(t, "the seed's other", any(1.0), ok(c.seed.get(ctx, "key of b"))(t))

	view := cache.Of[int](c.cache, cache.ViewOptions{TagsOf: func(key string) []string { return []string{key} }})
	for requests := range 2 {
		noErr(t, view.SetMany(ctx, map[string]int{"a": 1, "b": 1}))
		err := cacheOver(t, &broken{c.server.Client(), requests}, cache.Options{}).Invalidate(ctx, "a", "b")
		check(t, "it says whether it worked", requests == 1, err == nil)
		found := ok(view.GetMany(ctx, []string{"a", "b"}))(t)
		check(t, "both or none", map[bool]int{true: 0, false: 2}[err == nil], len(found))
	}
}
