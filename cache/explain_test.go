package cache_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func ExampleView_Explain() {
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
	prices := cache.Of[int](c, cache.ViewOptions{TTL: 24 * time.Hour, Jitter: -1, Tags: []string{"prices", "tea"}})
	explain := func() {
		e, err := prices.Explain(ctx, "green")
		fmt.Println(e, err)
	}
	explain()
	if err := prices.Set(ctx, "green", 450); err != nil {
		panic(err)
	}
	explain()
	if err := c.Invalidate(ctx, "tea"); err != nil {
		panic(err)
	}
	explain()
	// Output:
	// state      miss: nothing is stored
	// tag        "prices" absent, and the entry lacks it
	// tag        "tea" absent, and the entry lacks it
	// lease      none
	// next       3 round trips, 6 billed commands
	//  <nil>
	// state      hit: within its TTL
	// stored     171 bytes, kept for 24h0m0s
	// age        less than 1s, fresh for 24h0m0s; the load took 0s
	// namespace  present and equal
	// tag        "prices" present and equal
	// tag        "tea" present and equal
	// lease      none
	// codec      json, as the view reads
	// type       int, as the view reads
	// next       1 round trips, 1 billed commands
	//  <nil>
	// state      miss: a tag was invalidated
	// stored     171 bytes, kept for 24h0m0s
	// age        less than 1s, fresh for 24h0m0s; the load took 0s
	// namespace  present and equal
	// tag        "prices" present and equal
	// tag        "tea" absent: invalidated or evicted
	// lease      none
	// codec      json, as the view reads
	// type       int, as the view reads
	// next       3 round trips, 4 billed commands
	//  <nil>
}

// TestExplain compares, for every state of a key, what is said with what a
// GetOrLoad then does and costs.
func TestExplain(t *testing.T) {
	t.Parallel()
	type world struct {
		srv   *upstashtest.Server
		cache *cache.Cache
		view  *cache.View[string]
	}
	const secret = "the-value"
	set := func(ctx context.Context, w world) error { return w.view.Set(ctx, "k", secret) }
	holder := func(ctx context.Context, w world, takes time.Duration) {
		there, err := cache.New(w.srv.Client(), cache.Options{Namespace: "shop"})
		if err != nil {
			panic(err)
		}
		view := cache.Of[string](there, cache.ViewOptions{Tags: []string{"t"}, TTL: time.Minute, Jitter: -1, StaleWhileRevalidate: time.Minute, StaleIfError: time.Hour})
		go func() {
			_, _ = view.GetOrLoad(ctx, "k", func(context.Context, string) (string, error) {
				time.Sleep(takes) // bubble
				return secret, nil
			})
		}()
		time.Sleep(2 * time.Second) // bubble
	}
	for _, tt := range []struct {
		name    string
		prepare func(ctx context.Context, w world) error
		opts    []cache.Option
		state   cache.State
		reason  string
		lease   cache.Leased
		waits   bool // a GetOrLoad does not end with its first look
	}{
		{name: "nothing", prepare: func(context.Context, world) error { return nil }, reason: "nothing is stored"},
		{name: "a value", prepare: set, state: cache.Hit, reason: "within its TTL"},
		{
			name: "an undeclared tag", prepare: func(ctx context.Context, w world) error { return w.view.Set(ctx, "k", secret, cache.Tags("u")) },
			state: cache.Hit, reason: "within its TTL",
		},
		{name: "a tag that it lacks", prepare: set, opts: []cache.Option{cache.Tags("u")}, reason: "it lacks a tag that the reader declares"},
		{
			name: "an invalidated tag", prepare: func(ctx context.Context, w world) error {
				return errors.Join(set(ctx, w), w.cache.Invalidate(ctx, "t"))
			},
			reason: "a tag was invalidated",
		},
		{
			name: "a tag used anew", prepare: func(ctx context.Context, w world) error {
				return errors.Join(set(ctx, w), w.cache.Invalidate(ctx, "t"), w.view.Set(ctx, "other", secret))
			},
			reason: "a tag was invalidated",
		},
		{
			name: "a purged namespace", prepare: func(ctx context.Context, w world) error { return errors.Join(set(ctx, w), w.cache.Purge(ctx)) },
			reason: "the namespace was purged",
		},
		{
			name: "past its TTL", prepare: func(ctx context.Context, w world) error {
				defer time.Sleep(90 * time.Second) // bubble
				return set(ctx, w)
			},
			state: cache.Stale, reason: "past its TTL, served while it is refreshed",
		},
		{
			name: "long past it", prepare: func(ctx context.Context, w world) error {
				defer time.Sleep(10 * time.Minute) // bubble
				return set(ctx, w)
			},
			reason: "past its TTL, served only if the loader fails",
		},
		{
			name: "a remembered absence", prepare: func(ctx context.Context, w world) error {
				_, err := w.view.GetOrLoad(ctx, "k", func(context.Context, string) (string, error) { return "", cache.ErrNotFound })
				if !errors.Is(err, cache.ErrNotFound) {
					return errors.Join(err, errors.New("it is there"))
				}
				return nil
			},
			state: cache.Negative, reason: "the source does not have it",
		},
		{
			name: "another type", prepare: func(ctx context.Context, w world) error {
				return cache.Of[int](w.cache, cache.ViewOptions{Tags: []string{"t"}}).Set(ctx, "k", 1)
			},
			reason: "it was stored as another type",
		},
		{
			name: "another codec", prepare: func(ctx context.Context, w world) error {
				return cache.Of[string](w.cache, cache.ViewOptions{Tags: []string{"t"}, Codec: cache.Raw()}).Set(ctx, "k", secret)
			},
			reason: "it was written by another codec",
		},
		{
			name: "junk", prepare: func(ctx context.Context, w world) error { return w.srv.Client().Set(ctx, "shop:k:k", secret) },
			reason: "what is stored is no entry of this package",
		},
		{
			name: "being loaded", prepare: func(ctx context.Context, w world) error { holder(ctx, w, 5*time.Second); return nil },
			reason: "somebody is loading it", lease: cache.Leased{InPlace: true, For: 2 * time.Second, Left: 13 * time.Second}, waits: true,
		},
		{
			name: "being refreshed", prepare: func(ctx context.Context, w world) error {
				err := set(ctx, w)
				time.Sleep(90 * time.Second) // bubble
				holder(ctx, w, 5*time.Second)
				return err
			},
			state: cache.Stale, reason: "past its TTL, served while it is refreshed",
			lease: cache.Leased{Beside: true, For: 2 * time.Second, Left: 13 * time.Second},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
				c := cacheOver(t, srv.Client(), cache.Options{})
				stamps := []string{}
				view := cache.Of[string](c, cache.ViewOptions{
					Tags: []string{"t"}, TTL: time.Minute, Jitter: -1, EarlyRefresh: -1,
					StaleWhileRevalidate: time.Minute, StaleIfError: time.Hour, NegativeTTL: time.Minute,
				})
				defer time.Sleep(time.Minute) // bubble: who loads ends
				noErr(t, tt.prepare(ctx, world{srv, c, view}))
				for _, key := range ok(srv.Client().Keys(ctx, "shop:[te]*"))(t) {
					stamps = append(stamps, ok(srv.Client().Get(ctx, key))(t))
				}
				before := sorted(ok(srv.Client().Keys(ctx, "*"))(t))
				var info cache.Info
				opts := append(slices.Clone(tt.opts), cache.Report(&info))
				e := ok(view.Explain(ctx, "k", opts...))(t)
				check(t, "state and reason", fmt.Sprint(tt.state, " ", tt.reason), fmt.Sprint(e.State, " ", e.Reason))
				check(t, "lease", tt.lease, e.Lease)
				check(t, "keys", before, sorted(ok(srv.Client().Keys(ctx, "*"))(t)))
				looks := 2
				if tt.name == "an undeclared tag" {
					looks = 3
				}
				check(t, "cost", cost{looks, looks + 1}, cost(info.Cost))
				for _, text := range append(stamps, secret) {
					if strings.Contains(fmt.Sprintf("%v %+v %#v", e, e, e), text) {
						t.Errorf("it shows %q: %v", text, e)
					}
				}
				if tt.waits {
					return
				}
				check(t, "what the next GetOrLoad costs", cost(e.Next), costOf(t, srv, func() error {
					_, err := view.GetOrLoad(ctx, "k", returns(secret, new(int)), tt.opts...)
					if errors.Is(err, cache.ErrNotFound) {
						return nil
					}
					return err
				}))
			})
		})
	}
}

func TestExplanationText(t *testing.T) {
	t.Parallel()
	e := cache.Explanation{
		State: cache.Stale, Reason: "past its TTL, served while it is refreshed", Exists: true, Entry: true, Bytes: 300,
		Namespace: cache.Stamp{Carried: true, Present: true},
		Tags:      []cache.Stamp{{Tag: "a", Declared: true, Present: true}, {Tag: "b", Carried: true, Present: true, Equal: true}},
		Age:       90 * time.Second, FreshFor: -30 * time.Second, Took: 1234 * time.Millisecond,
		Lease: cache.Leased{Beside: true, For: 2 * time.Second, Left: 13 * time.Second},
		Codec: "raw", WantCodec: "json", Type: "int", WantType: "int", Next: cache.Cost{RoundTrips: 2, Commands: 3},
	}
	const want = `state      stale: past its TTL, served while it is refreshed
stored     300 bytes, kept without end
age        1m30s, past its TTL for 30s; the load took 1.2s
namespace  present and different: invalidated, not declared
tag        "a" present, and the entry lacks it
tag        "b" present and equal, not declared
lease      beside the value for 2s, ends in 13s at the latest
codec      raw, and the view reads json
type       int, as the view reads
next       2 round trips, 3 billed commands
`
	if diff := cmp.Diff(want, e.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e = cache.Explanation{State: cache.Missed, Reason: "somebody is loading it", Exists: true, Entry: true, Bytes: 100, KeptFor: 13 * time.Second,
		Namespace: cache.Stamp{Declared: true, Carried: true, Present: true, Equal: true},
		Lease:     cache.Leased{InPlace: true, For: 2 * time.Second, Left: 13 * time.Second}, Next: cache.Cost{RoundTrips: 1, Commands: 1}}
	const leased = `state      miss: somebody is loading it
stored     100 bytes, kept for 13s
namespace  present and equal
lease      in place for 2s, ends in 13s at the latest
next       1 round trips, 1 billed commands
`
	if diff := cmp.Diff(leased, e.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
