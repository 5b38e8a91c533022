package superjson_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// everything has a target of every kind.
type everything struct {
	A any                         `json:"a"`
	B *everything                 `json:"b"`
	C []everything                `json:"c"`
	D time.Time                   `json:"d"`
	E *big.Int                    `json:"e"`
	F superjson.Set[string]       `json:"f"`
	G superjson.Map[string, int8] `json:"g"`
	H map[string]*everything      `json:"h"`
	I []byte                      `json:"i"`
	J *url.URL                    `json:"j"`
	K superjson.RegExp            `json:"k"`
	L *superjson.Error            `json:"l"`
	M superjson.Object            `json:"m"`
	N float32                     `json:"n"`
	O uint16                      `json:"o"`
	P json.RawMessage             `json:"p"`
	Q [2]bool                     `json:"q"`
	R superjson.Tagged            `json:"r"`
	S superjson.TypedArray        `json:"s"`
	T map[float64]int             `json:"t"`
	U superjson.Undefined         `json:"u"`
	V string                      `json:"v"`
	W error                       `json:"w"`
	X map[any]any                 `json:"x"`
}

// FuzzUnmarshal reads any text, into any and into a struct: never a panic, only
// the documented errors, and what was read is written and read again as it was.
func FuzzUnmarshal(f *testing.F) {
	vectorsFuzz(f)
	f.Add([]byte(`{"json":{"a":[1],"b":{"b":null},"d":"2024-01-02T03:04:05Z","m":{"x":1}},"meta":{"referentialEqualities":[["b.b"],{"a":["m.x"]}],"v":1}}`))
	f.Add([]byte(`{"json":{"x":[[[1],2]]},"meta":{"values":{"x":["map"]}}}`))
	f.Add([]byte(`{"json":{"l":{"message":"x","cause":{"a":null}},"c":[{"o":3},null]},"meta":{"values":{"l":["Error"]},"referentialEqualities":{"l.cause":["l.cause.a"]},"v":1}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var into everything
		documented(t, superjson.Unmarshal(text, &into))
		var tree any
		if err := superjson.Unmarshal(text, &tree); err != nil {
			documented(t, err)
			return
		}
		o := superjson.Options{Dedupe: true} // without, references may fill 128 MB with a few bytes
		first, err := o.Encode(tree)
		if err != nil { // a key named constructor, say
			documented(t, err)
			return
		}
		var again any
		noErr(t, first.Decode(&again))
		second, err := o.Encode(again)
		noErr(t, err)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("written twice (-first +second):\n%s", diff)
		}
		if diff := diff(t, describe(tree), describe(again)); diff != "" {
			t.Errorf("read twice (-first +second):\n%s", diff)
		}
	})
}

func vectorsFuzz(f *testing.F) {
	f.Helper()
	for _, v := range vectors(f) {
		f.Add([]byte(v.Serialized))
	}
}

func documented(t *testing.T, err error) {
	t.Helper()
	var (
		syntax     *superjson.SyntaxError
		annotation *superjson.AnnotationError
		kind       *superjson.TypeError
		value      *superjson.ValueError
		limit      *superjson.LimitError
	)
	if err != nil && !errors.Is(err, superjson.ErrNotSuperJSON) && !errors.As(err, &syntax) && !errors.As(err, &annotation) &&
		!errors.As(err, &kind) && !errors.As(err, &value) && !errors.As(err, &limit) {
		t.Errorf("an error of no documented type: %v", err)
	}
}

// FuzzRoundTrip writes and reads random values, with and without dedupe.
func FuzzRoundTrip(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		value := newGardener(seed).grow(5, false)
		want := describe(jsOrdered(t, value))
		for _, o := range []superjson.Options{{}, {Dedupe: true}} {
			d, err := o.Encode(value)
			noErr(t, err)
			var got any
			noErr(t, d.Decode(&got))
			if diff := diff(t, want, describe(got)); diff != "" {
				t.Errorf("%+v: (-want +got):\n%s", o, diff)
			}
		}
	})
}

// jsOrdered puts the members of all objects into the order of JavaScript.
func jsOrdered(t *testing.T, value any) any {
	t.Helper()
	first := map[string]int{"0": -3, "7": -2, "10": -1} // the array indexes among the keys
	seen := map[any]bool{}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case superjson.Object:
			if len(v) == 0 || seen[&v[0]] {
				return
			}
			seen[&v[0]] = true
			for done := range v {
				for i := len(v) - 1; i > done; i-- {
					if first[v[i].Key] < first[v[i-1].Key] {
						v[i], v[i-1] = v[i-1], v[i]
					}
				}
			}
			for _, m := range v {
				visit(m.Value)
			}
		case []any:
			for _, item := range v {
				visit(item)
			}
		case superjson.Set[any]:
			for _, item := range v {
				visit(item)
			}
		case superjson.Map[any, any]:
			for _, e := range v {
				visit(e.Key)
				visit(e.Value)
			}
		case *superjson.Error:
			visit(v.Cause)
		}
	}
	visit(value)
	return value
}
