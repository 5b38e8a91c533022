package superjson_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// The vectors describe values as trees: {"t": type, ...}, where an object has an
// id by first visit and {"t":"ref","id":n} is the same object again.

// A describer makes such a tree from what Unmarshal returned.
type describer struct{ ids map[string]float64 }

func describe(v any) any {
	d := describer{map[string]float64{}}
	return d.tree(v)
}

// object returns the id of an object, or false for one that was seen before.
func (d describer) object(v any) (id float64, first bool) {
	r := reflect.ValueOf(v)
	key := fmt.Sprint(r.Type(), r.Pointer())
	if id, ok := d.ids[key]; ok {
		return id, false
	}
	id = float64(len(d.ids))
	d.ids[key] = id
	return id, true
}

func (d describer) tree(v any) any {
	switch v := v.(type) {
	case nil:
		return map[string]any{"t": "null"}
	case superjson.Undefined:
		return map[string]any{"t": "undefined"}
	case bool:
		return map[string]any{"t": "bool", "v": v}
	case string:
		return map[string]any{"t": "string", "v": v}
	case float64:
		return map[string]any{"t": "number", "v": jsNumber(v)}
	case *big.Int:
		return map[string]any{"t": "bigint", "v": v.String()}
	}
	if tag, ok := v.(*superjson.Tagged); ok && tag.Kind == superjson.Symbol {
		return map[string]any{"t": "symbol", "v": tag.Value}
	} else if ok { // the vectors show what the registered type became: here, what it holds
		return d.tree(tag.Value)
	}
	id, first := d.object(v)
	if !first {
		return map[string]any{"t": "ref", "id": id}
	}
	tree := map[string]any{"id": id}
	switch v := v.(type) {
	case *time.Time:
		tree["t"], tree["v"] = "date", jsDate(*v)
	case *superjson.RegExp:
		tree["t"], tree["source"], tree["flags"] = "regexp", v.Source, v.Flags
	case *url.URL:
		tree["t"], tree["v"] = "url", v.String()
	case *superjson.Error:
		tree["t"], tree["name"], tree["message"] = "error", v.Name, v.Message
		if v.Cause != nil {
			tree["cause"] = d.tree(v.Cause)
		}
		if v.Props != nil {
			props := map[string]any{}
			for _, p := range v.Props {
				props[p.Key] = d.tree(p.Value)
			}
			tree["props"] = props
		}
	case []any:
		tree["t"], tree["items"] = "array", d.list(v)
	case superjson.Set[any]:
		tree["t"], tree["items"] = "set", d.list(v)
	case superjson.Object:
		fields := []any{}
		for _, m := range v {
			fields = append(fields, []any{m.Key, d.tree(m.Value)})
		}
		tree["t"], tree["fields"] = "object", fields
	case superjson.Map[any, any]:
		entries := []any{}
		for _, e := range v {
			entries = append(entries, []any{d.tree(e.Key), d.tree(e.Value)})
		}
		tree["t"], tree["entries"] = "map", entries
	case []byte:
		items := []any{}
		for _, b := range v {
			items = append(items, strconv.Itoa(int(b)))
		}
		tree["t"], tree["kind"], tree["v"] = "typed-array", "Uint8Array", items
	case *superjson.TypedArray:
		items := []any{}
		for _, f := range v.Elements {
			items = append(items, jsNumber(f))
		}
		tree["t"], tree["kind"], tree["v"] = "typed-array", v.Kind, items
	default:
		panic(fmt.Sprintf("no tree for a %T", v))
	}
	return tree
}

func (d describer) list(items []any) []any {
	list := []any{}
	for _, item := range items {
		list = append(list, d.tree(item))
	}
	return list
}

// jsNumber is String(f) in JavaScript, but for -0.
func jsNumber(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f != 0 && (math.Abs(f) < 1e-6 || math.Abs(f) >= 1e21):
		return strings.Replace(strconv.FormatFloat(f, 'e', -1, 64), "e-0", "e-", 1)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// jsDate is toISOString.
func jsDate(t time.Time) string {
	if t.Year() > 9999 {
		return "+0" + t.Format("2006-01-02T15:04:05.000Z")
	}
	if t.Year() < 0 { // package time writes -0001
		return "-00" + t.Format("2006-01-02T15:04:05.000Z")[1:]
	}
	return t.Format("2006-01-02T15:04:05.000Z")
}

// A builder makes a Go value from such a tree.
type builder struct {
	t   *testing.T
	ids map[float64]any
}

func build(t *testing.T, tree any) any {
	t.Helper()
	return builder{t, map[float64]any{}}.value(tree)
}

func (b builder) value(tree any) any {
	b.t.Helper()
	n := as[map[string]any](b.t, tree)
	text, _ := n["v"].(string)
	id, _ := n["id"].(float64)
	keep := func(v any) any {
		b.ids[id] = v
		return v
	}
	switch n["t"] {
	case "null":
		return nil
	case "undefined":
		return superjson.Undefined{}
	case "bool":
		return n["v"]
	case "string":
		return text
	case "number":
		return b.number(text)
	case "bigint":
		i, _ := new(big.Int).SetString(text, 10)
		return i
	case "ref":
		return b.ids[id]
	case "date":
		year := 0
		for prefix, years := range map[string]int{"+010000": 8000, "-000001": -2001} {
			if rest, ok := strings.CutPrefix(text, prefix); ok {
				text, year = "2000"+rest, years
			}
		}
		at, err := time.Parse(time.RFC3339, text)
		noErr(b.t, err)
		at = at.AddDate(year, 0, 0)
		return keep(&at)
	case "regexp":
		return keep(&superjson.RegExp{Source: as[string](b.t, n["source"]), Flags: as[string](b.t, n["flags"])})
	case "url":
		u, err := url.Parse(text)
		noErr(b.t, err)
		return keep(u)
	case "error":
		e := &superjson.Error{Name: as[string](b.t, n["name"]), Message: as[string](b.t, n["message"])}
		keep(e)
		if cause, ok := n["cause"]; ok {
			e.Cause = b.value(cause)
		}
		if props, ok := n["props"].(map[string]any); ok {
			for key, value := range props {
				e.Props = append(e.Props, superjson.Member{Key: key, Value: b.value(value)})
			}
		}
		return e
	case "array":
		return b.list(n, func(items []any) any { return keep(items) })
	case "set":
		return b.list(n, func(items []any) any { return keep(superjson.Set[any](items)) })
	case "object":
		fields := as[[]any](b.t, n["fields"])
		object := make(superjson.Object, len(fields), len(fields)+1)
		keep(object)
		for i, f := range fields {
			object[i] = superjson.Member{Key: as[string](b.t, pair(b.t, f)[0]), Value: b.value(pair(b.t, f)[1])}
		}
		return object
	case "map":
		entries := as[[]any](b.t, n["entries"])
		m := make(superjson.Map[any, any], len(entries), len(entries)+1)
		keep(m)
		for i, e := range entries {
			m[i].Key, m[i].Value = b.value(pair(b.t, e)[0]), b.value(pair(b.t, e)[1])
		}
		return m
	case "typed-array":
		var elements []float64
		bytes := []byte{}
		for _, e := range as[[]any](b.t, n["v"]) {
			f := b.number(as[string](b.t, e))
			elements, bytes = append(elements, f), append(bytes, byte(f))
		}
		if n["kind"] == "Uint8Array" {
			return keep(bytes)
		}
		return keep(&superjson.TypedArray{Kind: as[string](b.t, n["kind"]), Elements: elements})
	}
	b.t.Fatalf("a tree of an unknown kind: %v", n["t"])
	return nil
}

func (b builder) list(n map[string]any, keep func([]any) any) any {
	items := as[[]any](b.t, n["items"])
	list := slices.Grow(make([]any, 0), len(items)+1)[:len(items)]
	made := keep(list)
	for i, item := range items {
		list[i] = b.value(item)
	}
	return made
}

func (b builder) number(text string) float64 {
	f, err := strconv.ParseFloat(text, 64)
	noErr(b.t, err)
	return f
}

// diff compares two trees; cmp.Diff alone takes long for large ones.
func diff(t *testing.T, want, got any) string {
	t.Helper()
	wantText, err := json.Marshal(want)
	noErr(t, err)
	gotText, err := json.Marshal(got)
	noErr(t, err)
	if bytes.Equal(wantText, gotText) {
		return ""
	}
	return cmp.Diff(want, got) + cmp.Diff(string(wantText), string(gotText))
}

// as is what a tree holds in one place.
func as[T any](t *testing.T, v any) T {
	t.Helper()
	got, ok := v.(T)
	if !ok {
		t.Fatalf("the tree has a %T where a %T is wanted", v, got)
	}
	return got
}

func pair(t *testing.T, v any) []any {
	t.Helper()
	return as[[]any](t, v)
}

func noErr(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
