package cache_test

import (
	"errors"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// TestForeign reads what TypeScript stored by superjson.stringify.
func TestForeign(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	const date = `{"json":{"at":"2026-01-31T08:00:00.000Z","total":"5"},"meta":{"values":{"at":["Date"],"total":["bigint"]},"v":1}}`
	at := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	type dated struct {
		At    time.Time `json:"at"`
		Total int       `json:"total"`
	}
	for name, test := range map[string]struct {
		codec cache.Codec
		text  string
		want  *dated // nil: a miss
	}{
		"superjson":                {superjson.Codec(), date, &dated{at, 5}},
		"without annotations":      {superjson.Codec(), `{"json":{"total":5}}`, &dated{Total: 5}},
		"with members of its own":  {superjson.Codec(), `{"by":"ts","json":{"total":5}}`, &dated{Total: 5}},
		"JSON":                     {nil, `{"json":{"at":"2026-01-31T08:00:00.000Z","total":5}}`, &dated{at, 5}},
		"compressed":               {cache.Compressed(nil, eager), `{"json":{"total":5}}`, &dated{Total: 5}},
		"annotations, but JSON":    {nil, date, nil},
		"plain, but encrypted":     {sealing(t, nil, secret(1)), `{"json":{"total":5}}`, nil},
		"another type":             {superjson.Codec(), `{"json":"text"}`, nil},
		"null":                     {superjson.Codec(), `{"json":null}`, nil},
		"undefined":                {superjson.Codec(), `{"json":null,"meta":{"values":["undefined"],"v":1}}`, nil},
		"no json":                  {superjson.Codec(), `{"value":1}`, nil},
		"plain JSON":               {superjson.Codec(), `{"total":5}`, nil},
		"not JSON":                 {superjson.Codec(), `total`, nil},
		"nothing":                  {superjson.Codec(), ``, nil},
		"a header of text":         {superjson.Codec(), `{"$c":"x","json":{"total":5}}`, nil},
		"a header of null":         {superjson.Codec(), `{"$c":null,"json":{"total":5}}`, nil},
		"of a later version":       {superjson.Codec(), `{"$c":{"v":2},"json":{"total":5}}`, nil},
		"an entry of another time": {superjson.Codec(), `{"$c":{"v":1,"c":"superjson","y":"d","e":"x"},"json":{"total":5}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := newCache(t, cache.Options{})
			o := cache.ViewOptions{Codec: test.codec, TypeName: "d", Tags: []string{"tag"}}
			closed := cache.Of[dated](c, o)
			o.Foreign = true
			open := cache.Of[dated](c, o)
			noErr(t, open.Set(ctx, "other", dated{})) // so that there are stamps
			noErr(t, srv.Client().Set(ctx, "shop:k:k", test.text))

			if _, err := closed.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
				t.Errorf("a view that does not ask for it: %v, want a miss", err)
			}
			if test.want == nil {
				if v, err := open.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
					t.Errorf("Get = %v, %v, want a miss", v, err)
				}
				calls := 0
				for range 2 {
					check(t, "loaded", dated{Total: 7}, ok(open.GetOrLoad(ctx, "k", returns(dated{Total: 7}, &calls)))(t))
				}
				check(t, "loader calls", 1, calls)
				return
			}
			var info cache.Info
			check(t, "Get", *test.want, ok(open.Get(ctx, "k", cache.Report(&info)))(t))
			check(t, "info", cache.Info{State: cache.Hit}, info)
			check(t, "GetOrLoad", *test.want, ok(open.GetOrLoad(ctx, "k", never[dated](t)))(t))
			check(t, "GetMany", map[string]dated{"k": *test.want, "other": {}}, ok(open.GetMany(ctx, []string{"k", "other"}))(t))
			check(t, "cost", cost{1, 1}, costOf(t, srv, func() error { return errOf(open.Get(ctx, "k")) }))
			noErr(t, c.Invalidate(ctx, "tag"))
			noErr(t, c.Purge(ctx))
			check(t, "after invalidations, which do not reach it", *test.want, ok(open.Get(ctx, "k"))(t))
			noErr(t, open.Delete(ctx, "k"))
			if _, err := open.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
				t.Errorf("after Delete: %v, want a miss", err)
			}
		})
	}
}

// TestForeignNull is a value where the type has one.
func TestForeignNull(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{})
	noErr(t, srv.Client().Set(ctx, "shop:k:k", `{"json":null}`))
	for name, codec := range map[string]cache.Codec{"JSON": cache.JSON(), "superjson": superjson.Codec()} {
		o := cache.ViewOptions{Codec: codec, Foreign: true}
		check(t, name+": any", nil, ok(cache.Of[any](c, o).Get(ctx, "k"))(t))
		check(t, name+": pointer", (*product)(nil), ok(cache.Of[*product](c, o).Get(ctx, "k"))(t))
		check(t, name+": slice", []int(nil), ok(cache.Of[[]int](c, o).Get(ctx, "k"))(t))
		for what, err := range map[string]error{"number": errOf(cache.Of[int](c, o).Get(ctx, "k")), "struct": errOf(cache.Of[product](c, o).Get(ctx, "k"))} {
			if !errors.Is(err, cache.ErrMiss) {
				t.Errorf("%s: null as %s: %v, want a miss", name, what, err)
			}
		}
	}
}
