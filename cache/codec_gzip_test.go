package cache_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// gunzipped is what a program in any language does to read a compressed value.
func gunzipped(t *testing.T, text []byte) string {
	t.Helper()
	var in64 string
	noErr(t, json.Unmarshal(text, &in64))
	small := ok(base64.StdEncoding.DecodeString(in64))(t)
	return string(ok(io.ReadAll(ok(gzip.NewReader(bytes.NewReader(small)))(t)))(t))
}

// gzipped is a compressed value as somebody else may have written it.
func gzipped(tb testing.TB, parts ...string) []byte {
	tb.Helper()
	var small bytes.Buffer
	w := gzip.NewWriter(&small)
	for _, part := range parts {
		if _, err := w.Write([]byte(part)); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return []byte(`"` + base64.StdEncoding.EncodeToString(small.Bytes()) + `"`)
}

func TestCompressedForm(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 2000)
	text, meta, err := cache.Compressed(nil, cache.CompressOptions{}).Encode(long)
	noErr(t, err)
	check(t, "meta", 0, len(meta))
	check(t, "text", `{"json":"`+long+`"}`, gunzipped(t, text))

	document := ok(superjson.Marshal(anOrder()))(t)
	text, meta, err = cache.Compressed(superjson.Codec(), cache.CompressOptions{}).Encode(anOrder())
	noErr(t, err)
	check(t, "meta", 0, len(meta))
	check(t, "the document that superjson.parse reads", string(document), gunzipped(t, text))
}

// TestCompressedIsNeverLonger than what it wraps, base64 and all, and nothing is
// tried below the threshold.
func TestCompressedIsNeverLonger(t *testing.T) {
	t.Parallel()
	codec, byDefault := cache.Compressed(superjson.Codec(), eager), cache.Compressed(superjson.Codec(), cache.CompressOptions{})
	noise := strings.ToValidUTF8(string(secret(0x5a)), "")
	compressed, kept := 0, 0
	for n := range 120 {
		for _, v := range []any{strings.Repeat("ab", n), noise[:n%len(noise)], anOrder().Lines[:n%40], map[string]any{"at": anOrder().At, "n": n}} {
			plain, plainMeta, err := superjson.Codec().Encode(v)
			noErr(t, err)
			text, meta, err := codec.Encode(v)
			noErr(t, err)
			if len(text)+len(meta) > len(plain)+len(plainMeta) {
				t.Errorf("%d bytes became %d", len(plain)+len(plainMeta), len(text)+len(meta))
			}
			if bytes.Equal(text, plain) {
				kept++
			} else {
				compressed++
			}
			text, _, err = byDefault.Encode(v)
			noErr(t, err)
			if len(plain) < 1<<10 && !bytes.Equal(text, plain) {
				t.Errorf("%d bytes, below the threshold, became %.20s", len(plain), text)
			}
		}
	}
	if compressed < 50 || kept < 50 {
		t.Errorf("%d values were compressed and %d were not: the test shows nothing", compressed, kept)
	}
}

// TestTextLikeCompressed is compressed whatever it costs, because text that
// begins as compressed text does could not be told from it.
func TestTextLikeCompressed(t *testing.T) {
	t.Parallel()
	codec := cache.Compressed(nil, cache.CompressOptions{})
	inside, _, err := codec.Encode(strings.Repeat("a", 2000))
	noErr(t, err)
	for _, want := range []string{"H4sI", "H4sI!", strings.Trim(string(inside), `"`)} {
		text, meta, err := codec.Encode(want)
		noErr(t, err)
		check(t, "form", `{"json":"`+want+`"}`, gunzipped(t, text))
		var got string
		noErr(t, codec.Decode(text, meta, &got))
		check(t, "value", want, got)
	}
}

// TestABombDoesNotUnfold beyond the limit: a reader that stops there takes no
// more memory than it says.
func TestABombDoesNotUnfold(t *testing.T) {
	t.Parallel()
	const limit = 64 << 10
	codec := cache.Compressed(nil, cache.CompressOptions{MaxSize: limit})
	fits := strings.Repeat(" ", limit-len(`{"json":""}`))
	for n, want := range map[string]bool{fits: true, fits + " ": false, strings.Repeat(" ", 64<<20): false} {
		bomb := gzipped(t, `{"json":"`, n, `"}`)
		var got string
		took := allocated(func() {
			if err := codec.Decode(bomb, nil, &got); (err == nil) != want || err == nil && got != n {
				t.Errorf("%d bytes: %v, want whether it is read: %v", len(n), err, want)
			}
		})
		if took > 16*limit { // a buffer that grows up to the limit; what is beyond would be 64 MiB
			t.Errorf("%d bytes in %d: %d bytes of memory were taken, and the limit is %d", len(n), len(bomb), took, limit)
		}
	}
	if _, _, err := codec.Encode(fits); err != nil {
		t.Error(err)
	}
	if _, _, err := codec.Encode(fits + " "); !errors.Is(err, cache.ErrTooLarge) {
		t.Errorf("a value that could not be read again is written: %v", err)
	}
}

// allocated is how many bytes f takes from the heap. Tests beside it only add to
// that, so the least of some attempts counts.
func allocated(f func()) uint64 {
	least := uint64(math.MaxUint64)
	for range 20 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f()
		runtime.ReadMemStats(&after)
		least = min(least, after.TotalAlloc-before.TotalAlloc)
	}
	return least
}

func TestWhatIsNotWholeGzip(t *testing.T) {
	t.Parallel()
	codec := cache.Compressed(nil, eager)
	whole := gzipped(t, `{"json":"`+strings.Repeat("a", 100)+`"}`)
	var got string
	noErr(t, codec.Decode(whole, nil, &got))
	small := ok(base64.StdEncoding.DecodeString(strings.Trim(string(whole), `"`)))(t)
	broken := map[string][]byte{
		"no quotes":           []byte(strings.Trim(string(whole), `"`)),
		"two members":         []byte(fmt.Sprintf("%q", base64.StdEncoding.EncodeToString(append(small, small...)))),
		"something behind it": []byte(fmt.Sprintf("%q", base64.StdEncoding.EncodeToString(append(small, 0)))),
		"no document":         gzipped(t, `"a"`),
		"no json":             gzipped(t, `{"jso":"a"}`),
		"no JSON":             gzipped(t, `{"json":a}`),
		"another type":        gzipped(t, `{"json":1}`),
		"annotations":         gzipped(t, `{"json":"a","meta":{"values":["Date"]}}`),
		"nothing":             gzipped(t),
		"empty":               nil,
	}
	for i := range small {
		broken[fmt.Sprint("cut at ", i)] = []byte(fmt.Sprintf("%q", base64.StdEncoding.EncodeToString(small[:i])))
	}
	for i := len(small) - 8; i < len(small); i++ { // the checksum and the length
		changed := bytes.Clone(small)
		changed[i] ^= 1
		broken[fmt.Sprint("changed at ", i)] = []byte(fmt.Sprintf("%q", base64.StdEncoding.EncodeToString(changed)))
	}
	for name, text := range broken {
		if name == "cut at 0" || name == "cut at 1" || name == "cut at 2" {
			continue // text like any other
		}
		if err := codec.Decode(text, nil, &got); err == nil {
			t.Errorf("%s: %q is read as %q", name, text, got)
		}
	}
	if err := codec.Decode(whole, []byte(`{}`), &got); err == nil {
		t.Error("annotations beside compressed text are passed over")
	}
}
