package cache_test

import (
	"crypto/rand"
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// FuzzEntry reads whatever may stand under an entry's key: never a panic, and
// never a value, unless the text carries the stamp of the namespace.
func FuzzEntry(f *testing.F) {
	f.Add(`{"$c":{"v":1,"i":"x","t":1,"c":"json","y":"int","e":"epoch"},"json":7}`)
	f.Add(`{"$c":{"v":1,"l":true,"e":"epoch"},"json":null}`)
	f.Add(`{"$c":{"v":1,"n":true,"c":"json","y":"int","e":"epoch","s":{"a":""}},"json":null}`)
	f.Add(`{"json":7}`)
	f.Add("")
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.Close)
	c, err := cache.New(srv.Client(), cache.Options{Namespace: "n"})
	if err != nil {
		f.Fatal(err)
	}
	view := cache.Of[int](c, cache.ViewOptions{})
	another := rand.Text()
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("no request can carry it")
		}
		ctx := t.Context()
		for _, epoch := range []string{"epoch", another} {
			noErr(t, srv.Client().Set(ctx, "n:e", epoch))
			noErr(t, srv.Client().Set(ctx, "n:k:k", text))
			_, err := view.Get(ctx, "k")
			if epoch == another && !errors.Is(err, cache.ErrMiss) {
				t.Errorf("Get of %q = %v under another stamp", text, err)
			}
			if err != nil && !errors.Is(err, cache.ErrMiss) && !errors.Is(err, cache.ErrNotFound) {
				t.Errorf("Get of %q = %v", text, err)
			}
		}
	})
}
