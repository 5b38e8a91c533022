package cache_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

type product struct {
	ID    string
	Price int
}

// newCache returns a cache in namespace "shop" over a server without a socket.
func newCache(t *testing.T, o cache.Options) (*upstashtest.Server, *cache.Cache) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	return srv, cacheOver(t, srv.Client(), o)
}

func cacheOver(t *testing.T, d upstash.Doer, o cache.Options) *cache.Cache {
	t.Helper()
	if o.Namespace == "" {
		o.Namespace = "shop"
	}
	c, err := cache.New(d, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// returns is a loader of one value that counts its calls.
func returns[T any](v T, calls *int) cache.Loader[T] {
	return func(context.Context, string) (T, error) {
		*calls++
		return v, nil
	}
}

// never is a loader that must not be asked.
func never[T any](t *testing.T) cache.Loader[T] {
	t.Helper()
	return func(context.Context, string) (T, error) {
		t.Error("the loader was asked")
		var zero T
		return zero, errors.New("must not be asked")
	}
}

// ok takes the two results of a call and returns the first:
// ok(view.Get(ctx, "k"))(t).
func ok[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		noErr(t, err)
		return v
	}
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func errOf[T any](_ T, err error) error { return err }

// check compares; what an Info says of its cost is for the cost tests.
func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if i, is := got.(cache.Info); is {
		i.Cost = cache.Cost{}
		got = i
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// failing is a Doer that fails for the commands that a test chooses.
type failing struct {
	upstash.Doer

	fails func(b upstash.Batch) bool
}

var errDown = errors.New("redis is down")

func (f failing) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if f.fails(b) {
		return nil, errDown
	}
	return f.Doer.Do(ctx, b)
}
