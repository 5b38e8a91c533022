package cache_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func ExampleView_LoadMany() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	c, err := cache.New(srv.Client(), cache.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	prices := cache.Of[int](c, cache.ViewOptions{Tags: []string{"prices"}})
	load := func(_ context.Context, keys []string) (map[string]int, error) {
		fmt.Println("reading", keys)
		return map[string]int{"tea": 450, "coffee": 900}, nil
	}
	for range 2 {
		found, err := prices.LoadMany(context.Background(), []string{"tea", "coffee"}, load)
		fmt.Println(found, err)
	}
	// Output:
	// reading [tea coffee]
	// map[coffee:900 tea:450] <nil>
	// map[coffee:900 tea:450] <nil>
}

// source is a loader of many keys that remembers what it was asked.
type source struct {
	mu     sync.Mutex
	values map[string]string
	asked  [][]string
	during func(ctx context.Context) error
}

func (s *source) load(ctx context.Context, keys []string) (map[string]string, error) {
	s.mu.Lock()
	s.asked = append(s.asked, keys)
	found := maps.Clone(s.values)
	s.mu.Unlock()
	if s.during != nil {
		if err := s.during(ctx); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// asks returns what the loader was asked since the last time.
func (s *source) asks() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := s.asked
	s.asked = nil
	return asked
}

func numbers(n int) (keys []string, values map[string]string) {
	values = map[string]string{}
	for i := range n {
		key := strconv.Itoa(i)
		keys, values[key] = append(keys, key), "v"+key
	}
	return keys, values
}

func TestLoadManyCost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Tags: tagNames(2)})
	keys, values := numbers(100)
	src := &source{values: values}
	var info cache.Info
	var got map[string]string
	load := func(keys ...string) func() error {
		return func() (err error) { got, err = view.LoadMany(ctx, keys, src.load, cache.Report(&info)); return err }
	}
	check(t, "40 misses, which make the stamps", cost{3, 1 + 3 + 40 + 40}, costOf(t, srv, load(keys[:40]...)))
	check(t, "reported", cache.Cost{RoundTrips: 3, Commands: 84}, info.Cost)
	check(t, "info", cache.Info{State: cache.Loaded, Stored: true}, info)
	check(t, "60 misses and 40 hits", cost{3, 1 + 60 + 60}, costOf(t, srv, load(keys...)))
	check(t, "values", values, got)
	check(t, "asked", [][]string{keys[:40], keys[40:]}, src.asks())
	check(t, "100 hits", cost{1, 1}, costOf(t, srv, load(keys...)))
	check(t, "reported", cache.Cost{RoundTrips: 1, Commands: 1}, info.Cost)
	check(t, "state", cache.Hit, info.State)
	check(t, "values", values, got)
	check(t, "twice the same", cost{1, 1}, costOf(t, srv, load("1", "1")))
	check(t, "nothing", cost{0, 0}, costOf(t, srv, load()))

	noErr(t, c.Invalidate(ctx, "tag00"))
	check(t, "all of them invalid", cost{3, 1 + 1 + 100 + 100}, costOf(t, srv, load(keys...)))
	check(t, "hits again", cost{1, 1}, costOf(t, srv, load(keys...)))

	check(t, "GetMany", cost{1, 1}, costOf(t, srv, func() error { return errOf(view.GetMany(ctx, keys, cache.Report(&info))) }))
	check(t, "reported", cache.Info{State: cache.Hit, Cost: cache.Cost{RoundTrips: 1, Commands: 1}}.Cost, info.Cost)
	check(t, "SetMany", cost{2, 101}, costOf(t, srv, func() error { return view.SetMany(ctx, values, cache.Report(&info)) }))
	check(t, "reported", cache.Cost{RoundTrips: 2, Commands: 101}, info.Cost)
	check(t, "stats", cache.Stats{Hits: 40 + 100 + 1 + 100 + 100, Loads: 3}, c.Stats())
}

func TestLoadManyRemembersAbsences(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	src := &source{values: map[string]string{"a": "A", "unasked": "x"}}
	forgets := cache.Of[string](c, cache.ViewOptions{})
	for range 2 {
		check(t, "values", map[string]string{"a": "A"}, ok(forgets.LoadMany(ctx, []string{"a", "b"}, src.load))(t))
	}
	check(t, "asked without NegativeTTL", [][]string{{"a", "b"}, {"b"}}, src.asks())
	check(t, "keys", []string{"shop:e", "shop:k:a"}, sorted(ok(srv.Client().Keys(ctx, "*"))(t)))

	remembers := cache.Of[string](c, cache.ViewOptions{Prefix: "n:", NegativeTTL: time.Minute})
	for range 2 {
		check(t, "values", map[string]string{"a": "A"}, ok(remembers.LoadMany(ctx, []string{"a", "b"}, src.load))(t))
	}
	check(t, "asked with it", [][]string{{"a", "b"}}, src.asks())
	if _, err := remembers.Get(ctx, "b"); !errors.Is(err, cache.ErrNotFound) {
		t.Errorf("Get: %v", err)
	}
	src.during = func(context.Context) error { return fmt.Errorf("all: %w", cache.ErrNotFound) }
	if _, err := remembers.LoadMany(ctx, []string{"c"}, src.load); !errors.Is(err, cache.ErrNotFound) {
		t.Errorf("ErrNotFound of the loader: %v", err)
	}
	if _, err := remembers.Get(ctx, "c"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("it was remembered: %v", err)
	}
}

func sorted(list []string) []string { slices.Sort(list); return list }

// TestWhatHappensDuringALoadOfMany is TestWhatHappensDuringALoad for many keys,
// over what there is of them before.
func TestWhatHappensDuringALoadOfMany(t *testing.T) {
	t.Parallel()
	type world struct {
		cache *cache.Cache
		view  *cache.View[string]
	}
	set := func(ctx context.Context, w world) error {
		return w.view.SetMany(ctx, map[string]string{"a": "old", "b": "old"})
	}
	for begin, prepare := range map[string]func(ctx context.Context, w world) error{
		"absent": func(context.Context, world) error { return nil },
		"invalid": func(ctx context.Context, w world) error {
			return errors.Join(set(ctx, w), w.cache.Invalidate(ctx, "tag"))
		},
		"past their TTL": func(ctx context.Context, w world) error {
			return w.view.SetMany(ctx, map[string]string{"a": "old", "b": "old"}, cache.TTL(time.Millisecond))
		},
	} {
		for _, tt := range []struct {
			name   string
			during func(ctx context.Context, w world) error
			stored bool
			after  map[string]string
		}{
			{"nothing", func(context.Context, world) error { return nil }, true, map[string]string{"a": "A", "b": "B"}},
			{"Delete is not undone", func(ctx context.Context, w world) error { return w.view.Delete(ctx, "a") }, false, map[string]string{"b": "B"}},
			{"Invalidate makes the entries invalid from birth", func(ctx context.Context, w world) error { return w.cache.Invalidate(ctx, "tag") }, true, map[string]string{}},
			{"a newer Set is not overwritten", func(ctx context.Context, w world) error { return w.view.Set(ctx, "a", "set") }, false, map[string]string{"a": "set", "b": "B"}},
		} {
			for _, portable := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, portable %v", begin, tt.name, portable), func(t *testing.T) {
					t.Parallel()
					ctx := t.Context()
					srv, c := newCache(t, cache.Options{})
					if portable {
						c = cacheOver(t, unconditional{srv.Client()}, cache.Options{})
					}
					w := world{c, cache.Of[string](c, cache.ViewOptions{Tags: []string{"tag"}, StaleIfError: time.Hour})}
					noErr(t, prepare(ctx, w))
					if begin == "past their TTL" {
						time.Sleep(2 * time.Millisecond) //nolint:forbidigo // an entry's TTL is by the wall clock; any longer is as good
					}
					src := &source{values: map[string]string{"a": "A", "b": "B"}, during: func(ctx context.Context) error { return tt.during(ctx, w) }}
					var info cache.Info
					check(t, "returned", src.values, ok(w.view.LoadMany(ctx, []string{"a", "b"}, src.load, cache.Report(&info)))(t))
					check(t, "info", cache.Info{State: cache.Loaded, Stored: tt.stored}, info)
					check(t, "after", tt.after, ok(w.view.GetMany(ctx, []string{"a", "b"}))(t))
				})
			}
		}
	}
}

// TestLoadManyWaitsForOthers: another process loads one of the keys.
func TestLoadManyWaitsForOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		options cache.Options
		takes   time.Duration // of the other's load
		want    map[string]string
		asked   [][]string
		err     error
	}{
		{"and gets what it stores", cache.Options{}, time.Second, map[string]string{"a": "A", "b": "theirs"}, [][]string{{"a"}}, nil},
		{"and loads in the end", cache.Options{WaitLimit: 100 * time.Millisecond}, time.Second, map[string]string{"a": "A", "b": "B"}, [][]string{{"a"}, {"b"}}, nil},
		{"and fails in the end", cache.Options{WaitLimit: 100 * time.Millisecond, Busy: cache.BusyFails}, time.Second, map[string]string{"a": "A"}, [][]string{{"a"}}, cache.ErrBusy},
		{"that has crashed", cache.Options{}, time.Hour, map[string]string{"a": "A", "b": "B"}, [][]string{{"a"}, {"b"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
				here, there := cacheOver(t, srv.Client(), tt.options), cacheOver(t, srv.Client(), cache.Options{LoadTimeout: 10 * time.Second})
				mine, theirs := cache.Of[string](here, cache.ViewOptions{Tags: []string{"t"}}), cache.Of[string](there, cache.ViewOptions{Tags: []string{"t"}})
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					s, _ := theirs.Snapshot(ctx, "b")
					time.Sleep(min(tt.takes, time.Minute)) // bubble
					_, _ = theirs.SetSnapshot(ctx, s, "theirs")
				}()
				synctest.Wait()
				src := &source{values: map[string]string{"a": "A", "b": "B"}}
				got, err := mine.LoadMany(ctx, []string{"a", "b"}, src.load)
				if !errors.Is(err, tt.err) {
					t.Errorf("error %v, want %v", err, tt.err)
				}
				check(t, "values", tt.want, got)
				check(t, "asked", tt.asked, src.asks())
				<-ended
			})
		})
	}
}

// TestLoadManyCrosses lets many calls of two processes load keys of each other
// at once: nobody waits in vain, and each key is loaded once.
func TestLoadManyCrosses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		// The stamps are there: who is the first to make one may lose a lease to the second.
		noErr(t, cache.Of[int](cacheOver(t, srv.Client(), cache.Options{}), cache.ViewOptions{Tags: []string{"t"}}).Set(ctx, "other", 1))
		srv.InterceptAll(upstashtest.Delay(time.Millisecond))
		keys, values := numbers(20)
		src := &source{values: values, during: func(context.Context) error {
			time.Sleep(100 * time.Millisecond) // bubble
			return nil
		}}
		var wg sync.WaitGroup
		begin := time.Now()
		for p := range 2 {
			view := cache.Of[string](cacheOver(t, srv.Client(), cache.Options{}), cache.ViewOptions{Tags: []string{"t"}})
			for n := range 8 {
				mine := slices.Clone(keys)
				if (p+n)%2 == 1 {
					slices.Reverse(mine)
				}
				mine = mine[:10+n]
				wg.Go(func() {
					time.Sleep(time.Duration(n*10) * time.Millisecond) // bubble
					got, err := view.LoadMany(ctx, mine, src.load)
					if err != nil || len(got) != len(mine) {
						t.Errorf("%d of %d values, %v", len(got), len(mine), err)
					}
				})
				wg.Go(func() {
					v, err := view.GetOrLoad(ctx, keys[n], func(ctx context.Context, key string) (string, error) {
						m, err := src.load(ctx, []string{key})
						return m[key], err
					})
					if v != values[keys[n]] || err != nil {
						t.Errorf("GetOrLoad: %q, %v", v, err)
					}
				})
			}
		}
		wg.Wait()
		asked := map[string]int{}
		for _, keys := range src.asks() {
			for _, key := range keys {
				asked[key]++
			}
		}
		for _, key := range keys {
			if asked[key] != 1 {
				t.Errorf("%s was loaded %d times", key, asked[key])
			}
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("it took %v of the bubble's time", took)
		}
	})
}

func TestLoadManyRefreshes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		background bool
		missing    bool
		during     error
		want       map[string]string
		state      cache.State
		refreshing bool
	}{
		{"within the call", false, false, nil, map[string]string{"a": "A", "b": "B"}, cache.Loaded, false},
		{"behind the call", true, false, nil, map[string]string{"a": "old", "b": "old"}, cache.Stale, true},
		{"together with what is missing", true, true, nil, map[string]string{"a": "A", "b": "B", "c": "C"}, cache.Loaded, false},
		{"and the source fails", false, false, errDown, map[string]string{"a": "old", "b": "old"}, cache.Stale, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				o := cache.Options{}
				if tt.background {
					o.Background = cache.Goroutine
				}
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
				c := cacheOver(t, srv.Client(), o)
				view := cache.Of[string](c, cache.ViewOptions{TTL: time.Second, StaleWhileRevalidate: time.Hour, Jitter: -1})
				noErr(t, view.SetMany(ctx, map[string]string{"a": "old", "b": "old"}))
				time.Sleep(2 * time.Second) // bubble
				src := &source{values: map[string]string{"a": "A", "b": "B", "c": "C"}, during: func(context.Context) error { return tt.during }}
				keys := []string{"a", "b"}
				if tt.missing {
					keys = append(keys, "c")
				}
				var info cache.Info
				check(t, "returned", tt.want, ok(view.LoadMany(ctx, keys, src.load, cache.Report(&info)))(t))
				if info.State != tt.state && tt.during == nil || info.Refreshing != tt.refreshing || !errors.Is(info.LoadErr, tt.during) {
					t.Errorf("info %+v", info)
				}
				noErr(t, c.Drain(ctx))
				if got := len(src.asks()); got != 1 {
					t.Errorf("the loader was asked %d times", got)
				}
				if tt.during != nil { // it is not asked again for RetryAfter
					check(t, "again", tt.want, ok(view.LoadMany(ctx, keys, src.load, cache.Report(&info)))(t))
					if got := len(src.asks()); got != 0 || !errors.Is(info.LoadErr, errDown) {
						t.Errorf("asked %d times, info %+v", got, info)
					}
					return
				}
				check(t, "after", ok(src.load(ctx, nil))(t)["a"], ok(view.Get(ctx, "a"))(t))
				var keys2 []string
				for _, k := range ok(srv.Client().Keys(ctx, "shop:l:*"))(t) {
					keys2 = append(keys2, k)
				}
				check(t, "leases left", []string(nil), keys2)
			})
		})
	}
}

func TestLoadManyLosesARefresh(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		o := cache.ViewOptions{TTL: time.Second, StaleWhileRevalidate: time.Hour, Jitter: -1}
		mine := cache.Of[string](cacheOver(t, srv.Client(), cache.Options{}), o)
		theirs := cache.Of[string](cacheOver(t, srv.Client(), cache.Options{}), o)
		noErr(t, mine.Set(ctx, "a", "old"))
		time.Sleep(2 * time.Second) // bubble
		go func() {
			_, _ = theirs.GetOrLoad(ctx, "a", func(context.Context, string) (string, error) {
				time.Sleep(time.Second) // bubble
				return "new", nil
			})
		}()
		synctest.Wait()
		src := &source{}
		check(t, "returned", map[string]string{"a": "old"}, ok(mine.LoadMany(ctx, []string{"a"}, src.load))(t))
		check(t, "asked", 0, len(src.asks()))
		time.Sleep(2 * time.Second) // bubble
	})
}

func TestLoadManyFailures(t *testing.T) {
	t.Parallel()
	down := errors.New("the source is down")
	for _, tt := range []struct {
		name string
		load func(context.Context) error
		is   func(error) bool
	}{
		{"an error", func(context.Context) error { return down }, func(err error) bool { return errors.Is(err, down) }},
		{"a panic", func(context.Context) error { panic("boom") }, func(err error) bool {
			p := (*cache.PanicError)(nil)
			return errors.As(err, &p) && p.Value == "boom"
		}},
		{"Goexit", func(context.Context) error { runtime.Goexit(); return nil }, func(err error) bool { return err != nil && strings.Contains(err.Error(), "Goexit") }},
		{"a timeout", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, func(err error) bool { return errors.Is(err, cache.ErrLoadTimeout) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
				c := cacheOver(t, srv.Client(), cache.Options{LoadTimeout: time.Second})
				view := cache.Of[string](c, cache.ViewOptions{TTL: time.Minute, StaleIfError: time.Hour, Jitter: -1})
				noErr(t, view.Set(ctx, "old", "O", cache.TTL(time.Second)))
				time.Sleep(2 * time.Second) // bubble
				noErr(t, view.Set(ctx, "hit", "H"))
				src := &source{during: tt.load}
				got, err := view.LoadMany(ctx, []string{"hit", "old", "none"}, src.load)
				if !tt.is(err) {
					t.Errorf("error %v", err)
				}
				check(t, "what there is", map[string]string{"hit": "H", "old": "O"}, got)
				check(t, "keys", []string{"shop:e", "shop:k:hit", "shop:k:old"}, sorted(ok(srv.Client().Keys(ctx, "*"))(t)))
				var info cache.Info
				check(t, "where an old value stands in for all", map[string]string{"hit": "H", "old": "O"},
					ok(view.LoadMany(ctx, []string{"hit", "old"}, src.load, cache.Report(&info)))(t))
				if !tt.is(info.LoadErr) || info.State != cache.Stale {
					t.Errorf("info %+v", info)
				}
			})
		})
	}
}

func TestLoadManyRethrowsPanics(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{RethrowPanics: true})
	view := cache.Of[string](c, cache.ViewOptions{})
	defer func() {
		if p, is := recover().(*cache.PanicError); !is || p.Value != "boom" {
			t.Errorf("recovered %v", p)
		}
	}()
	_, _ = view.LoadMany(t.Context(), []string{"a"}, func(context.Context, []string) (map[string]string, error) { panic("boom") })
	t.Error("it did not panic")
}

func TestLoadManyWithoutRedis(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	src := &source{values: map[string]string{"a": "A", "b": "B"}}
	all := []string{"a", "b"}
	fails := map[string]bool{}
	server := upstashtest.New(t, upstashtest.Options{InProcess: true})
	line := failing{server.Client(), func(b upstash.Batch) bool { return fails[b.Commands[0].Name()] }}
	for _, tt := range []struct {
		name    string
		command string
		options cache.Options
		state   cache.State
		fails   bool
	}{
		{"it cannot be read", "MGET", cache.Options{}, cache.Bypass, false},
		{"and that is an error", "MGET", cache.Options{FailClosed: true}, cache.Missed, true},
		{"no lease can be had", "SET", cache.Options{}, cache.Loaded, false},
	} {
		clear(fails)
		fails[tt.command] = true
		server.Flush()
		tt.options.OnError = func(_ context.Context, err error) {
			if !errors.Is(err, errDown) {
				t.Errorf("%s: reported %v", tt.name, err)
			}
		}
		view := cache.Of[string](cacheOver(t, line, tt.options), cache.ViewOptions{})
		var info cache.Info
		got, err := view.LoadMany(ctx, all, src.load, cache.Report(&info))
		if tt.fails {
			if !errors.Is(err, errDown) || len(src.asks()) > 0 {
				t.Errorf("%s: %v", tt.name, err)
			}
			continue
		}
		noErr(t, err)
		check(t, tt.name, src.values, got)
		check(t, "asked", [][]string{all}, src.asks())
		if info.State != tt.state || info.Stored {
			t.Errorf("%s: info %+v", tt.name, info)
		}
	}
}

func TestLoadManyOfWhatCannotBeStored(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{MaxEntry: 1000})
	view := cache.Of[string](c, cache.ViewOptions{})
	src := &source{values: map[string]string{"a": "A", "b": strings.Repeat("x", 1000)}}
	var info cache.Info
	check(t, "returned", src.values, ok(view.LoadMany(ctx, []string{"a", "b"}, src.load, cache.Report(&info)))(t))
	if !errors.Is(info.StoreErr, cache.ErrTooLarge) || info.Stored || info.State != cache.Loaded {
		t.Errorf("info %+v", info)
	}
	check(t, "keys", []string{"shop:e", "shop:k:a"}, sorted(ok(srv.Client().Keys(ctx, "*"))(t)))

	src = &source{values: map[string]string{"n": "N"}, during: cache.NoStore}
	check(t, "NoStore", src.values, ok(view.LoadMany(ctx, []string{"n", "m"}, src.load))(t))
	check(t, "keys", []string{"shop:e", "shop:k:a"}, sorted(ok(srv.Client().Keys(ctx, "*"))(t)))
	src.during = func(ctx context.Context) error { return cache.WatchTags(ctx, "w") }
	check(t, "WatchTags", src.values, ok(view.LoadMany(ctx, []string{"n"}, src.load))(t))
	noErr(t, c.Invalidate(ctx, "w"))
	check(t, "after an invalidation", map[string]string{}, ok(view.GetMany(ctx, []string{"n"}))(t))
}

func TestLoadManyEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{})
	ended := make(chan struct{})
	_, err := view.LoadMany(ctx, []string{"a"}, func(ctx context.Context, _ []string) (map[string]string, error) {
		defer close(ended)
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-ended
	_ = srv
	if _, err := view.LoadMany(t.Context(), []string{"a"}, nil); err == nil {
		t.Error("a nil loader was accepted")
	}
	if _, err := view.LoadMany(t.Context(), []string{""}, (&source{}).load); err == nil {
		t.Error("an empty key was accepted")
	}
}

// TestLoadManyOfAWrongType: what is no string at a key keeps nobody from loading.
func TestLoadManyOfAWrongType(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{})
	noErr(t, errOf(srv.Client().SAdd(ctx, "shop:k:a", "member")))
	src := &source{values: map[string]string{"a": "A", "b": "B"}}
	if diff := cmp.Diff(src.values, ok(view.LoadMany(ctx, []string{"a", "b"}, src.load))(t)); diff != "" {
		t.Error(diff)
	}
}
