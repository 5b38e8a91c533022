package superjson_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// list returns n texts with their number, separated by commas.
func list(n int, format string) string {
	before, after, _ := strings.Cut(format, "%d")
	var b []byte
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendInt(append(b, before...), int64(i), 10), after...)
	}
	return string(b)
}

func TestReadingLimits(t *testing.T) {
	t.Parallel()
	chain := func(n int) string { // object i holds object i+1: flat in the text, deep in memory
		return `{"json":{` + list(n, `"%d":{"x":null}`) + `},"meta":{"referentialEqualities":{` +
			strings.TrimSuffix(list(n, `"%d":["§.x"]`), ",") + `},"v":1}}`
	}
	deepened := strings.Split(chain(5000), "§")
	for i := range deepened[:len(deepened)-1] {
		deepened[i] += strconv.Itoa(max(0, i-1))
	}
	for name, text := range map[string]string{
		"nesting":              `{"json":` + strings.Repeat("[", 1001) + strings.Repeat("]", 1001) + `}`,
		"nesting of meta":      `{"json":1,"meta":{"values":` + strings.Repeat(`{"a":`, 3000) + "1" + strings.Repeat("}", 3000) + `}}`,
		"nesting of reference": strings.Join(deepened, ""),
		"annotations":          `{"json":{},"meta":{"values":["set",{` + list(1<<20, `"%d":["undefined"]`) + `}],"v":1}}`,
		"references":           `{"json":[[]],"meta":{"referentialEqualities":{"0":[` + list(1<<20, `"%d"`) + `]},"v":1}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if name == "annotations" {
				text = strings.Replace(text, `"json":{}`, `"json":[`+list(1<<20, "%d")+`]`, 1)
			}
			var v any
			err := superjson.Unmarshal([]byte(text), &v)
			if _, ok := errors.AsType[*superjson.LimitError](err); !ok {
				t.Errorf("Unmarshal = %v, want a LimitError", err)
			}
		})
	}
}

type greedy struct{ text string }

func (g *greedy) UnmarshalText(text []byte) error {
	g.text = string(text)
	return nil
}

// A few bytes for one more place must not cost a copy of what stands there.
func TestExpansion(t *testing.T) {
	t.Parallel()
	const places, size = 50_000, 100_000
	doc := func(value, note string) []byte {
		return []byte(`{"json":[` + value + strings.Repeat(",null", places) + `],"meta":{` + note + `"referentialEqualities":{"0":[` +
			list(places, `"%d"`) + `]},"v":1}}`)
	}
	text := doc(`"`+strings.Repeat("7", size)+`"`, "")
	var tree []any
	noErr(t, superjson.Unmarshal(text, &tree)) // one string for all places
	var raw []greedy
	err := superjson.Unmarshal(text, &raw)
	if _, ok := errors.AsType[*superjson.LimitError](err); !ok {
		t.Errorf("Unmarshal into a type that reads itself = %v, want a LimitError", err)
	}
	var lists [][]int
	noErr(t, superjson.Unmarshal(doc("["+list(size/6, "%d")+"]", ""), &lists)) // one slice for all places
	if &lists[0][0] != &lists[places/2][0] {
		t.Error("the slices are others")
	}
}

func TestWritingLimits(t *testing.T) {
	t.Parallel()
	var deep any
	for range 1001 {
		deep = []any{deep}
	}
	// Sixty lists, each of them twice in the next: 2^60 in the text.
	var wide any = []any{1}
	for range 60 {
		wide = []any{wide, wide}
	}
	var dates any = []any{time.Time{}}
	for range 21 {
		dates = []any{dates, dates}
	}
	for name, v := range map[string]any{"nesting": deep, "text": wide, "annotations": dates} {
		_, err := superjson.Marshal(v)
		if _, ok := errors.AsType[*superjson.LimitError](err); !ok {
			t.Errorf("%s: Marshal = %v, want a LimitError", name, err)
		}
	}
	d, err := superjson.Options{Dedupe: true}.Encode(wide)
	noErr(t, err)
	var back any
	noErr(t, d.Decode(&back)) // with dedupe it is small, and stays shared
	for range 60 {
		pair, _ := back.([]any)
		if len(pair) != 2 {
			t.Fatalf("a list of %d, want 2", len(pair))
		}
		back = pair[1]
	}
}

// What is written can be read, up to the last level.
func TestDeepest(t *testing.T) {
	t.Parallel()
	var deep any = []byte{}
	for range 999 {
		deep = superjson.Set[any]{deep}
	}
	text, err := superjson.Marshal(deep)
	noErr(t, err)
	noErr(t, superjson.Unmarshal(text, &deep))
	d, err := superjson.Encode(deep)
	noErr(t, err)
	noErr(t, d.Decode(&deep))
}

// References into a Set keep their places, of which npm superjson loses count
// (#346). BenchmarkRecords shows that the time for one stays the same.
func TestManyReferences(t *testing.T) {
	t.Parallel()
	const n = 30_000
	array := make([]any, n)
	for i := range array {
		array[i] = &superjson.RegExp{Source: "a"}
	}
	text, err := superjson.Marshal([]any{array, superjson.Set[any](append([]any{}, array...))})
	noErr(t, err)
	var back []any
	noErr(t, superjson.Unmarshal(text, &back))
	list, _ := back[0].([]any)
	set, _ := back[1].(superjson.Set[any])
	for i := range list {
		if list[i] != set[i] {
			t.Fatalf("member %d of the set is another object", i)
		}
	}
}
