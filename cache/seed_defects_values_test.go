package cache_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// The seed's defects that concern values and keys.

func TestDefect01AMissingProductIsAskedForAgain(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	calls := 0
	for range 3 {
		ok(c.seed.aside(ctx, "product:404", fetches(nil, &calls), seedOptions{}))(t)
	}
	check(t, "the seed asks", 3, calls)

	calls = 0
	view := cache.Of[*product](c.cache, cache.ViewOptions{NegativeTTL: time.Minute})
	gone := func() cache.Loader[*product] {
		load := returns[*product](nil, &calls)
		return func(ctx contextT, key string) (*product, error) {
			p, _ := load(ctx, key)
			return p, cache.ErrNotFound
		}
	}()
	for range 3 {
		if _, err := view.GetOrLoad(ctx, "404", gone); !errors.Is(err, cache.ErrNotFound) {
			t.Errorf("GetOrLoad = %v", err)
		}
	}
	check(t, "asked", 1, calls)
	calls = 0
	for range 3 { // nil is a value like any other
		ok(view.GetOrLoad(ctx, "nil", returns[*product](nil, &calls)))(t)
	}
	check(t, "asked for what is nil", 1, calls)
}

func TestDefect10UndefinedIsStored(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	calls := 0
	ok(c.seed.aside(ctx, "k", fetches(undefined{}, &calls), seedOptions{}))(t)
	check(t, "what the seed stores", "null", ok(c.seedServer.Client().Get(ctx, "k"))(t))

	view := cache.Of[int](c.cache, cache.ViewOptions{})
	for range 2 {
		var info cache.Info
		v := ok(view.GetOrLoad(ctx, "k", func(ctx contextT, _ string) (int, error) { return 7, cache.NoStore(ctx) }, cache.Report(&info)))(t)
		check(t, "returned", 7, v)
		check(t, "stored", false, info.Stored)
	}
	check(t, "keys of entries and leases", int64(0), ok(c.server.Client().Exists(ctx, "shop:k:k", "shop:l:k"))(t))
}

func TestDefect13ValuesAreWhatTheClientMakesOfThem(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	const large int64 = 9007199254740993 // 2^53 + 1
	noErr(t, c.seed.set(ctx, "text", "123", seedOptions{}))
	noErr(t, c.seed.set(ctx, "large", large, seedOptions{}))
	check(t, "the seed's text", any(123.0), ok(c.seed.get(ctx, "text"))(t))
	check(t, "the seed's number", any(float64(large-1)), ok(c.seed.get(ctx, "large"))(t))

	texts, numbers := cache.Of[string](c.cache, cache.ViewOptions{}), cache.Of[int64](c.cache, cache.ViewOptions{})
	noErr(t, texts.Set(ctx, "text", "123"))
	noErr(t, numbers.Set(ctx, "large", large))
	check(t, "text", "123", ok(texts.Get(ctx, "text"))(t))
	check(t, "number", large, ok(numbers.Get(ctx, "large"))(t))
	missing(t, "as another type", numbers, "text")
}

func TestDefect14AKeyIsTakenForATag(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	noErr(t, c.seed.set(ctx, "tag:x", 1, seedOptions{}))
	if err := c.seed.set(ctx, "k", 1, seedOptions{tags: []string{"x"}}); err == nil {
		t.Error("the seed keeps keys and tags apart")
	}

	view := cache.Of[int](c.cache, cache.ViewOptions{})
	for i, key := range []string{"tag:x", "t:x", ":t:x", "x", "e", "k:k"} {
		noErr(t, view.Set(ctx, key, i, cache.Tags("x", "k", "t:x", key)))
		check(t, key, i, ok(view.Get(ctx, key))(t))
		noErr(t, c.cache.Invalidate(ctx, key))
		missing(t, key, view, key)
	}
	// Nor do versions of a program take each other's entries.
	next := cache.Of[int](cacheOver(t, c.server.Client(), cache.Options{Schema: 2}), cache.ViewOptions{})
	noErr(t, view.Set(ctx, "k", 1))
	missing(t, "another schema", next, "k")
}

func TestDefect15EverythingThatIsWarmedEndsTogether(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c := compare(t)
	view := cache.Of[int](c.cache, cache.ViewOptions{})
	values, ends := map[string]int{}, map[command.Null[time.Duration]]bool{}
	for i := range 100 {
		key := strconv.Itoa(i)
		values[key] = i
		noErr(t, c.seed.set(ctx, key, i, seedOptions{}))
		check(t, "the seed's end", command.Null[time.Duration]{V: time.Hour, Valid: true}, ok(c.seedServer.Client().TTL(ctx, key))(t))
	}
	noErr(t, view.SetMany(ctx, values))
	for key := range values {
		ends[ok(c.server.Client().PTTL(ctx, "shop:k:"+key))(t)] = true
	}
	if len(ends) < 90 {
		t.Errorf("%d different ends of 100 entries", len(ends))
	}
	exact := cache.Of[int](c.cache, cache.ViewOptions{Jitter: -1, TTL: 1500 * time.Millisecond})
	c.server.Reset()
	noErr(t, exact.Set(ctx, "short", 1))
	requests := c.server.Requests()
	set := requests[len(requests)-1].Commands[0]
	check(t, "a TTL that is no whole number of seconds", "[PX 1500]", fmt.Sprint(set[3:]))
}
