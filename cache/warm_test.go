package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func ExampleView_Warm() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	ctx := context.Background()
	c, err := cache.New(srv.Client(), cache.Options{Namespace: "shop"})
	if err != nil {
		panic(err)
	}
	products := cache.Of[string](c, cache.ViewOptions{Prefix: "product:", Tags: []string{"products", "catalog"}})

	var ids []string
	for i := range 1000 {
		ids = append(ids, strconv.Itoa(i))
	}
	load := func(_ context.Context, ids []string) (map[string]string, error) {
		found := make(map[string]string, len(ids))
		for _, id := range ids { // SELECT ... WHERE id IN (...)
			found[id] = "product " + id
		}
		return found, nil
	}
	for _, o := range []cache.WarmOptions{{DryRun: true}, {}, {}} {
		r, err := products.Warm(ctx, slices.Values(ids), load, o)
		fmt.Println(r.Stored, "stored,", r.Fresh, "fresh,", r.Cost.RoundTrips, "round trips,", r.Cost.Commands, "commands, estimated:", r.Estimated, err)
	}
	// Output:
	// 1000 stored, 0 fresh, 3 round trips, 1005 commands, estimated: true <nil>
	// 1000 stored, 0 fresh, 3 round trips, 1005 commands, estimated: false <nil>
	// 0 stored, 1000 fresh, 1 round trips, 1 commands, estimated: false <nil>
}

func TestWarmCost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Tags: tagNames(2)})
	keys, values := numbers(1000)
	src := &source{values: values}
	var report cache.WarmReport
	var info cache.Info
	warm := func(o cache.WarmOptions) func() error {
		return func() (err error) {
			report, err = view.Warm(ctx, slices.Values(keys), src.load, o, cache.Report(&info))
			return err
		}
	}
	dry := func(want cost) {
		t.Helper()
		src.asks()
		before := sorted(ok(srv.Client().Keys(ctx, "*"))(t))
		noErr(t, warm(cache.WarmOptions{DryRun: true})())
		check(t, "estimate", want, cost(report.Cost))
		check(t, "keys after a dry run", before, sorted(ok(srv.Client().Keys(ctx, "*"))(t)))
		check(t, "asked by a dry run", 0, len(src.asks()))
	}
	const m, batches, tags = 1000, 1, 2
	dry(cost{3, m + 2*batches + tags + 1})
	got := costOf(t, srv, warm(cache.WarmOptions{}))
	check(t, "in a new namespace, which makes its stamp and those of the tags", cost{3, m + 2*batches + tags + 1}, got)
	check(t, "reported", got, cost(report.Cost))
	check(t, "info", got, cost(info.Cost))
	check(t, "asked", [][]string{keys}, src.asks())
	check(t, "report", cache.WarmReport{Keys: m, Stored: m, Batches: 1, Bytes: report.Bytes, Cost: report.Cost, After: "999"}, report)
	check(t, "values", values, ok(view.GetMany(ctx, keys))(t))
	dry(cost{1, 1})
	check(t, "again", cost{1, 1}, costOf(t, srv, warm(cache.WarmOptions{})))
	check(t, "report", cache.WarmReport{Keys: m, Fresh: m, Cost: report.Cost, After: "999"}, report)

	noErr(t, view.Delete(ctx, keys...))
	dry(cost{3, m + 2*batches})
	got = costOf(t, srv, warm(cache.WarmOptions{}))
	check(t, "after a deployment that took all entries away", cost{3, m + 2*batches}, got)
	if got.RoundTrips > 10 || got.Commands > m+batches+tags {
		t.Errorf("%+v is more than the plan allows", got)
	}
	noErr(t, c.Invalidate(ctx, "tag00"))
	dry(cost{3, m + batches + 1})
	check(t, "after an invalidation, which makes a stamp", cost{3, m + batches + 1}, costOf(t, srv, warm(cache.WarmOptions{})))
	check(t, "by force", cost{2, m + batches}, costOf(t, srv, warm(cache.WarmOptions{Force: true})))
	check(t, "values", values, ok(view.GetMany(ctx, keys))(t))
}

func TestWarmPassesOverWhatIsFresh(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Tags: []string{"t"}, NegativeTTL: time.Minute, EarlyRefresh: 1e9})
	noErr(t, view.SetMany(ctx, map[string]string{"a": "old", "b": "old"}))
	noErr(t, view.Set(ctx, "invalid", "old", cache.Tags("u")))
	noErr(t, c.Invalidate(ctx, "u"))
	src := &source{values: map[string]string{"a": "A", "invalid": "I", "c": "C"}}
	keys := slices.Values([]string{"a", "b", "c", "d", "invalid"})
	r := ok(view.Warm(ctx, keys, src.load, cache.WarmOptions{}))(t)
	check(t, "asked", [][]string{{"c", "d", "invalid"}}, src.asks())
	check(t, "report", cache.WarmReport{Keys: 5, Fresh: 2, Stored: 3, Absent: 1, Batches: 1, Bytes: r.Bytes, Cost: r.Cost, After: "invalid"}, r)
	if _, err := view.Get(ctx, "d"); !errors.Is(err, cache.ErrNotFound) {
		t.Errorf("what does not exist: %v", err)
	}
	check(t, "values", map[string]string{"a": "old", "b": "old", "c": "C", "invalid": "I"},
		ok(view.GetMany(ctx, []string{"a", "b", "c", "d", "invalid"}))(t))
	check(t, "asked again", 0, ok(view.Warm(ctx, keys, src.load, cache.WarmOptions{}))(t).Batches)
	check(t, "by force", 5, ok(view.Warm(ctx, keys, src.load, cache.WarmOptions{Force: true}))(t).Stored)
	check(t, "replaced", "A", ok(view.Get(ctx, "a"))(t))
}

// TestWarmCutsBatchesByBytes: after the first batch it knows how large entries are.
func TestWarmCutsBatchesByBytes(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{})
	keys, values := numbers(100)
	for key := range values {
		values[key] = strings.Repeat("x", 10_000)
	}
	const most = 100_000
	src := &source{values: values}
	var seen []cache.WarmReport
	r := ok(view.Warm(ctx, slices.Values(keys), src.load, cache.WarmOptions{
		BatchKeys: 20, BatchBytes: most, Progress: func(r cache.WarmReport) { seen = append(seen, r) },
	}))(t)
	check(t, "stored", 100, r.Stored)
	asked := src.asks()
	check(t, "batches", 1+(100-20+8)/9, len(asked))
	check(t, "progress", len(asked), len(seen))
	check(t, "the last progress", r, seen[len(seen)-1])
	for i, s := range seen[1:] {
		if s.Keys <= seen[i].Keys || s.After == seen[i].After {
			t.Errorf("progress %d: %+v after %+v", i+1, s, seen[i])
		}
	}
	for _, request := range srv.Requests() {
		bytes := 0
		for _, words := range request.Commands {
			bytes += len(strings.Join(words, " "))
		}
		if bytes > most+most/10 {
			t.Errorf("a request of %d bytes", bytes)
		}
	}
	check(t, "one too large", cache.WarmReport{Keys: 1, Refused: 1, Batches: 1, After: "0"}, func() cache.WarmReport {
		small := cacheOver(t, srv.Client(), cache.Options{Namespace: "small", MaxEntry: 1000})
		r := ok(cache.Of[string](small, cache.ViewOptions{}).Warm(ctx, slices.Values(keys[:1]), src.load, cache.WarmOptions{}))(t)
		r.Cost = cache.Cost{}
		return r
	}())
	check(t, "marks left", []string{"small:e"}, ok(srv.Client().Keys(ctx, "small:*"))(t))
}

func TestWarmResumes(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Tags: []string{"t"}})
	keys, values := numbers(50)
	src := &source{values: values}
	src.during = func(context.Context) error {
		if len(src.asked) == 3 {
			return errDown
		}
		return nil
	}
	r, err := view.Warm(ctx, slices.Values(keys), src.load, cache.WarmOptions{BatchKeys: 10})
	if !errors.Is(err, errDown) || r.Stored != 20 || r.Keys != 20 || r.After != "19" {
		t.Errorf("%+v, %v", r, err)
	}
	check(t, "keys, and no marks", 22, len(ok(srv.Client().Keys(ctx, "*"))(t)))
	src.during = nil
	src.asks()
	r = ok(view.Warm(ctx, slices.Values(keys), src.load, cache.WarmOptions{BatchKeys: 10, After: r.After}))(t)
	check(t, "asked by the rest", [][]string{keys[20:30], keys[30:40], keys[40:]}, src.asks())
	check(t, "keys looked at by the rest", 30, r.Keys)
	check(t, "values", values, ok(view.GetMany(ctx, keys))(t))
	if _, err := view.Warm(ctx, slices.Values(keys), src.load, cache.WarmOptions{After: "unknown"}); err == nil {
		t.Error("an unknown After was accepted")
	}
}

// TestWarmAfterACrash: a process that dies at any of its requests leaves nothing
// that hinders the next one, which passes over what was stored.
func TestWarmAfterACrash(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	keys, values := numbers(30)
	for dies := 1; dies <= 9; dies++ {
		srv, next := newCache(t, cache.Options{})
		n := 0
		dying := cacheOver(t, failing{srv.Client(), func(upstash.Batch) bool { n++; return n >= dies }}, cache.Options{})
		o := cache.ViewOptions{Tags: []string{"t"}}
		src := &source{values: values}
		before, err := cache.Of[string](dying, o).Warm(ctx, slices.Values(keys), src.load, cache.WarmOptions{BatchKeys: 10})
		if !errors.Is(err, errDown) {
			t.Errorf("at request %d: %v", dies, err)
		}
		check(t, "stored before", (dies-1)/3*10, before.Stored)
		view := cache.Of[string](next, o)
		after := ok(view.Warm(ctx, slices.Values(keys), src.load, cache.WarmOptions{}))(t)
		check(t, "passed over", before.Stored, after.Fresh)
		check(t, "stored after", 30-before.Stored, after.Stored)
		check(t, "values", values, ok(view.GetMany(ctx, keys))(t))
	}
}

// TestWhatHappensDuringAWarmUp is TestWhatHappensDuringALoad for a warm-up, over
// what there is before.
func TestWhatHappensDuringAWarmUp(t *testing.T) {
	t.Parallel()
	type world struct {
		srv   *upstashtest.Server
		cache *cache.Cache
		view  *cache.View[string]
	}
	type act func(ctx context.Context, w world) error
	set := func(ctx context.Context, w world) error {
		return w.view.SetMany(ctx, map[string]string{"a": "old", "b": "old"})
	}
	junk := func(ctx context.Context, w world) error { return w.srv.Client().Set(ctx, "shop:k:a", "junk") }
	for begin, prepare := range map[string]act{
		"absent": func(context.Context, world) error { return nil },
		"invalid": func(ctx context.Context, w world) error {
			return errors.Join(set(ctx, w), w.cache.Invalidate(ctx, "tag"))
		},
		"junk":               junk,
		"leased by somebody": func(ctx context.Context, w world) error { return errOf(w.view.Snapshot(ctx, "a")) },
		"marked by a warm-up that crashed": func(ctx context.Context, w world) error {
			n := 0
			c := cacheOver(t, failing{w.srv.Client(), func(upstash.Batch) bool { n++; return n > 2 }}, cache.Options{})
			_, err := cache.Of[string](c, cache.ViewOptions{Tags: []string{"tag"}}).Warm(ctx, slices.Values([]string{"a", "b"}), (&source{}).load, cache.WarmOptions{})
			if !errors.Is(err, errDown) {
				return errors.Join(err, errors.New("it did not crash"))
			}
			return nil
		},
	} {
		for _, tt := range []struct {
			name   string
			during act
			stored int
			after  map[string]string
		}{
			{"nothing", func(context.Context, world) error { return nil }, 2, map[string]string{"a": "A", "b": "B"}},
			{"Delete is not undone", func(ctx context.Context, w world) error { return w.view.Delete(ctx, "a") }, 1, map[string]string{"b": "B"}},
			{"Delete, and the same junk again", func(ctx context.Context, w world) error { return errors.Join(w.view.Delete(ctx, "a"), junk(ctx, w)) }, 1, map[string]string{"b": "B"}},
			{"Invalidate makes the entries invalid from birth", func(ctx context.Context, w world) error { return w.cache.Invalidate(ctx, "tag") }, 2, map[string]string{}},
			{"a newer Set is not overwritten", func(ctx context.Context, w world) error { return w.view.Set(ctx, "a", "set") }, 1, map[string]string{"a": "set", "b": "B"}},
			{"a Delete and a load", func(ctx context.Context, w world) error {
				noErr(t, w.view.Delete(ctx, "a"))
				return errOf(w.view.GetOrLoad(ctx, "a", func(context.Context, string) (string, error) { return "newer", nil }))
			}, 1, map[string]string{"a": "newer", "b": "B"}},
		} {
			for _, portable := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, portable %v", begin, tt.name, portable), func(t *testing.T) {
					t.Parallel()
					ctx := t.Context()
					srv, c := newCache(t, cache.Options{})
					if portable {
						c = cacheOver(t, unconditional{srv.Client()}, cache.Options{})
					}
					w := world{srv, c, cache.Of[string](c, cache.ViewOptions{Tags: []string{"tag"}})}
					noErr(t, prepare(ctx, w))
					src := &source{values: map[string]string{"a": "A", "b": "B"}, during: func(ctx context.Context) error { return tt.during(ctx, w) }}
					r := ok(w.view.Warm(ctx, slices.Values([]string{"a", "b"}), src.load, cache.WarmOptions{}))(t)
					check(t, "stored and overtaken", [2]int{tt.stored, 2 - tt.stored}, [2]int{r.Stored, r.Overtaken})
					check(t, "after", tt.after, ok(w.view.GetMany(ctx, []string{"a", "b"}))(t))
				})
			}
		}
	}
}

// TestNobodyWaitsForAWarmUp: who needs a key meanwhile loads it, and it stays.
func TestNobodyWaitsForAWarmUp(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Tags: []string{"t"}})
	src := &source{values: map[string]string{"a": "A", "b": "B"}}
	src.during = func(ctx context.Context) error {
		check(t, "a reader", cost{3, 3}, costOf(t, srv, func() error { return errOf(view.GetOrLoad(ctx, "a", returns("theirs", new(int)))) }))
		return nil
	}
	r := ok(view.Warm(ctx, slices.Values([]string{"a", "b"}), src.load, cache.WarmOptions{}))(t)
	check(t, "stored and overtaken", [2]int{1, 1}, [2]int{r.Stored, r.Overtaken})
	check(t, "values", map[string]string{"a": "theirs", "b": "B"}, ok(view.GetMany(ctx, []string{"a", "b"}))(t))
}

// TestWarmAfterASetInBetween: somebody stores one of the keys between the look
// and the marks, so that each key is marked for itself.
func TestWarmAfterASetInBetween(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	plain := cache.Of[string](c, cache.ViewOptions{})
	noErr(t, plain.Set(ctx, "other", "makes the stamp"))
	between := failing{srv.Client(), func(b upstash.Batch) bool {
		if b.Commands[0].Name() == "MSETNX" {
			noErr(t, plain.Set(ctx, "a", "set"))
		}
		return false
	}}
	view := cache.Of[string](cacheOver(t, between, cache.Options{}), cache.ViewOptions{})
	src := &source{values: map[string]string{"a": "A", "b": "B"}}
	r := ok(view.Warm(ctx, slices.Values([]string{"a", "b"}), src.load, cache.WarmOptions{}))(t)
	check(t, "stored and overtaken", [2]int{1, 1}, [2]int{r.Stored, r.Overtaken})
	check(t, "asked", [][]string{{"b"}}, src.asks())
	check(t, "values", map[string]string{"a": "set", "b": "B"}, ok(view.GetMany(ctx, []string{"a", "b"}))(t))
}

func TestWarmRefuses(t *testing.T) {
	t.Parallel()
	_, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{})
	keys := slices.Values([]string{"a"})
	src := &source{}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"no loader":        errOf(view.Warm(t.Context(), keys, nil, cache.WarmOptions{})),
		"a negative size":  errOf(view.Warm(t.Context(), keys, src.load, cache.WarmOptions{BatchKeys: -1})),
		"an empty key":     errOf(view.Warm(t.Context(), slices.Values([]string{""}), src.load, cache.WarmOptions{})),
		"a context's end":  errOf(view.Warm(canceled, keys, src.load, cache.WarmOptions{})),
		"no view":          errOf((&cache.View[string]{}).Warm(t.Context(), keys, src.load, cache.WarmOptions{})),
		"a loader's panic": errOf(view.Warm(t.Context(), keys, func(context.Context, []string) (map[string]string, error) { panic("boom") }, cache.WarmOptions{})),
	} {
		if err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	check(t, "asked", 0, len(src.asks()))
	check(t, "nothing to warm", cache.WarmReport{}, ok(view.Warm(t.Context(), slices.Values([]string(nil)), src.load, cache.WarmOptions{}))(t))
}
