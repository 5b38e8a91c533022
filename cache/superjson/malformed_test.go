package superjson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// The parser takes what encoding/json takes, and nothing else.
func TestSyntax(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", " ", "x", "nul", "nulll", "null null", "[", "]", "[1", "[1,", "[1,]", "[,1]", "{", "}", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,`,
		`{"a":1,}`, `{a:1}`, `{"a" 1}`, `{1:1}`, "01", "-", "-01", "1.", ".1", "1e", "1e+", "+1", "0x1", "1_0", "1.0e-2", "-0", "0e0", "NaN",
		`"`, `"\`, `"\x"`, `"\u"`, `"\u12"`, `"\u12g4"`, `"\ud800`, `"\ud800\u"`, "\"\n\"", "\"\x1f\"", "\"\x7f\"", `"\/\b\f\n\r\t\"\\"`,
		"\"\xff\"", "\ufeff1", "\x00", "[1]\x00", " \t\r\n[ 1 , { } ] ", "true", "false", "tru", `"\ud83d\ude00"`, `"\u0000"`, `"\u+123"`,
	} {
		var v any
		err := superjson.Document{JSON: json.RawMessage(text)}.Decode(&v)
		wrong, refused := errors.AsType[*superjson.SyntaxError](err)
		valid := json.Valid([]byte(text)) && text != "\"\xff\"" // which encoding/json reads as U+FFFD
		if refused == valid {
			t.Errorf("%q: %v, encoding/json says %t", text, err, valid)
		}
		if refused && (wrong.Offset < 0 || wrong.Offset > len(text)) {
			t.Errorf("%q: offset %d", text, wrong.Offset)
		}
	}
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"json":1,"meta":7}`:                                                                      "meta: it is no object",
		`{"json":1,"meta":{"v":"x"}}`:                                                              "meta: its version is no number",
		`{"json":1,"meta":{"values":7}}`:                                                           "meta: values holds something that is no annotation",
		`{"json":1,"meta":{"values":[]}}`:                                                          "meta: values holds something that is no annotation",
		`{"json":[],"meta":{"values":["set",7]}}`:                                                  "meta: values holds something that is no annotation",
		`{"json":1,"meta":{"values":[7]}}`:                                                         "annotation 1: it is unknown",
		`{"json":1,"meta":{"values":["typed-array"]}}`:                                             "annotation 1: it is unknown",
		`{"json":1,"meta":{"values":[["secret","x"]]}}`:                                            "annotation 1: it is unknown",
		`{"json":1,"meta":{"values":[["class"]]}}`:                                                 "annotation 1: it is unknown",
		`{"json":[],"meta":{"values":[["typed-array","BigInt64Array"]]}}`:                          "annotation 1 (typed-array): no such kind of array",
		`{"json":[256],"meta":{"values":[["typed-array","Uint8Array"]]}}`:                          "annotation 1 (typed-array): an element does not fit",
		`{"json":["secret"],"meta":{"values":[["typed-array","Int8Array"]]}}`:                      "annotation 1 (typed-array): an element does not fit",
		`{"json":1,"meta":{"values":[["symbol","secret"]]}}`:                                       "annotation 1 (symbol): the plain JSON has another form",
		`{"json":[1,2],"meta":{"values":{"1":["Date"]}}}`:                                          "annotation 1 (Date): the plain JSON has another form",
		`{"json":["1","secret"],"meta":{"values":{"0":["bigint"],"1":["bigint"]}}}`:                "annotation 2 (bigint): the text has another form",
		`{"json":"12","meta":{"values":["number"]}}`:                                               "annotation 1 (number): the text has another form",
		`{"json":"2024-02-30T00:00:00Z","meta":{"values":["Date"]}}`:                               "annotation 1 (Date): the text has another form",
		`{"json":"+999999-01-01T00:00:00Z","meta":{"values":["Date"]}}`:                            "annotation 1 (Date): the text has another form",
		`{"json":"/secret","meta":{"values":["regexp"]}}`:                                          "annotation 1 (regexp): the text has another form",
		`{"json":"secret","meta":{"values":["URL"]}}`:                                              "annotation 1 (URL): the text has another form",
		`{"json":{"name":1},"meta":{"values":["Error"]}}`:                                          "annotation 1 (Error): name and message are strings",
		`{"json":[[1]],"meta":{"values":["map"]}}`:                                                 "annotation 1 (map): a row is no pair of key and value",
		`{"json":{"a":1},"meta":{"values":{"secret":["Date"]}}}`:                                   "annotation 1: its path leads nowhere",
		`{"json":[1],"meta":{"values":{"01":["Date"]}}}`:                                           "annotation 1: its path leads nowhere",
		`{"json":{"a":""},"meta":{"values":{"a":["undefined"],"b":["Date"]}}}`:                     "annotation 2: its path leads nowhere",
		`{"json":{"a":{"b":"1"}},"meta":{"values":{"a.b":["bigint"],"a":{"b":["bigint"]}},"v":1}}`: "annotation 2: the value has an annotation already",
		`{"json":{"a\\b":""},"meta":{"values":{"a\\b":["Date"]},"v":1}}`:                           "annotation 1: its path has a backslash before something else than a backslash or a dot",
		`{"json":1,"meta":{"referentialEqualities":7}}`:                                            "meta: referentialEqualities has another form",
		`{"json":1,"meta":{"referentialEqualities":[]}}`:                                           "meta: referentialEqualities has another form",
		`{"json":1,"meta":{"referentialEqualities":[7]}}`:                                          "meta: referentialEqualities has another form",
		`{"json":1,"meta":{"referentialEqualities":[[],7]}}`:                                       "meta: referentialEqualities has another form",
		`{"json":1,"meta":{"referentialEqualities":{"a":[7]}}}`:                                    "meta: referentialEqualities has another form",
		`{"json":1,"meta":{"referentialEqualities":{"a":["b","c.constructor"]}}}`:                  "annotation 3 (reference): its path leads into a prototype",
	} {
		var v any
		err := superjson.Unmarshal([]byte(text), &v)
		if _, ok := errors.AsType[*superjson.AnnotationError](err); !ok {
			t.Errorf("%s: %v, want an AnnotationError", text, err)
			continue
		}
		if diff := cmp.Diff("superjson: "+want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// A path that leads nowhere is what JavaScript writes for a shared function.
func TestReferenceToNothing(t *testing.T) {
	t.Parallel()
	var v map[string]int
	noErr(t, superjson.Unmarshal([]byte(`{"json":{"a":1},"meta":{"referentialEqualities":{"f":["g"],"a":["h.i"]},"v":1}}`), &v))
	if diff := cmp.Diff(map[string]int{"a": 1}, v); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func readInto[T any](text string) func() error {
	return func() error {
		var v T
		return superjson.Unmarshal([]byte(text), &v)
	}
}

func TestOtherTarget(t *testing.T) {
	t.Parallel()
	const date, class = `{"json":"1970-01-01T00:00:00.000Z","meta":{"values":["Date"],"v":1}}`,
		`{"json":{"secret":"secret"},"meta":{"values":[["class","secret"]],"v":1}}`
	for name, read := range map[string]func() error{
		"a pointer is wanted":        func() error { return superjson.Unmarshal([]byte(date), 7) },
		"nil":                        func() error { return superjson.Unmarshal([]byte(date), nil) },
		"a nil pointer":              func() error { return superjson.Unmarshal([]byte(date), (*int)(nil)) },
		"a Date into int":            readInto[int](date),
		"a Date into url":            readInto[url.URL](date),
		"a Date into list":           readInto[[]string](date),
		"a Date into struct":         readInto[struct{ A int }](date),
		"a Date into map":            readInto[map[string]int](date),
		"a Date into Object":         readInto[superjson.Object](date),
		"a Date into Error":          readInto[superjson.Error](date),
		"a Date into Tagged":         readInto[superjson.Tagged](date),
		"a Date into Undefined":      readInto[superjson.Undefined](date),
		"a Date into big.Int":        readInto[*big.Int](date),
		"a Date into error":          readInto[error](date),
		"a Date into a channel":      readInto[chan int](date),
		"a class into struct":        readInto[struct{ A int }](class),
		"no exported fields":         readInto[struct{ a int }](`{"json":{}}`),
		"a class into map":           readInto[map[string]any](class),
		"a method that refuses":      readInto[secretive](`{"json":"secret"}`),
		"a method that wants text":   readInto[greedy](`{"json":7}`),
		"secret into time":           readInto[time.Time](`{"json":"secret"}`),
		"secret into big.Int":        readInto[big.Int](`{"json":"secret"}`),
		"NaN as text":                readInto[string](`{"json":"NaN","meta":{"values":["number"],"v":1}}`),
		"NaN into int":               readInto[int](`{"json":"NaN","meta":{"values":["number"],"v":1}}`),
		"a fraction into int":        readInto[int](`{"json":1.5}`),
		"too large":                  readInto[int8](`{"json":128}`),
		"negative":                   readInto[uint](`{"json":-1}`),
		"beyond what JavaScript has": readInto[int64](`{"json":1e17}`),
		"too large for float32":      readInto[float32](`{"json":1e39}`),
		"another length":             readInto[[2]int](`{"json":[1]}`),
		"a Map into slice":           readInto[[]any](`{"json":[],"meta":{"values":["map"],"v":1}}`),
		"a Set into Map":             readInto[superjson.Map[int, int]](`{"json":[],"meta":{"values":["set"],"v":1}}`),
		"bytes into strings":         readInto[[]string](`{"json":[],"meta":{"values":[["typed-array","Uint8Array"]],"v":1}}`),
		"secret as number key":       readInto[map[int]int](`{"json":{"secret":1}}`),
		"keys that do not compare":   readInto[map[any]int](`{"json":[[[1],1]],"meta":{"values":["map"],"v":1}}`),
		"within a list":              readInto[[]bool](`{"json":[true,"secret"]}`),
	} {
		err := read()
		if _, ok := errors.AsType[*superjson.TypeError](err); !ok {
			t.Errorf("%s: %v, want a TypeError", name, err)
			continue
		}
		if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, `secret"`) || strings.Contains(text, ": secret") {
			t.Errorf("%s: the error shows what is in the document: %s", name, text)
		}
	}
	if err := readInto[struct{ A int }](class)(); !strings.Contains(err.Error(), "superjson.Tagged") {
		t.Errorf("%v does not say what to do", err)
	}
}
