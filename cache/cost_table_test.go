package cache_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/memory"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestCostTableOracle measures each row of the table in the package
// documentation and compares the text: when it differs, the test prints the
// table that doc.go should have. The long form invalidates 1,000,000 entries too.
func TestCostTableOracle(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("doc.go")
	noErr(t, err)
	_, section, _ := strings.Cut(string(source), "// # Cost\n//\n")
	table, _, _ := strings.Cut(section, "//\n// ")
	synctest.Test(t, func(t *testing.T) {
		var b strings.Builder
		_, _ = fmt.Fprintf(&b, "//\t%-44s %11s %9s\n", "", "round trips", "commands") // a Builder does not fail
		for _, row := range costRows {
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
			operation := row.prepare(t, srv)
			c := costOf(t, srv, operation)
			_, _ = fmt.Fprintf(&b, "//\t%-44s %11d %9s\n", row.name, c.RoundTrips, thousands(c.Commands))
		}
		if diff := cmp.Diff(b.String(), table); diff != "" {
			t.Errorf("doc.go should have this table:\n%s\n(-want +got):\n%s", b.String(), diff)
		}
	})
}

func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

// costRow prepares a server and returns what is measured on it.
type costRow struct {
	name    string
	prepare func(t *testing.T, srv *upstashtest.Server) func() error
}

var costRows = []costRow{
	{"hit, any number of tags", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		noErr(t, view.Set(t.Context(), "k", "v"))
		return getOrLoad(t, view)
	}},
	{"hit in Options.Memory", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{Memory: memory.New(1 << 20)})
		noErr(t, view.Set(t.Context(), "k", "v"))
		noErr(t, errOf(view.Get(t.Context(), "k")))
		return getOrLoad(t, view)
	}},
	{"miss", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		return getOrLoad(t, costView(t, srv, cache.Options{}))
	}},
	{"miss, its 2 tags used the first time", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		noErr(t, errOf(srv.Client().Del(t.Context(), "shop:t:tag00", "shop:t:tag01")))
		return getOrLoad(t, view)
	}},
	{"stale hit and its refresh", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		noErr(t, view.Set(t.Context(), "k", "v"))
		time.Sleep(90 * time.Minute) // bubble: its TTL is an hour
		return getOrLoad(t, view)
	}},
	{"Set", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		return func() error { return view.Set(t.Context(), "k", "v") }
	}},
	{"Snapshot and SetSnapshot, nothing stored", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		return snapshotAndSet(t, costView(t, srv, cache.Options{}))
	}},
	{"Snapshot and SetSnapshot, over a value", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		noErr(t, view.Set(t.Context(), "k", "v"))
		return snapshotAndSet(t, view)
	}},
	{"GetMany or LoadMany, 100 hits", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		keys, values := numbers(100)
		noErr(t, view.SetMany(t.Context(), values))
		noErr(t, errOf(view.GetMany(t.Context(), keys)))
		if got := costOf(t, srv, func() error { return errOf(view.GetMany(t.Context(), keys)) }); got != (cost{1, 1}) {
			t.Errorf("GetMany: %v", got)
		}
		return func() error {
			return errOf(view.LoadMany(t.Context(), keys, func(context.Context, []string) (map[string]string, error) {
				return nil, errors.New("asked")
			}))
		}
	}},
	{"LoadMany, 100 misses", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		keys, values := numbers(100)
		return func() error { return errOf(view.LoadMany(t.Context(), keys, (&source{values: values}).load)) }
	}},
	{"SetMany, 100 values", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		_, values := numbers(100)
		return func() error { return view.SetMany(t.Context(), values) }
	}},
	{"Delete, any number of keys", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		keys, values := numbers(1000)
		noErr(t, view.SetMany(t.Context(), values))
		return func() error { return view.Delete(t.Context(), keys...) }
	}},
	{"Invalidate, any number of tags and entries", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		return forgetting(t, srv, func(c *cache.Cache) error { return c.Invalidate(t.Context(), "tag01", "tag00") })
	}},
	{"Purge, any number of entries", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		return forgetting(t, srv, func(c *cache.Cache) error { return c.Purge(t.Context()) })
	}},
	{"Warm, 1,000 keys with 2 tags, nothing stored", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		keys, values := numbers(1000)
		return func() error {
			return errOf(view.Warm(t.Context(), slices.Values(keys), (&source{values: values}).load, cache.WarmOptions{}))
		}
	}},
	{"Warm, 1,000 keys, all of them fresh", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		keys, values := numbers(1000)
		noErr(t, view.SetMany(t.Context(), values))
		return func() error {
			return errOf(view.Warm(t.Context(), slices.Values(keys), (&source{}).load, cache.WarmOptions{}))
		}
	}},
	{"Bare: hit", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		bare := bareView(t, srv)
		noErr(t, bare.Set(t.Context(), "k", "v"))
		return func() error { return errOf(bare.GetOrLoad(t.Context(), "k", never[string](t))) }
	}},
	{"Bare: miss", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		bare := bareView(t, srv)
		return func() error { return errOf(bare.GetOrLoad(t.Context(), "k", returns("v", new(int)))) }
	}},
	{"Bare: Set", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		bare := bareView(t, srv)
		return func() error { return bare.Set(t.Context(), "k", "v") }
	}},
	{"Explain", func(t *testing.T, srv *upstashtest.Server) func() error {
		t.Helper()
		view := costView(t, srv, cache.Options{})
		return func() error { return errOf(view.Explain(t.Context(), "k")) }
	}},
}

// costView is a view with 2 tags whose stamps are there.
func costView(t *testing.T, srv *upstashtest.Server, o cache.Options) *cache.View[string] {
	t.Helper()
	view := cache.Of[string](cacheOver(t, srv.Client(), o), cache.ViewOptions{
		Tags: tagNames(2), StaleWhileRevalidate: time.Hour, EarlyRefresh: -1,
	})
	noErr(t, view.Set(t.Context(), "other", "makes the stamps"))
	return view
}

// bareView has taught the server its script.
func bareView(t *testing.T, srv *upstashtest.Server) *cache.Bare[string] {
	t.Helper()
	bare := cache.BareOf[string](cacheOver(t, srv.Client(), cache.Options{}), cache.BareOptions{})
	noErr(t, errOf(bare.GetOrLoad(t.Context(), "other", returns("v", new(int)))))
	return bare
}

func getOrLoad(t *testing.T, view *cache.View[string]) func() error {
	t.Helper()
	return func() error { return errOf(view.GetOrLoad(t.Context(), "k", returns("v", new(int)))) }
}

func snapshotAndSet(t *testing.T, view *cache.View[string]) func() error {
	t.Helper()
	return func() error {
		s, err := view.Snapshot(t.Context(), "k")
		if err != nil {
			return err
		}
		stored, err := view.SetSnapshot(t.Context(), s, "v")
		if err == nil && !stored {
			return errors.New("not stored")
		}
		return err
	}
}

// forgetting measures with one entry, with 1,000, and in the long form with
// 1,000,000: the cost is the same, and all of them are misses afterwards.
func forgetting(t *testing.T, srv *upstashtest.Server, forget func(*cache.Cache) error) func() error {
	t.Helper()
	ctx := t.Context()
	sizes := []int{1, 1000}
	if os.Getenv("UPSTASH_LONG") != "" {
		sizes = append(sizes, 1_000_000)
	}
	c := cacheOver(t, srv.Client(), cache.Options{})
	for _, n := range sizes {
		view := costView(t, srv, cache.Options{})
		entry := ok(srv.Client().Get(ctx, "shop:k:other"))(t)
		for from := 0; from < n; from += 10_000 { // as many copies of an entry as there are keys
			copies := map[string]any{}
			for i := from; i < min(n, from+10_000); i++ {
				copies[fmt.Sprintf("shop:k:%d", i)] = entry
			}
			noErr(t, srv.Client().MSet(ctx, copies))
			srv.Reset() // it remembers all requests
		}
		sample := []string{"0", strconv.Itoa(n / 2), strconv.Itoa(n - 1)}
		slices.Sort(sample)
		sample = slices.Compact(sample)
		if got := ok(view.GetMany(ctx, sample))(t); len(got) != len(sample) {
			t.Errorf("%d of %d hits before", len(got), len(sample))
		}
		if got := costOf(t, srv, func() error { return forget(c) }); got != (cost{1, 1}) {
			t.Errorf("%d entries: %v", n, got)
		}
		if got := ok(view.GetMany(ctx, sample))(t); len(got) != 0 {
			t.Errorf("%d hits after, of %d", len(got), n)
		}
	}
	costView(t, srv, cache.Options{})
	return func() error { return forget(c) }
}
