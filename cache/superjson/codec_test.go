package superjson_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestCodecVectors stores the value of every shared vector as an entry of package
// cache, by each wrapping of the codec. What comes back is the value, and where
// it is not wrapped, the entry is for superjson.parse the document that Marshal
// writes. The other way round, the vector's own text is an entry for a view that
// takes foreign ones.
func TestCodecVectors(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	c, err := cache.New(srv.Client(), cache.Options{Namespace: "n"})
	noErr(t, err)
	gzip := cache.Compressed(superjson.Codec(), cache.CompressOptions{Threshold: 1})
	sealed, err := cache.Encrypted(gzip, make([]byte, 32))
	noErr(t, err)
	stored := 0
	for i, v := range vectors(t) {
		var value any
		if superjson.Unmarshal([]byte(v.Serialized), &value) != nil {
			continue
		}
		want, err := superjson.Marshal(value)
		if err != nil {
			continue // read, but not written: see the exceptions
		}
		stored++
		key := strconv.Itoa(i)
		for _, codec := range []cache.Codec{superjson.Codec(), gzip, sealed} {
			view := cache.Of[any](c, cache.ViewOptions{Codec: codec})
			noErr(t, view.Set(ctx, key, value))
			got, err := view.Get(ctx, key)
			if err != nil {
				t.Errorf("%s by %s: %v", v.Name, codec.Name(), err)
				continue
			}
			again, err := superjson.Marshal(got)
			if diff := cmp.Diff(string(want), string(again)); diff != "" || err != nil {
				t.Errorf("%s by %s: %v (-want +got)\n%s", v.Name, codec.Name(), err, diff)
			}
			if codec.Name() == "superjson" {
				text, err := srv.Client().Get(ctx, "n:k:"+key)
				noErr(t, err)
				if _, document, _ := strings.Cut(text, "},"); "{"+document != string(want) {
					t.Errorf("%s is stored as %s, want %s", v.Name, text, want)
				}
			}
		}
		noErr(t, srv.Client().Set(ctx, "n:k:"+key, v.Serialized))
		got, err := cache.Of[any](c, cache.ViewOptions{Codec: superjson.Codec(), Foreign: true}).Get(ctx, key)
		if err != nil {
			t.Errorf("%s as a foreign entry: %v", v.Name, err)
			continue
		}
		again, err := superjson.Marshal(got)
		if diff := cmp.Diff(string(want), string(again)); diff != "" || err != nil {
			t.Errorf("%s as a foreign entry: %v (-want +got)\n%s", v.Name, err, diff)
		}
	}
	if stored < 90 {
		t.Errorf("%d vectors were stored: the test shows too little", stored)
	}
}

func TestCodecRefuses(t *testing.T) {
	t.Parallel()
	var v any
	for name, parts := range map[string][2]string{
		"nothing":             {"", ""},
		"no JSON":             {"{", ""},
		"meta without JSON":   {"1", "{"},
		"an unknown meaning":  {"1", `{"values":["nonsense"],"v":1}`},
		"a meta that is text": {"1", `"x"`},
	} {
		if err := superjson.Codec().Decode([]byte(parts[0]), []byte(parts[1]), &v); err == nil {
			t.Errorf("%s is read as %v", name, v)
		}
	}
	if _, _, err := superjson.Codec().Encode(func() {}); err == nil {
		t.Error("a function is written")
	}
}
