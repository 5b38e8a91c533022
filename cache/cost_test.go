package cache_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// cost is what an operation takes: the promise of the package documentation.
type cost struct{ RoundTrips, Commands int }

func costOf(t *testing.T, srv *upstashtest.Server, operation func() error) cost {
	t.Helper()
	srv.Reset()
	if err := operation(); err != nil {
		t.Fatal(err)
	}
	m := srv.Meter()
	return cost{m.RoundTrips, m.Commands}
}

func tagNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("tag%02d", i)
	}
	return names
}

func TestCost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, n := range []int{0, 1, 4, 16} {
		for _, onCall := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d tags, on the call %v", n, onCall), func(t *testing.T) {
				t.Parallel()
				srv, c := newCache(t, cache.Options{})
				var opts []cache.Option
				view := cache.Of[product](c, cache.ViewOptions{Tags: tagNames(n)})
				if onCall {
					view, opts = cache.Of[product](c, cache.ViewOptions{}), []cache.Option{cache.Tags(tagNames(n)...)}
				}
				calls := 0
				read := func(key string) func() error {
					return func() error {
						_, err := view.GetOrLoad(ctx, key, returns(product{ID: key}, &calls), opts...)
						return err
					}
				}
				check(t, "first miss, which makes the stamps", cost{3, 3 + 1 + n}, costOf(t, srv, read("a")))
				check(t, "hit", cost{1, 1}, costOf(t, srv, read("a")))
				check(t, "miss", cost{3, 3}, costOf(t, srv, read("b")))
				check(t, "hit by Get", cost{1, 1}, costOf(t, srv, func() error {
					_, err := view.Get(ctx, "a", opts...)
					return err
				}))
				check(t, "loader calls", 2, calls)
				check(t, "Set", cost{2, 2}, costOf(t, srv, func() error { return view.Set(ctx, "c", product{}, opts...) }))
				check(t, "Delete", cost{1, 1}, costOf(t, srv, func() error { return view.Delete(ctx, "a", "b", "c") }))
				if n == 0 {
					return
				}
				check(t, "Invalidate", cost{1, 1}, costOf(t, srv, func() error { return c.Invalidate(ctx, tagNames(n)...) }))
				check(t, "Set after it, which makes the stamps", cost{3, 2 + n}, costOf(t, srv, func() error { return view.Set(ctx, "c", product{}, opts...) }))
			})
		}
	}
}

func TestInvalidateCostsTheSameForAnyNumberOfEntries(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{Tags: []string{"all"}})
	for i := range 1000 {
		calls := 0
		noErr(t, errOf(view.GetOrLoad(ctx, strconv.Itoa(i), returns(i, &calls))))
	}
	check(t, "Invalidate", cost{1, 1}, costOf(t, srv, func() error { return c.Invalidate(ctx, "all") }))
	for i := range 1000 {
		if _, err := view.Get(ctx, strconv.Itoa(i)); err != cache.ErrMiss { //nolint:errorlint // exactly that
			t.Fatalf("entry %d after Invalidate: %v", i, err)
		}
	}
	check(t, "Invalidate of nothing", cost{0, 0}, costOf(t, srv, func() error { return c.Invalidate(ctx) }))
	check(t, "Delete of nothing", cost{0, 0}, costOf(t, srv, func() error { return view.Delete(ctx) }))
}

// TestSetIsOneWrite shows that value and tags travel together: there is no
// moment at which an entry exists that its tags do not reach.
func TestSetIsOneWrite(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[product](c, cache.ViewOptions{Tags: []string{"products", "sale"}, TTL: time.Minute})
	noErr(t, view.Set(ctx, "1", product{}))
	srv.Reset()
	noErr(t, view.Set(ctx, "2", product{ID: "2"}))
	var writes [][]string
	for _, r := range srv.Requests() {
		for _, words := range r.Commands {
			if words[0] != "MGET" {
				writes = append(writes, words)
			}
		}
	}
	if len(writes) != 1 || writes[0][0] != "SET" || writes[0][1] != "shop:k:2" {
		t.Fatalf("writes = %q, want one SET of shop:k:2", writes)
	}
	for _, tag := range []string{"products", "sale"} {
		noErr(t, view.Set(ctx, "2", product{ID: "2"}))
		noErr(t, errOf(view.Get(ctx, "2")))
		noErr(t, c.Invalidate(ctx, tag))
		if _, err := view.Get(ctx, "2"); err != cache.ErrMiss { //nolint:errorlint // exactly that
			t.Errorf("after Invalidate(%q): %v", tag, err)
		}
	}
}

func TestUndeclaredTagsTakeOneMoreRoundTrip(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[int](c, cache.ViewOptions{})
	noErr(t, view.Set(ctx, "k", 1, cache.Tags("x", "y")))
	check(t, "hit", cost{2, 2}, costOf(t, srv, func() error { return errOf(view.Get(ctx, "k")) }))
	noErr(t, c.Invalidate(ctx, "y"))
	if _, err := view.Get(ctx, "k"); err != cache.ErrMiss { //nolint:errorlint // exactly that
		t.Errorf("after Invalidate of a tag that the reader does not declare: %v", err)
	}
}
