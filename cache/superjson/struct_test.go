package superjson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

type base struct {
	ID   int64  `json:"id"`
	Name string `json:"hidden"`
}

type record struct {
	base

	Name     string                            `json:"name"`
	At       time.Time                         `json:"at"`
	Maybe    *time.Time                        `json:"maybe"`
	Big      *big.Int                          `json:"big"`
	Site     *url.URL                          `json:"site"`
	Pattern  superjson.RegExp                  `json:"pattern"`
	Failure  *superjson.Error                  `json:"failure"`
	Tags     superjson.Set[string]             `json:"tags"`
	Prices   superjson.Map[time.Time, float64] `json:"prices"`
	ByNumber map[int]string                    `json:"byNumber"`
	Raw      []byte                            `json:"raw"`
	Samples  superjson.TypedArray              `json:"samples"`
	Score    float64                           `json:"score"`
	Gone     superjson.Undefined               `json:"gone"`
	IP       netip.Addr                        `json:"ip"`
	JSON     json.RawMessage                   `json:"json"`
	Any      any                               `json:"any"`
	Number   json.Number                       `json:"number"`
	Empty    string                            `json:"empty,omitempty"`
	Zero     time.Time                         `json:"zero,omitzero"`
	Left     string                            `json:"-"`
}

func fullRecord(t *testing.T) record {
	t.Helper()
	site, err := url.Parse("https://example.com/a?b=c")
	noErr(t, err)
	return record{
		base:     base{ID: 9007199254740991, Name: "base"},
		Name:     "Käse",
		At:       time.Date(2024, 2, 29, 1, 2, 3, 4e6, time.UTC),
		Big:      new(big.Int).Lsh(big.NewInt(1), 100),
		Site:     site,
		Pattern:  superjson.RegExp{Source: "a+", Flags: "g"},
		Failure:  &superjson.Error{Name: "Error", Message: "x", Cause: "y", Props: superjson.Object{{Key: "code", Value: "E1"}}},
		Tags:     superjson.Set[string]{"b", "a"},
		Prices:   superjson.Map[time.Time, float64]{{Key: time.UnixMilli(0).UTC(), Value: 1.5}},
		ByNumber: map[int]string{10: "ten", 9: "nine"},
		Raw:      []byte{0, 255},
		Samples:  superjson.TypedArray{Kind: "Int8Array", Elements: []float64{-128, 127}},
		Score:    math.Inf(-1),
		IP:       netip.MustParseAddr("192.0.2.1"),
		JSON:     json.RawMessage(`{"b":1,"a":[2]}`),
		Any:      true,
		Number:   "1.50",
	}
}

var exported = cmp.Options{
	cmp.AllowUnexported(record{}), cmp.Comparer(func(a, b *big.Int) bool { return a.Cmp(b) == 0 }),
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
}

func TestStruct(t *testing.T) {
	t.Parallel()
	want := fullRecord(t)
	text, err := superjson.Marshal(want)
	noErr(t, err)
	wantText := `{"json":{"id":9007199254740991,"hidden":"base","name":"Käse","at":"2024-02-29T01:02:03.004Z","maybe":null,` +
		`"big":"1267650600228229401496703205376","site":"https://example.com/a?b=c","pattern":"/a+/g",` +
		`"failure":{"name":"Error","message":"x","cause":"y","code":"E1"},"tags":["b","a"],"prices":[["1970-01-01T00:00:00.000Z",1.5]],` +
		`"byNumber":{"9":"nine","10":"ten"},"raw":[0,255],"samples":[-128,127],"score":"-Infinity","gone":null,"ip":"192.0.2.1",` +
		`"json":{"b":1,"a":[2]},"any":true,"number":1.50},` +
		`"meta":{"values":{"at":["Date"],"big":["bigint"],"site":["URL"],"pattern":["regexp"],"failure":["Error"],"tags":["set"],` +
		`"prices":["map",{"0.0":["Date"]}],"raw":[["typed-array","Uint8Array"]],"samples":[["typed-array","Int8Array"]],` +
		`"score":["number"],"gone":["undefined"]},"v":1}}`
	if diff := cmp.Diff(wantText, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var got record
	noErr(t, superjson.Unmarshal(text, &got))
	if diff := cmp.Diff(want, got, exported); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// into reads a document into a new T.
func into[T any](text string) func(t *testing.T) any {
	return func(t *testing.T) any {
		t.Helper()
		var v T
		noErr(t, superjson.Unmarshal([]byte(text), &v))
		return v
	}
}

func TestTargetDecides(t *testing.T) {
	t.Parallel()
	epoch := time.UnixMilli(0).UTC()
	for _, c := range []struct {
		name string
		read func(t *testing.T) any
		want any
	}{
		{"plain ISO text", into[time.Time](`{"json":"1970-01-01T01:00:00+01:00"}`), epoch},
		{"a Date as text", into[string](`{"json":"1970-01-01T00:00:00.000Z","meta":{"values":["Date"],"v":1}}`), "1970-01-01T00:00:00.000Z"},
		{"a number into big.Int", into[*big.Int](`{"json":9007199254740993}`), big.NewInt(9007199254740993)},
		{"a bigint into int64", into[int64](`{"json":"-9223372036854775808","meta":{"values":["bigint"],"v":1}}`), int64(math.MinInt64)},
		{"a number written by Go", into[uint64](`{"json":18446744073709551615}`), uint64(math.MaxUint64)},
		{"a whole number with exponent", into[int](`{"json":1e3}`), 1000},
		{"minus zero into int", into[int](`{"json":"-0","meta":{"values":["number"],"v":1}}`), 0},
		{"out of range is infinite there", into[float64](`{"json":1e999}`), math.Inf(1)},
		{"a plain array into Set", into[superjson.Set[int]](`{"json":[1,2]}`), superjson.Set[int]{1, 2}},
		{"a Set into slice", into[[]int](`{"json":[1,2],"meta":{"values":["set"],"v":1}}`), []int{1, 2}},
		{"plain rows into Map", into[superjson.Map[string, int]](`{"json":[["a",1]]}`), superjson.Map[string, int]{{Key: "a", Value: 1}}},
		{"a Map into map", into[map[string]int](`{"json":[["a",1]],"meta":{"values":["map"],"v":1}}`), map[string]int{"a": 1}},
		{"an object into map", into[map[int8]int](`{"json":{"-7":1}}`), map[int8]int{-7: 1}},
		{"plain numbers into bytes", into[[]byte](`{"json":[0,255]}`), []byte{0, 255}},
		{"a typed array into numbers", into[[]int16](`{"json":[-300],"meta":{"values":[["typed-array","Int16Array"]],"v":1}}`), []int16{-300}},
		{"an array", into[[2]string](`{"json":["a","b"]}`), [2]string{"a", "b"}},
		{"undefined into pointer", into[*int](`{"json":null,"meta":{"values":["undefined"],"v":1}}`), (*int)(nil)},
		{"null into number", into[int](`{"json":null}`), 0},
		{"an Error into error", into[error](`{"json":{"name":"E","message":"m"},"meta":{"values":["Error"],"v":1}}`), &superjson.Error{Name: "E", Message: "m"}},
		{"cause undefined is none", into[superjson.Error](`{"json":{"name":"E","message":"m","cause":null},"meta":{"values":["Error",{"cause":["undefined"]}],"v":1}}`),
			superjson.Error{Name: "E", Message: "m"}},
		{"the later of two members", into[map[string]int](`{"json":{"a":1,"b":2,"a":3}}`), map[string]int{"a": 3, "b": 2}},
		{"a class", into[superjson.Tagged](`{"json":{"a":"1"},"meta":{"values":[["class","car"],{"a":["bigint"]}],"v":1}}`),
			superjson.Tagged{Kind: superjson.Class, Name: "car", Value: superjson.Object{{Key: "a", Value: big.NewInt(1)}}}},
		{"other members are passed over", into[bool](` {"$c":{"v":[1]},"JSON":7,"json":true} `), true},
		{"a pair and its halves", into[string](`{"json":"\ud83d\ude00 \ude00\ud83d \ud83d\u0041"}`), "😀 \xed\xb8\x80\xed\xa0\xbd \xed\xa0\xbdA"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, c.read(t), exported); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

type ring struct {
	Name string           `json:"name"`
	Next *ring            `json:"next"`
	All  []*ring          `json:"all"`
	By   map[string]*ring `json:"by"`
}

// Pointers, maps and slices that were one are one again.
func TestIdentity(t *testing.T) {
	t.Parallel()
	for _, o := range []superjson.Options{{}, {Dedupe: true}} {
		a, b := &ring{Name: "a"}, &ring{Name: "b"}
		a.Next, b.Next = b, a
		a.All, a.By = []*ring{a, b}, map[string]*ring{"b": b}
		b.All, b.By = a.All, a.By
		d, err := o.Encode(a)
		noErr(t, err)
		var got *ring
		noErr(t, d.Decode(&got))
		other := got.Next
		if got.Name != "a" || other.Name != "b" || other.Next != got || got.All[0] != got || got.All[1] != other || got.By["b"] != other {
			t.Errorf("%+v: the pointers are others: %s %s", o, d.JSON, d.Meta)
		}
		other.All[0] = nil
		if delete(other.By, "b"); got.All[0] != nil || len(got.By) != 0 {
			t.Errorf("%+v: the slice or the map is another", o)
		}
	}
	value := superjson.Object{{Key: "empty", Value: []any{}}, {Key: "also", Value: []any{}}, {Key: "none", Value: &struct{}{}}}
	text, err := superjson.Marshal(append(value, superjson.Member{Key: "one", Value: &struct{}{}}))
	noErr(t, err)
	if want := `{"json":{"empty":[],"also":[],"none":{},"one":{}}}`; string(text) != want {
		t.Errorf("what has no place in memory is taken for the same: %s", text)
	}
}

type secretive struct{}

var errSecret = errors.New("secret")

func (secretive) MarshalJSON() ([]byte, error) { return nil, errSecret }

func (*secretive) UnmarshalJSON([]byte) error { return errSecret }

func TestRefusedValues(t *testing.T) {
	t.Parallel()
	var loop any
	loop = &loop
	self := &superjson.Tagged{Kind: superjson.Class, Name: "x"}
	self.Value = self
	nested := &superjson.Tagged{Kind: superjson.Custom, Name: "x"}
	nested.Value = []any{nested}
	for name, v := range map[string]any{
		"a large integer":      int64(1) << 53,
		"a small integer":      -int64(1) << 53,
		"a large unsigned":     uint64(1) << 53,
		"bytes as string":      "secret\xff",
		"a key of bytes":       map[string]int{"secret\xff": 1},
		"a forbidden key":      map[string]int{"__proto__": 1},
		"a function":           func() {},
		"a channel":            make(chan int),
		"a complex number":     1i,
		"no exported fields":   errSecret,
		"a relative URL":       &url.URL{Path: "/secret"},
		"flags":                superjson.RegExp{Source: "a", Flags: "secret"},
		"a flag twice":         superjson.RegExp{Source: "a", Flags: "gg"},
		"a late date":          time.UnixMilli(8_640_000_000_000_001),
		"a very late date":     time.Unix(1<<60, 0),
		"a key twice":          superjson.Object{{Key: "secret"}, {Key: "secret"}},
		"a property twice":     superjson.Error{Props: superjson.Object{{Key: "message"}}},
		"keys of any kind":     map[bool]int{true: 1},
		"keys alike":           map[any]int{1: 1, "1": 1},
		"an unknown array":     superjson.TypedArray{Kind: "secret"},
		"an element too large": superjson.TypedArray{Kind: "Int8Array", Elements: []float64{128}},
		"half an element":      superjson.TypedArray{Kind: "Int8Array", Elements: []float64{0.5}},
		"NaN as an element":    superjson.TypedArray{Kind: "Float32Array", Elements: []float64{math.NaN()}},
		"an unknown tag":       superjson.Tagged{Kind: "secret"},
		"a class of a list":    superjson.Tagged{Kind: superjson.Class, Value: []any{}},
		"a class of nothing":   superjson.Tagged{Kind: superjson.Class},
		"a symbol of a number": superjson.Tagged{Kind: superjson.Symbol, Value: 1},
		"a custom of a date":   superjson.Tagged{Kind: superjson.Custom, Value: time.Time{}},
		"a method that fails":  secretive{},
		"a tag with an option": struct {
			A int `json:",string"`
		}{},
		"a class of itself":     self,
		"a custom of itself":    nested,
		"a loop of arrays":      superjson.Tagged{Kind: superjson.Custom, Value: int64(1) << 60},
		"an option out of JSON": json.RawMessage("{secret"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := superjson.Marshal([]any{v})
			var refused *superjson.ValueError
			var limit *superjson.LimitError
			if !errors.As(err, &refused) && !errors.As(err, &limit) {
				t.Fatalf("Marshal = %v, want a ValueError", err)
			}
			if text := fmt.Sprintf("%v %+v", err, err); strings.Contains(text, "secret\"") || strings.Contains(text, ": secret") {
				t.Errorf("the error shows what is in the value: %s", text)
			}
		})
	}
	text, err := superjson.Marshal(loop)
	if err != nil || string(text) != `{"json":null}` {
		t.Errorf("a pointer to itself: %s, %v", text, err)
	}
	if _, err := superjson.Marshal(secretive{}); !errors.Is(err, errSecret) {
		t.Errorf("%v does not wrap the error of the method", err)
	}
}
