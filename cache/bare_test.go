package cache_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func ExampleBareOf() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	ctx, rdb := context.Background(), srv.Client()
	c, err := cache.New(rdb, cache.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	prices := cache.BareOf[map[string]int](c, cache.BareOptions{Prefix: "price:", TTL: time.Minute})

	load := func(context.Context, string) (map[string]int, error) { return map[string]int{"cents": 450}, nil }
	price, err := prices.GetOrLoad(ctx, "tea", load)
	fmt.Println(price["cents"], err)

	text, err := rdb.Get(ctx, "shop:k:price:tea") // as any program reads it
	fmt.Println(text, err)
	// Output:
	// 450 <nil>
	// {"cents":450} <nil>
}

func newBare(t *testing.T, d upstash.Doer, namespace string) *cache.Bare[product] {
	t.Helper()
	return cache.BareOf[product](cacheOver(t, d, cache.Options{Namespace: namespace}), cache.BareOptions{Prefix: "p:", TTL: time.Hour, Jitter: -1})
}

// TestBare goes through what a Bare does, and through what others do meanwhile.
func TestBare(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	bareWorks(t, srv.Client(), "shop")
}

func TestRealRedisBare(t *testing.T) {
	t.Parallel()
	addr := os.Getenv("UPSTASH_TEST_REDIS_ADDR")
	if addr == "" {
		t.Skip("UPSTASH_TEST_REDIS_ADDR names no Redis server; keys of its database 0 would be written")
	}
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Redis: addr})
	bareWorks(t, srv.Client(), "upstash-go-test-bare")
}

func bareWorks(t *testing.T, rdb *upstash.Client, namespace string) {
	t.Helper()
	ctx, bare := t.Context(), newBare(t, rdb, namespace)
	entry, lease := namespace+":k:p:k", namespace+":l:p:k"
	tea, milk := product{"tea", 450}, product{"milk", 120}
	calls := 0

	check(t, "loaded", tea, ok(bare.GetOrLoad(ctx, "k", returns(tea, &calls)))(t))
	check(t, "what is stored", `{"ID":"tea","Price":450}`, ok(rdb.Get(ctx, entry))(t))
	if ttl := ok(rdb.TTL(ctx, entry))(t); ttl.V < 59*time.Minute || ttl.V > time.Hour {
		t.Errorf("TTL = %v, want an hour", ttl)
	}
	check(t, "leases", int64(0), ok(rdb.Exists(ctx, lease))(t))
	var info cache.Info
	check(t, "hit", tea, ok(bare.GetOrLoad(ctx, "k", never[product](t), cache.Report(&info)))(t))
	check(t, "info", cache.Info{State: cache.Hit}, info)
	check(t, "Get", tea, ok(bare.Get(ctx, "k"))(t))
	check(t, "GetMany", map[string]product{"k": tea}, ok(bare.GetMany(ctx, []string{"k", "other"}))(t))

	noErr(t, bare.Set(ctx, "k", milk))
	check(t, "after Set", milk, ok(bare.Get(ctx, "k"))(t))
	noErr(t, rdb.Set(ctx, entry, `{ "Price": 7 }`))
	check(t, "what another program set", product{Price: 7}, ok(bare.GetOrLoad(ctx, "k", never[product](t)))(t))
	noErr(t, bare.Delete(ctx, "k"))
	if _, err := bare.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("after Delete: %v, want a miss", err)
	}

	for _, tt := range []struct {
		name   string
		during func() error
		left   string // under the key
	}{
		{"Delete", func() error { return bare.Delete(ctx, "k") }, ""},
		{"Set", func() error { return bare.Set(ctx, "k", milk) }, `{"ID":"milk","Price":120}`},
		{"SET by another program", func() error { return rdb.Set(ctx, entry, `{"Price":8}`) }, `{"Price":8}`},
		{"DEL by another program", func() error { return errOf(rdb.Del(ctx, entry, lease)) }, ""},
	} {
		noErr(t, bare.Delete(ctx, "k"))
		got, err := bare.GetOrLoad(ctx, "k", func(context.Context, string) (product, error) { return tea, tt.during() }, cache.Report(&info))
		noErr(t, err)
		check(t, tt.name+": loaded", tea, got)
		check(t, tt.name+": info", cache.Info{State: cache.Loaded}, info)
		left, err := rdb.Get(ctx, entry)
		if tt.left == "" != errors.Is(err, upstash.ErrNil) || left != tt.left {
			t.Errorf("%s: left %q, %v: want %q", tt.name, left, err, tt.left)
		}
		check(t, tt.name+": leases", int64(0), ok(rdb.Exists(ctx, lease))(t))
	}

	noErr(t, bare.Delete(ctx, "k"))
	for _, err := range []error{cache.ErrNotFound, errDown} {
		_, got := bare.GetOrLoad(ctx, "k", func(context.Context, string) (product, error) { return tea, err })
		if !errors.Is(got, err) {
			t.Errorf("GetOrLoad = %v, want %v", got, err)
		}
		check(t, "what is left of a load that failed", int64(0), ok(rdb.Exists(ctx, entry, lease))(t))
	}
}

// TestBareReplacesWhatItCannotRead, and nothing that came in its place.
func TestBareReplacesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, text := range map[string]string{
		"not JSON": "tea", "of another type": `"tea"`, "an array": `[1]`, "half": `{"ID":"te`, "nothing": "", "null": " null\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
			rdb := srv.Client()
			bare, want, calls := newBare(t, rdb, "shop"), product{"milk", 1}, 0
			noErr(t, rdb.Set(ctx, "shop:k:p:k", text))
			noErr(t, rdb.Set(ctx, "shop:k:p:overtaken", text))
			if v, err := bare.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
				t.Errorf("Get = %v, %v: want a miss", v, err)
			}
			for range 2 {
				check(t, "loaded", want, ok(bare.GetOrLoad(ctx, "k", returns(want, &calls)))(t))
			}
			check(t, "loader calls", 1, calls)
			check(t, "overtaken", want, ok(bare.GetOrLoad(ctx, "overtaken", func(context.Context, string) (product, error) {
				return want, rdb.Set(ctx, "shop:k:p:overtaken", `{"Price":9}`)
			}))(t))
			check(t, "what is left", `{"Price":9}`, ok(rdb.Get(ctx, "shop:k:p:overtaken"))(t))
		})
	}
}

// TestBareNull is a value of a type that has a nil.
func TestBareNull(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{})
	bare, calls := cache.BareOf[*product](c, cache.BareOptions{}), 0
	for range 2 {
		check(t, "nil", (*product)(nil), ok(bare.GetOrLoad(t.Context(), "k", returns((*product)(nil), &calls)))(t))
	}
	check(t, "loader calls", 1, calls)
}

// TestBareHasNoPlaceFor what belongs into a header.
func TestBareHasNoPlaceFor(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	bare, calls := cache.BareOf[int](c, cache.BareOptions{}), 0
	for what, err := range map[string]error{
		"Get":       errOf(bare.Get(ctx, "k", cache.Tags("tag"))),
		"GetMany":   errOf(bare.GetMany(ctx, []string{"k"}, cache.Tags("tag"))),
		"Set":       bare.Set(ctx, "k", 1, cache.Tags("tag")),
		"GetOrLoad": errOf(bare.GetOrLoad(ctx, "k", returns(1, &calls), cache.Tags("tag"))),
		"WatchTags": errOf(bare.GetOrLoad(ctx, "k", func(ctx context.Context, _ string) (int, error) { return 1, cache.WatchTags(ctx, "tag") })),
	} {
		if err == nil || err.Error() != "cache: a bare entry has no tags: use a View for entries that are invalidated by tag" {
			t.Errorf("%s: %v", what, err)
		}
	}
	dates := cache.BareOf[time.Time](c, cache.BareOptions{Codec: superjson.Codec()})
	day := time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)
	var info cache.Info
	check(t, "a value with annotations", day, ok(dates.GetOrLoad(ctx, "day", returns(day, &calls), cache.Report(&info)))(t))
	for what, err := range map[string]error{"GetOrLoad": info.StoreErr, "Set": dates.Set(ctx, "day", day)} {
		if err == nil {
			t.Errorf("%s: no error for annotations", what)
		}
	}
	check(t, "what is stored", 0, len(ok(srv.Client().Keys(ctx, "*"))(t)))
}

func TestBareCost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	bare, calls := newBare(t, srv.Client(), "shop"), 0
	noErr(t, errOf(bare.GetOrLoad(ctx, "teaches the script", returns(product{}, &calls))))
	values := map[string]product{}
	for i := range 100 {
		values[strconv.Itoa(i)] = product{}
	}
	var info cache.Info
	for _, tt := range []struct {
		name string
		want cost
		do   func() error
	}{
		{"miss", cost{3, 7}, func() error { return errOf(bare.GetOrLoad(ctx, "k", returns(product{}, &calls), cache.Report(&info))) }},
		{"hit", cost{1, 1}, func() error { return errOf(bare.GetOrLoad(ctx, "k", never[product](t), cache.Report(&info))) }},
		{"Get", cost{1, 1}, func() error { return errOf(bare.Get(ctx, "k", cache.Report(&info))) }},
		{"Set", cost{1, 2}, func() error { return bare.Set(ctx, "k", product{}, cache.Report(&info)) }},
		{"SetMany", cost{1, 101}, func() error { return bare.SetMany(ctx, values, cache.Report(&info)) }},
		{"GetMany", cost{1, 1}, func() error { return errOf(bare.GetMany(ctx, []string{"1", "2", "k"}, cache.Report(&info))) }},
		{"Delete", cost{1, 1}, func() error { info.Cost = cache.Cost{RoundTrips: 1, Commands: 1}; return bare.Delete(ctx, "k", "1") }},
	} {
		check(t, tt.name, tt.want, costOf(t, srv, tt.do))
		check(t, tt.name+": Info.Cost", tt.want, cost(info.Cost))
	}
}

// TestBareStampede: who comes while another process loads waits for it, and
// nobody sees more than the value.
func TestBareStampede(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		const processes, callers = 4, 10
		calls := make(chan string, processes*callers)
		done := make(chan product, processes*callers)
		for range processes {
			bare := newBare(t, srv.Client(), "shop")
			for range callers {
				go func() {
					done <- ok(bare.GetOrLoad(t.Context(), "k", func(_ context.Context, key string) (product, error) {
						calls <- key
						time.Sleep(50 * time.Millisecond) // bubble: the query
						return product{"tea", 450}, nil
					}))(t)
				}()
			}
		}
		time.Sleep(20 * time.Millisecond) // bubble: in the middle of the load
		check(t, "what others see meanwhile", int64(0), ok(srv.Client().Exists(t.Context(), "shop:k:p:k"))(t))
		for range processes * callers {
			check(t, "value", product{"tea", 450}, <-done)
		}
		check(t, "loader calls", 1, len(calls))
	})
}
