package cache_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache"
	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// secret is a key of 32 bytes, each of them b.
func secret(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func sealing(tb testing.TB, inner cache.Codec, keys ...[]byte) cache.Codec {
	tb.Helper()
	codec, err := cache.Encrypted(inner, keys...)
	if err != nil {
		tb.Fatal(err)
	}
	return codec
}

// eager compresses whatever gets smaller by it.
var eager = cache.CompressOptions{Threshold: 1}

// wrappings are all ways to wrap a codec, by their name.
func wrappings(t *testing.T, inner cache.Codec) map[string]cache.Codec {
	t.Helper()
	all := map[string]cache.Codec{}
	for _, codec := range []cache.Codec{
		inner,
		cache.Compressed(inner, eager),
		sealing(t, inner, secret(1)),
		sealing(t, cache.Compressed(inner, eager), secret(1)),
		cache.Compressed(sealing(t, inner, secret(1)), eager),
		cache.Compressed(cache.Compressed(inner, eager), eager),
		sealing(t, cache.Compressed(cache.Compressed(inner, eager), eager), secret(1)),
		sealing(t, sealing(t, inner, secret(1)), secret(2)),
	} {
		all[codec.Name()] = codec
	}
	return all
}

// survive stores values and reads them back, by each operation that does.
func survive[T any](t *testing.T, codec cache.Codec, values ...T) {
	t.Helper()
	for name, wrapped := range wrappings(t, codec) {
		t.Run(fmt.Sprintf("%T by %s", values[0], name), func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			_, c := newCache(t, cache.Options{})
			view := cache.Of[T](c, cache.ViewOptions{Codec: wrapped})
			for i, want := range values {
				key := strconv.Itoa(i)
				noErr(t, view.Set(ctx, "set "+key, want))
				noErr(t, view.SetMany(ctx, map[string]T{"many " + key: want}))
				calls := 0
				noErr(t, errOf(view.GetOrLoad(ctx, "load "+key, returns(want, &calls))))
				found := ok(view.GetMany(ctx, []string{"set " + key, "many " + key, "load " + key}))(t)
				check(t, "entries found", 3, len(found))
				for how, got := range found {
					same(t, how, want, got)
				}
				same(t, "get", want, ok(view.Get(ctx, "set "+key))(t))
				same(t, "hit", want, ok(view.GetOrLoad(ctx, "load "+key, never[T](t)))(t))
			}
		})
	}
}

func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *big.Int) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 })); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

type order struct {
	ID      string                     `json:"id"`
	At      time.Time                  `json:"at"`
	Total   *big.Int                   `json:"total"`
	Tags    superjson.Set[string]      `json:"tags"`
	Amounts superjson.Map[string, int] `json:"amounts"`
	Note    *string                    `json:"note"`
	Lines   []product                  `json:"lines"`
}

func anOrder() order {
	lines := make([]product, 40)
	for i := range lines {
		lines[i] = product{ID: fmt.Sprint("product ", i), Price: 100 * i}
	}
	return order{
		ID: "<o&1>", At: time.Date(2026, 1, 31, 8, 0, 0, 5e6, time.UTC), Total: new(big.Int).Lsh(big.NewInt(1), 80),
		Tags: superjson.Set[string]{"a", "b"}, Lines: lines,
		Amounts: superjson.Map[string, int]{{Key: "tea", Value: 2}, {Key: "coffee", Value: 0}},
	}
}

func TestCodecsRoundTrip(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("all work and no play ", 100)
	texts := []string{"", "plain", "Käse <&> 🧀\u2028\x00", `"quoted"`, "H4sI", "H4sIAAAAAAAA/", long, `{"base64":"AA=="}`}
	var everyByte [256]byte
	for i := range everyByte {
		everyByte[i] = byte(i)
	}
	survive(t, cache.JSON(), texts...)
	survive(t, cache.JSON(), product{}, product{ID: long, Price: -1})
	survive(t, cache.JSON(), []byte{}, everyByte[:])
	survive(t, cache.JSON(), map[string][]int{"a": {1, 2}, "b": nil}, nil)
	survive(t, cache.JSON(), &product{ID: "x"}, nil)
	survive(t, cache.JSON(), json.RawMessage(`{"any":[1,2,3]}`))

	type name string
	type content []byte
	survive(t, cache.Raw(), append(texts, string(everyByte[:]), "\xff")...)
	survive(t, cache.Raw(), name("x"), "\xfe")
	survive(t, cache.Raw(), []byte("text"), everyByte[:], []byte(long), []byte{})
	survive(t, cache.Raw(), content("text"), everyByte[:])
	survive(t, cache.Raw(), json.RawMessage(`{"a": 12345678901234567890 }`))

	survive(t, superjson.Codec(), order{}, anOrder())
	survive(t, superjson.Codec(), texts...)
	survive(t, superjson.Codec(), time.UnixMilli(1700000003123).UTC())
	survive(t, superjson.Codec(), new(big.Int).Lsh(big.NewInt(-1), 100), nil)
	survive[any](t, superjson.Codec(), superjson.Undefined{}, nil, "x", superjson.Set[any]{"a", 1.0}, []byte{1, 2})
}

// TestCodecForms pins what is stored, which other languages and later versions
// read.
func TestCodecForms(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, test := range map[string]struct {
		codec cache.Codec
		value any
		want  string
	}{
		"JSON": {cache.JSON(), map[string]string{"a": "<b>"}, `"c":"json","y":"any","e":""},"json":{"a":"<b>"}}`},
		"superjson with annotations": {
			superjson.Codec(), map[string]any{"at": time.UnixMilli(0)},
			`"c":"superjson","y":"any","e":""},"json":{"at":"1970-01-01T00:00:00.000Z"},"meta":{"values":{"at":["Date"]},"v":1}}`,
		},
		"superjson without":  {superjson.Codec(), 1, `"c":"superjson","y":"any","e":""},"json":1}`},
		"compressed, small":  {cache.Compressed(nil, cache.CompressOptions{}), "a", `"c":"json+gzip","y":"any","e":""},"json":"a"}`},
		"compressed, bigger": {cache.Compressed(superjson.Codec(), eager), 12, `"c":"superjson+gzip","y":"any","e":""},"json":12}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := newCache(t, cache.Options{})
			noErr(t, cache.Of[any](c, cache.ViewOptions{Codec: test.codec, TypeName: "any"}).Set(ctx, "k", test.value))
			entry := ok(srv.Client().Get(ctx, "shop:k:k"))(t)
			check(t, "entry", `{"$c":{"v":1,"i":"","t":0,"f":0,`+test.want, blank(entry))
		})
	}
	for name, test := range map[string]struct{ value, want string }{
		"raw text":  {"a\"b", `"json":"a\"b"}`},
		"raw bytes": {"\xff\x00", `"json":{"base64":"/wA="}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := newCache(t, cache.Options{})
			noErr(t, cache.Of[string](c, cache.ViewOptions{Codec: cache.Raw()}).Set(ctx, "k", test.value))
			_, got, _ := strings.Cut(ok(srv.Client().Get(ctx, "shop:k:k"))(t), "},")
			check(t, "entry", test.want, got)
		})
	}
}

// TestAnotherCodecIsAMiss for every pair of them, also where the value would be
// readable.
func TestAnotherCodecIsAMiss(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, c := newCache(t, cache.Options{})
	codecs := map[string]cache.Codec{}
	for _, inner := range []cache.Codec{cache.JSON(), cache.Raw(), superjson.Codec()} {
		maps.Copy(codecs, wrappings(t, inner))
	}
	check(t, "codecs of different names", 24, len(codecs))
	for wrote, codec := range codecs {
		noErr(t, cache.Of[string](c, cache.ViewOptions{Codec: codec, NegativeTTL: time.Hour}).Set(ctx, "k", "v"))
		for reads, other := range codecs {
			view := cache.Of[string](c, cache.ViewOptions{Codec: other})
			if v, err := view.Get(ctx, "k"); (err == nil) != (wrote == reads) || err == nil && v != "v" {
				t.Errorf("%s reads what %s wrote: %q, %v", reads, wrote, v, err)
			}
		}
	}
}

// TestHitsShareNothing of what can be changed.
func TestHitsShareNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, codec := range wrappings(t, superjson.Codec()) {
		_, c := newCache(t, cache.Options{})
		view := cache.Of[order](c, cache.ViewOptions{Codec: codec})
		noErr(t, view.Set(ctx, "k", anOrder()))
		first := ok(view.Get(ctx, "k"))(t)
		first.Lines[0].ID, first.Tags[0] = "changed", "changed"
		first.Total.SetInt64(0)
		same(t, name, anOrder(), ok(view.Get(ctx, "k"))(t))
	}
}

// odd is a codec that does what a test says.
type odd struct {
	cache.Codec

	text []byte
	err  error
}

func (o odd) Encode(any) (text, meta []byte, err error) { return o.text, nil, o.err }

// deaf wraps a codec and forgets to hand on the key.
type deaf struct{ cache.Codec }

func TestWhatCannotBeEncodedIsReturnedAndNotStored(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	errOdd := errors.New("odd")
	for name, test := range map[string]struct {
		codec cache.Codec
		want  string
	}{
		"an error":             {odd{Codec: cache.JSON(), err: errOdd}, "odd"},
		"nothing":              {odd{Codec: cache.JSON()}, `codec "json" returned neither`},
		"no JSON":              {odd{Codec: cache.JSON(), text: []byte("{")}, "unexpected end of JSON"},
		"raw":                  {cache.Raw(), "takes strings and byte slices"},
		"a wrapper of no keys": {deaf{sealing(t, nil, secret(1))}, "has to be a KeyedCodec"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, c := newCache(t, cache.Options{})
			view := cache.Of[product](c, cache.ViewOptions{Codec: test.codec})
			for what, err := range map[string]error{
				"Set":     view.Set(ctx, "k", product{}),
				"SetMany": view.SetMany(ctx, map[string]product{"k": {}}),
			} {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s = %v, want %q", what, err, test.want)
				}
			}
			var info cache.Info
			calls := 0
			got := ok(view.GetOrLoad(ctx, "k", returns(product{ID: "1"}, &calls), cache.Report(&info)))(t)
			check(t, "value", product{ID: "1"}, got)
			if err := info.StoreErr; info.Stored || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("stored %v, StoreErr %v, want %q", info.Stored, err, test.want)
			}
			check(t, "what is left under the key", int64(0), ok(srv.Client().Exists(ctx, "shop:k:k"))(t))
		})
	}
}

// shout shows that a codec of the user's own can wrap any other.
type shout struct{ cache.Codec }

func (s shout) Name() string { return s.Codec.Name() + "+shout" }

func (s shout) At(key string) cache.Codec {
	if keyed, ok := s.Codec.(cache.KeyedCodec); ok {
		return shout{keyed.At(key)}
	}
	return s
}

func TestACodecOfTheUsersOwn(t *testing.T) {
	t.Parallel()
	survive(t, shout{superjson.Codec()}, anOrder())
	survive(t, shout{sealing(t, superjson.Codec(), secret(1))}, anOrder())
}

func TestCodecsAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	codec, keyed := sealing(t, cache.Compressed(superjson.Codec(), eager), secret(1)).(cache.KeyedCodec)
	check(t, "is a KeyedCodec", true, keyed)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				want := strings.Repeat(fmt.Sprint(i, j), 100)
				bound := codec.At(want)
				text, meta, err := bound.Encode(want)
				var got string
				if err = errors.Join(err, bound.Decode(text, meta, &got)); err != nil || got != want {
					t.Errorf("read %q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestDecodeOfBrokenForms is a miss, and the loader mends it.
func TestDecodeOfBrokenForms(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, codec := range map[string]cache.Codec{
		"JSON": cache.JSON(), "raw": cache.Raw(), "superjson": superjson.Codec(),
		"compressed": cache.Compressed(nil, eager), "compressed raw": cache.Compressed(cache.Raw(), eager),
		"encrypted": sealing(t, nil, secret(1)),
	} {
		for _, broken := range []string{
			`"json":{"base64":1}`, `"json":{"base64":"!"}`, `"json":[]`, `"json":12`, `"other":1`,
			`"json":"H4sI"`, `"json":"H4sI!"`, `"json":"H4sIAAAAAAAA/w=="`, `"json":{"a":1}`,
			`"json":"x","meta":{"values":["nonsense"],"v":1}`, `"json":1,"meta":7`,
		} {
			t.Run(name+" "+broken, func(t *testing.T) {
				t.Parallel()
				srv, c := newCache(t, cache.Options{})
				view := cache.Of[string](c, cache.ViewOptions{Codec: codec, TypeName: "s"})
				noErr(t, view.Set(ctx, "other", "")) // so that the namespace has its stamp
				epoch := ok(srv.Client().Get(ctx, "shop:e"))(t)
				noErr(t, srv.Client().Set(ctx, "shop:k:k", `{"$c":{"v":1,"c":"`+codec.Name()+`","y":"s","e":"`+epoch+`"},`+broken+"}"))
				got, err := view.Get(ctx, "k")
				if strings.HasPrefix(broken, `"json":"H4sI`) && !strings.Contains(name, "compressed") && name != "encrypted" {
					noErr(t, err) // text like any other
					return
				}
				if !errors.Is(err, cache.ErrMiss) {
					t.Fatalf("Get = %q, %v", got, err)
				}
				calls := 0
				for range 2 {
					check(t, "mended", "good", ok(view.GetOrLoad(ctx, "k", returns("good", &calls)))(t))
				}
				check(t, "loader calls", 1, calls)
			})
		}
	}
}
