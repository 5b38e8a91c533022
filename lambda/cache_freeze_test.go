//go:build unix

package lambda_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// The functions of TestCacheFreeze, which is how a cache is wired into a
// function: with lambda.Go, with nothing, or with what drains it.
func init() { //nolint:gochecknoinits // the list is where all functions of the tests are
	functions["cache, Go"] = func() {
		awslambda.Start(lambda.Wrap(cached(cacheOf(lambda.Go)), reserve))
	}
	functions["cache, nothing behind the call"] = func() {
		awslambda.Start(lambda.Wrap(cached(cacheOf(nil)), reserve))
	}
	functions["cache, drained"] = func() {
		c := cacheOf(cache.Goroutine)
		awslambda.Start(lambda.Wrap(cached(c), reserve, lambda.WithDrain(c.Drain)))
	}
	functions["cache, planted"] = func() {
		awslambda.Start(lambda.Wrap(cached(cacheOf(cache.Goroutine)), reserve))
	}
}

const (
	cachedKeys = 5
	// How many loads have begun and have ended.
	loadsBegun, loadsEnded = "loads-begun", "loads-ended"
)

var cachedView = cache.ViewOptions{TTL: time.Millisecond, StaleWhileRevalidate: time.Hour, Jitter: -1}

func cacheOf(background func(context.Context, func(context.Context))) *cache.Cache {
	c, err := cache.New(upstash.Must(upstash.Shared()), cache.Options{Namespace: "shop", Background: background})
	if err != nil {
		panic(err)
	}
	return c
}

// cached asks for several values, whose loader takes until the test lets it.
func cached(c *cache.Cache) func(context.Context, input) (string, error) {
	return func(ctx context.Context, in input) (string, error) {
		rdb := upstash.Must(upstash.Shared())
		view := cache.Of[string](c, cachedView)
		for i := range cachedKeys {
			_, err := view.GetOrLoad(ctx, strconv.Itoa(i), func(ctx context.Context, _ string) (string, error) {
				if _, err := rdb.Incr(ctx, loadsBegun); err != nil {
					return "", err
				}
				if err := knock(ctx, in.Meet); err != nil {
					return "", err
				}
				_, err := rdb.Incr(ctx, loadsEnded)
				return in.Key, err
			})
			if err != nil {
				return "", err
			}
		}
		return "replied", nil
	}
}

// TestCacheFreeze: a cache that serves stale values loses no refresh when the
// environment freezes after the reply, and has none under way then. The function
// with the fault planted loses all of them.
func TestCacheFreeze(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		function string
		planted  bool
	}{
		{"cache, Go", false},
		{"cache, nothing behind the call", false},
		{"cache, drained", false},
		{"cache, planted", true},
	} {
		t.Run(tt.function, func(t *testing.T) {
			t.Parallel()
			srv, gate := upstashtest.New(t), newGate(t)
			c, err := cache.New(srv.Client(), cache.Options{Namespace: "shop"})
			if err != nil {
				t.Fatal(err)
			}
			env := start(t, srv, lambdatest.Options{Function: tt.function, Timeout: time.Minute})
			view, rounds := cache.Of[string](c, cachedView), 3
			if tt.planted {
				rounds = 1
			} else {
				gate.letIn() // otherwise when all is over: that the loader is slow is no excuse
			}
			for round := range rounds {
				storeStale(t, view)
				word := "round " + strconv.Itoa(round)
				if result := invoke(t, env, input{Key: word, Meet: gate.url}); result.Err != nil {
					t.Fatal(result.Err)
				}
				if err := env.AwaitFreeze(t.Context()); err != nil {
					t.Fatal(err)
				}
				want := map[bool]frozen{
					false: {Refreshed: cachedKeys, Ended: int64((round + 1) * cachedKeys), UnderWay: false},
					true:  {Refreshed: 0, Ended: 0, UnderWay: true},
				}[tt.planted]
				got := whenFrozen(t, srv, view, word)
				got.UnderWay = got.UnderWay || tt.planted // or it was frozen before it began
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s (-want +got)\n%s", word, diff)
				}
			}
		})
	}
}

func storeStale(t *testing.T, v *cache.View[string]) {
	t.Helper()
	values := map[string]string{}
	for i := range cachedKeys {
		values[strconv.Itoa(i)] = "old"
	}
	if err := v.SetMany(t.Context(), values); err != nil {
		t.Fatal(err)
	}
	<-time.After(2 * time.Millisecond) // the function goes by its own clock
}

// frozen is what there is while the environment is frozen.
type frozen struct {
	Refreshed int
	Ended     int64
	UnderWay  bool // a load, or a lease of one
}

func whenFrozen(t *testing.T, srv *upstashtest.Server, v *cache.View[string], word string) (f frozen) {
	t.Helper()
	f.Ended = value(t, srv, loadsEnded)
	f.UnderWay = value(t, srv, loadsBegun) != f.Ended
	for i := range cachedKeys {
		key := strconv.Itoa(i)
		got, err := v.Get(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		if got == word {
			f.Refreshed++
		}
		leased, err := srv.Client().Exists(t.Context(), "shop:l:"+key)
		if err != nil {
			t.Fatal(err)
		}
		f.UnderWay = f.UnderWay || leased > 0
	}
	return f
}
