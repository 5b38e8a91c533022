package cache_test

import (
	"bytes"
	"encoding/base64"
	"reflect"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// FuzzRaw reads any text: never a panic, and what is read survives being written
// and read again.
func FuzzRaw(f *testing.F) {
	f.Add([]byte(`"text"`), []byte(nil))
	f.Add([]byte(`{"base64":"/wA="}`), []byte(nil))
	f.Add([]byte(`"\ud800"`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, text, meta []byte) {
		rewrite[string](t, cache.Raw(), text, meta)
		rewrite[[]byte](t, cache.Raw(), text, meta)
	})
}

// FuzzCompressed is the same for what is or is not compressed.
func FuzzCompressed(f *testing.F) {
	f.Add([]byte(`"text"`), []byte(nil))
	f.Add([]byte(`"H4sI"`), []byte(nil))
	f.Add(gzipped(f, `{"json":"text"}`), []byte(nil))
	f.Add(gzipped(f, `{"json":"5","meta":{"values":["bigint"],"v":1}}`), []byte(nil))
	f.Add([]byte(`"5"`), []byte(`{"values":["bigint"],"v":1}`))
	f.Fuzz(func(t *testing.T, text, meta []byte) {
		o := cache.CompressOptions{Threshold: 1, MaxSize: 1 << 16}
		rewrite[string](t, cache.Compressed(cache.Raw(), o), text, meta)
		rewrite[string](t, cache.Compressed(nil, o), text, meta)
		var v any
		_ = cache.Compressed(superjson.Codec(), o).Decode(text, meta, &v) // what is any may be an invalid Date, which has no text
	})
}

// FuzzEncrypted opens any text, and text in the form of the codec: never a panic,
// and nothing opens that no key has sealed.
func FuzzEncrypted(f *testing.F) {
	codec := bound(f, sealing(f, cache.Compressed(nil, eager), secret(1), secret(2)), "k")
	sealed, _, err := codec.Encode("text")
	if err != nil {
		f.Fatal(err)
	}
	inner, err := base64.StdEncoding.DecodeString(string(bytes.Trim(sealed, `"`)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`"text"`), []byte(nil), "k")
	f.Add(inner, []byte(nil), "k")
	f.Add(inner, []byte(`{}`), "other")
	f.Fuzz(func(t *testing.T, bytes64, meta []byte, key string) {
		for _, text := range [][]byte{bytes64, []byte(`"` + base64.StdEncoding.EncodeToString(bytes64) + `"`)} {
			var got string
			err := bound(t, codec, key).Decode(text, meta, &got)
			// Each fuzzing process seals with a nonce of its own, so that what it finds may be another's.
			if genuine := got == "text" && key == "k" && len(meta) == 0; err == nil && !genuine {
				t.Errorf("%q opens under %q as %q: %v", text, key, got, err)
			}
		}
	})
}

func rewrite[T any](t *testing.T, codec cache.Codec, text, meta []byte) {
	t.Helper()
	var first, second T
	if codec.Decode(text, meta, &first) != nil {
		return
	}
	again, meta, err := codec.Encode(first)
	if err != nil {
		t.Fatalf("%q is read as %v and not written: %v", text, first, err)
	}
	if err := codec.Decode(again, meta, &second); err != nil {
		t.Fatalf("%q is written as %q and not read: %v", text, again, err)
	}
	if !bytes.Equal(contents(first), contents(second)) {
		t.Fatalf("%q is read as %q, and then as %q", text, contents(first), contents(second))
	}
}

func contents(v any) []byte {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.String {
		return []byte(r.String())
	}
	return r.Bytes()
}
