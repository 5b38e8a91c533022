package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache"
)

var (
	volatile = regexp.MustCompile(`"(i|e|t|f)":("[^"]*"|\d+)`)
	duration = regexp.MustCompile(`"d":\d+,`) // of the load, where it took a millisecond
)

// TestStoredForm pins the data model: later versions read what this one wrote.
func TestStoredForm(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, c := newCache(t, cache.Options{Schema: 3})
	view := cache.Of[product](c, cache.ViewOptions{Prefix: "product:", Tags: []string{"t1"}, TypeName: "product", NegativeTTL: time.Minute})
	stored := func(key string) string { return ok(srv.Client().Get(ctx, key))(t) }

	noErr(t, view.Set(ctx, "1", product{ID: "<1>", Price: 2}))
	entry := stored("shop:k3:product:1")
	check(t, "entry", `{"$c":{"v":1,"i":"","t":0,"f":0,"c":"json","y":"product","e":"","s":{"t1":"`+stored("shop:t:t1")+`"}},"json":{"ID":"<1>","Price":2}}`, blank(entry))

	var lease string
	_, err := view.GetOrLoad(ctx, "2", func(context.Context, string) (product, error) {
		lease = stored("shop:k3:product:2")
		return product{}, cache.ErrNotFound
	})
	if !errors.Is(err, cache.ErrNotFound) {
		t.Fatal(err)
	}
	check(t, "lease", `{"$c":{"v":1,"i":"","l":true,"t":0,"e":"","s":{"t1":"`+stored("shop:t:t1")+`"}},"json":null}`, blank(lease))
	check(t, "absence", `{"$c":{"v":1,"i":"","n":true,"t":0,"f":0,"c":"json","y":"product","e":"","s":{"t1":"`+stored("shop:t:t1")+`"}},"json":null}`, blank(stored("shop:k3:product:2")))

	// What a reader that knows superjson, and nothing of this package, takes.
	var doc struct {
		JSON *product `json:"json"`
	}
	for text, want := range map[string]*product{entry: {ID: "<1>", Price: 2}, lease: nil} {
		doc.JSON = nil
		noErr(t, json.Unmarshal([]byte(text), &doc))
		check(t, "member json", want, doc.JSON)
	}
}

func blank(text string) string {
	return volatile.ReplaceAllStringFunc(duration.ReplaceAllString(text, ""), func(m string) string {
		if m[len(m)-1] == '"' {
			return m[:4] + `""`
		}
		return m[:4] + "0"
	})
}

// TestForeignTextIsAMiss and is replaced by what is loaded, but never deleted
// when it changed meanwhile.
func TestForeignTextIsAMiss(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, text := range map[string]string{
		"empty":             "",
		"not JSON":          "hello",
		"another document":  `{"json":1}`,
		"a later version":   `{"$c":{"v":2,"e":"x"},"json":1}`,
		"a header of text":  `{"$c":"x","json":1}`,
		"a list":            `[1,2]`,
		"null":              `null`,
		"stamps of numbers": `{"$c":{"v":1,"e":"x","s":{"a":1}},"json":1}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := newCache(t, cache.Options{})
			view := cache.Of[int](c, cache.ViewOptions{})
			noErr(t, view.Set(ctx, "other", 0)) // so that the namespace has its stamp
			noErr(t, srv.Client().Set(ctx, "shop:k:k", text))
			if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
				t.Errorf("Get = %v, want ErrMiss", err)
			}
			calls := 0
			for range 2 {
				check(t, "value", 7, ok(view.GetOrLoad(ctx, "k", returns(7, &calls)))(t))
			}
			check(t, "loader calls", 1, calls)
		})
	}
}

func TestAnotherTypeIsAMiss(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, c := newCache(t, cache.Options{})
	type order struct{ ID string }
	products, orders := cache.Of[product](c, cache.ViewOptions{}), cache.Of[order](c, cache.ViewOptions{})
	noErr(t, products.Set(ctx, "k", product{ID: "1"}))
	if v, err := orders.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("product read as order: %v, %v", v, err)
	}
	// The same name says that it is the same thing; what does not fit is a miss.
	a, b := cache.Of[string](c, cache.ViewOptions{TypeName: "x"}), cache.Of[int](c, cache.ViewOptions{TypeName: "x"})
	noErr(t, a.Set(ctx, "k", "text"))
	if v, err := b.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("text read as int: %v, %v", v, err)
	}
	calls := 0
	check(t, "loaded instead", 5, ok(b.GetOrLoad(ctx, "k", returns(5, &calls)))(t))
	check(t, "and stored", 5, ok(b.Get(ctx, "k"))(t))
}

func TestSchemasHaveEntriesOfTheirOwnAndCommonTags(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, before := newCache(t, cache.Options{})
	after := cacheOver(t, srv.Client(), cache.Options{Schema: 1})
	o := cache.ViewOptions{Tags: []string{"all"}}
	a, b := cache.Of[int](before, o), cache.Of[int](after, o)
	noErr(t, a.Set(ctx, "k", 1))
	noErr(t, b.Set(ctx, "k", 2))
	check(t, "the old program's", 1, ok(a.Get(ctx, "k"))(t))
	check(t, "the new program's", 2, ok(b.Get(ctx, "k"))(t))
	noErr(t, after.Invalidate(ctx, "all"))
	for _, view := range []*cache.View[int]{a, b} {
		if _, err := view.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
			t.Errorf("after Invalidate: %v", err)
		}
	}
}

func TestADeclaredTagThatTheEntryLacksIsAMiss(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, c := newCache(t, cache.Options{})
	before, after := cache.Of[int](c, cache.ViewOptions{}), cache.Of[int](c, cache.ViewOptions{Tags: []string{"new"}})
	noErr(t, before.Set(ctx, "k", 1))
	if _, err := after.Get(ctx, "k"); !errors.Is(err, cache.ErrMiss) {
		t.Errorf("entry without a tag that the reader declares: %v", err)
	}
}
