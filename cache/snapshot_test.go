package cache_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func ExampleView_Snapshot() {
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
	prices := cache.Of[int](c, cache.ViewOptions{Tags: []string{"prices"}})

	s, err := prices.Snapshot(ctx, "tea") // before the source is read
	if err != nil {
		panic(err)
	}
	price := 450                                        // read from somewhere
	if err := c.Invalidate(ctx, "prices"); err != nil { // and changed there meanwhile
		panic(err)
	}
	if _, err := prices.SetSnapshot(ctx, s, price); err != nil {
		panic(err)
	}
	_, err = prices.Get(ctx, "tea")
	fmt.Println(err)
	// Output:
	// cache: miss
}

// TestSnapshotLoses lets something happen between a snapshot and what is stored
// by it, over every state that a key can be in.
func TestSnapshotLoses(t *testing.T) {
	t.Parallel()
	type world struct {
		srv   *upstashtest.Server
		cache *cache.Cache
		view  *cache.View[string]
	}
	type act func(ctx context.Context, w world) error
	nothing := func(context.Context, world) error { return nil }
	set := func(ctx context.Context, w world) error { return w.view.Set(ctx, "k", "old") }
	leased := func(ctx context.Context, w world) error { // by another process, which never ends
		_, err := cache.Of[string](cacheOver(t, w.srv.Client(), cache.Options{}), cache.ViewOptions{Tags: []string{"tag"}}).Snapshot(ctx, "k")
		return err
	}
	begins := map[string]act{
		"absent":  nothing,
		"a value": set,
		"a value past its TTL": func(ctx context.Context, w world) error {
			err := w.view.Set(ctx, "k", "old", cache.TTL(time.Millisecond))
			w.srv.Advance(time.Second)
			return err
		},
		"an invalid value": func(ctx context.Context, w world) error {
			return errors.Join(set(ctx, w), w.cache.Invalidate(ctx, "tag"))
		},
		"a remembered absence": func(ctx context.Context, w world) error {
			_, err := w.view.GetOrLoad(ctx, "k", func(context.Context, string) (string, error) { return "", cache.ErrNotFound })
			if errors.Is(err, cache.ErrNotFound) {
				return nil
			}
			return errors.Join(err, errors.New("no ErrNotFound"))
		},
		"another's lease": leased,
		"no entry":        func(ctx context.Context, w world) error { return w.srv.Client().Set(ctx, "shop:k:k", "junk") },
	}
	for begin, prepare := range begins {
		for _, tt := range []struct {
			name   string
			during act
			stored bool
			after  string // what Get finds, empty for a miss
		}{
			{"nothing", nothing, true, "new"},
			{"a Delete", func(ctx context.Context, w world) error { return w.view.Delete(ctx, "k") }, false, ""},
			{"a Set", func(ctx context.Context, w world) error { return w.view.Set(ctx, "k", "newer") }, false, "newer"},
			{"an Invalidate", func(ctx context.Context, w world) error { return w.cache.Invalidate(ctx, "tag") }, true, ""},
			{"an Invalidate of another tag", func(ctx context.Context, w world) error { return w.cache.Invalidate(ctx, "other") }, true, "new"},
			{"a Purge", func(ctx context.Context, w world) error { return w.cache.Purge(ctx) }, true, ""},
			{"a Delete and a load", func(ctx context.Context, w world) error {
				noErr(t, w.view.Delete(ctx, "k"))
				_, err := w.view.GetOrLoad(ctx, "k", func(context.Context, string) (string, error) { return "newer", nil })
				return err
			}, false, "newer"},
		} {
			for _, portable := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, portable %v", begin, tt.name, portable), func(t *testing.T) {
					t.Parallel()
					ctx := t.Context()
					srv, c := newCache(t, cache.Options{})
					if portable {
						c = cacheOver(t, unconditional{srv.Client()}, cache.Options{})
					}
					w := world{srv, c, cache.Of[string](c, cache.ViewOptions{
						Tags: []string{"tag"}, NegativeTTL: time.Minute, StaleIfError: time.Hour,
					})}
					noErr(t, prepare(ctx, w))
					s := ok(w.view.Snapshot(ctx, "k"))(t)
					noErr(t, tt.during(ctx, w))
					check(t, "stored", tt.stored, ok(w.view.SetSnapshot(ctx, s, "new"))(t))
					got, err := w.view.Get(ctx, "k")
					if got != tt.after || (tt.after == "") != errors.Is(err, cache.ErrMiss) {
						t.Errorf("Get = %q, %v, want %q", got, err, tt.after)
					}
					if stored, err := w.view.SetSnapshot(ctx, s, "again"); stored || err != nil {
						t.Errorf("a second time: %v, %v", stored, err)
					}
				})
			}
		}
	}
}

// unconditional is a server that knows no conditional forms.
type unconditional struct{ upstash.Doer }

func (u unconditional) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	replies := make([]command.Reply, len(b.Commands))
	for i, c := range b.Commands {
		words := c.Words()
		switch {
		case words[0] == "DELEX":
			replies[i] = command.ErrorReply("ERR unknown command 'DELEX'")
			continue
		case words[0] == "SET" && len(words) > 3 && strings.HasPrefix(words[3], "IF"):
			replies[i] = command.ErrorReply("ERR syntax error")
			continue
		}
		r, err := upstash.Over(u.Doer).Do(ctx, upstash.Batch{Commands: b.Commands[i : i+1]})
		if err != nil {
			return nil, err
		}
		replies[i] = r[0]
	}
	return replies, nil
}

func TestSnapshotCost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Tags: tagNames(3)})
	var s cache.Snapshot
	var info cache.Info
	take := func(key string) func() error {
		return func() (err error) { s, err = view.Snapshot(ctx, key, cache.Report(&info)); return err }
	}
	store := func() error { return errOf(view.SetSnapshot(ctx, s, "v")) }
	check(t, "Snapshot that makes the stamps", cost{2, 2 + 4}, costOf(t, srv, take("a")))
	check(t, "SetSnapshot", cost{1, 1}, costOf(t, srv, store))
	check(t, "reported", cache.Cost{RoundTrips: 3, Commands: 7}, info.Cost)
	check(t, "info", cache.Info{Stored: true}, info)
	check(t, "Snapshot of a value", cost{1, 1}, costOf(t, srv, take("a")))
	check(t, "SetSnapshot over it", cost{1, 1}, costOf(t, srv, store))
	check(t, "Snapshot of nothing", cost{2, 2}, costOf(t, srv, take("b")))
	release := func() error { return view.ReleaseSnapshot(ctx, s) }
	check(t, "ReleaseSnapshot", cost{1, 1}, costOf(t, srv, release))
	check(t, "and then a load", cost{3, 3}, costOf(t, srv, func() error { return errOf(view.GetOrLoad(ctx, "b", returns("b", new(int)))) }))
	noErr(t, take("b")())
	check(t, "ReleaseSnapshot over a value", cost{0, 0}, costOf(t, srv, release))
	check(t, "which stays", "b", ok(view.Get(ctx, "b"))(t))
}

func TestSnapshotRefuses(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{MaxEntry: 1000})
	view, other := cache.Of[string](c, cache.ViewOptions{}), cache.Of[string](c, cache.ViewOptions{Prefix: "o:"})
	if _, err := view.Snapshot(ctx, ""); err == nil {
		t.Error("an empty key was accepted")
	}
	if stored, err := view.SetSnapshot(ctx, cache.Snapshot{}, "v"); stored || err != nil {
		t.Errorf("the zero Snapshot: %v, %v", stored, err)
	}
	s := ok(view.Snapshot(ctx, "k"))(t)
	if stored, err := other.SetSnapshot(ctx, s, "v"); stored || err == nil {
		t.Errorf("a snapshot of another view: %v, %v", stored, err)
	}
	if stored, err := view.SetSnapshot(ctx, s, strings.Repeat("x", 1000)); stored || !errors.Is(err, cache.ErrTooLarge) {
		t.Errorf("a large value: %v, %v", stored, err)
	}
	check(t, "keys left", []string{"shop:e"}, ok(srv.Client().Keys(ctx, "*"))(t))
	plain := cache.Of[chan int](c, cache.ViewOptions{})
	if _, err := plain.SetSnapshot(ctx, ok(plain.Snapshot(ctx, "k"))(t), nil); err == nil {
		t.Error("a value without a JSON form was accepted")
	}
	check(t, "keys left", []string{"shop:e"}, ok(srv.Client().Keys(ctx, "*"))(t))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		check(t, verb, "cache.Snapshot{...}", fmt.Sprintf(verb, s))
	}

	// Without Redis there is nothing to store by, and the caller need not care.
	dead := cache.Of[string](cacheOver(t, failing{srv.Client(), func(upstash.Batch) bool { return true }}, cache.Options{}), cache.ViewOptions{})
	s, err := dead.Snapshot(ctx, "k")
	if !errors.Is(err, errDown) {
		t.Errorf("without Redis: %v", err)
	}
	if stored, err := dead.SetSnapshot(ctx, s, "v"); stored || err != nil {
		t.Errorf("by what came with an error: %v, %v", stored, err)
	}
}

// TestSnapshotLeavesForeignEntriesAlone: they have no identity by which it could
// be seen that they are still the same.
func TestSnapshotLeavesForeignEntriesAlone(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	view := cache.Of[string](c, cache.ViewOptions{Foreign: true})
	noErr(t, srv.Client().Set(ctx, "shop:k:k", `{"json":"theirs"}`))
	check(t, "stored", false, ok(view.SetSnapshot(ctx, ok(view.Snapshot(ctx, "k"))(t), "mine"))(t))
	check(t, "what stays", "theirs", ok(view.Get(ctx, "k"))(t))
}
