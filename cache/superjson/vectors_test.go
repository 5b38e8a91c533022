package superjson_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// A vector is one case recorded from npm superjson 2.2.6: testdata/vectors.json
// describes the members.
type vector struct {
	Name        string
	Serialized  string
	Decoded     any
	Source      any
	DecodeOnly  bool   `json:"decode_only"`
	DecodeError string `json:"decode_error"`
	EncodeError string `json:"encode_error"`
	Options     struct{ Dedupe bool }
}

// An exception says what a vector shows here instead.
type exception struct {
	how string
	why string
}

const (
	onlyThere = "the source exists only in JavaScript" // reading follows, and writing what was read
	refused   = "the source is refused"                // reading follows
	mended    = "reading returns the source"           // writing follows
	asTagged  = "the value is a Tagged"                // writing follows
	noText    = "the document is refused"
)

// exceptions are the vectors that this package does not follow in every step.
// The list may only shrink.
var exceptions = map[string]exception{
	// JavaScript loses something, and the vector records that it does.
	"Date invalid":                      {onlyThere, "a time.Time is always a Date"},
	"sparse array":                      {onlyThere, "a slice has no holes"},
	"function field":                    {onlyThere, "functions are no data"},
	"object with toJSON":                {onlyThere, "functions are no data"},
	"boxed class instance unregistered": {onlyThere, "a class that npm superjson does not know is written as plain JSON"},
	"custom on plain object quirk":      {onlyThere, "the transformer is a function, and npm superjson takes its text apart"},
	"Float64Array specials":             {refused, "NaN would silently become 0"},
	"Buffer":                            {refused, "npm superjson writes it and cannot read it"},
	// Bugs of npm superjson, which lose what the text holds.
	"shared objects in array and set":          {mended, "#346 shifts the members of a Set"},
	"root back-reference through shared child": {mended, "#361 loses the reference to the root"},
	// What only the other program knows, or meant.
	"registered custom":                    {asTagged, "deserialize is a function of JavaScript"},
	"plain JSON document without json key": {noText, "undefined would hide a mistake"},
}

// maxExceptions holds the list to its length.
const maxExceptions = 12

func vectors(tb testing.TB) []vector {
	tb.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	noErr(tb, err)
	var file struct {
		Count int
		Cases []vector
	}
	noErr(tb, json.Unmarshal(text, &file))
	if len(file.Cases) != file.Count {
		tb.Fatalf("%d vectors, want %d", len(file.Cases), file.Count)
	}
	for i, v := range file.Cases {
		if v.Name == "lone surrogate" { // encoding/json cannot hold it
			file.Cases[i].Decoded = map[string]any{"t": "string", "v": "\xed\xa0\x80"}
		}
	}
	return file.Cases
}

func TestVectors(t *testing.T) { //nolint:tparallel // the count waits for every subtest
	t.Parallel()
	all := vectors(t)
	unused := maps.Clone(exceptions)
	passed := 0
	for _, v := range all {
		delete(unused, v.Name)
		if t.Run(v.Name, v.follow) {
			passed++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("the exception %q is no vector", name)
	}
	if len(exceptions) > maxExceptions {
		t.Errorf("%d exceptions: the list may only shrink", len(exceptions))
	}
	t.Logf("%d of %d vectors, with %d documented exceptions", passed, len(all), len(exceptions))
	for _, name := range slices.Sorted(maps.Keys(exceptions)) {
		t.Logf("  %s: %s: %s", name, exceptions[name].how, exceptions[name].why)
	}
}

// follow does what the vector describes: reads the text and compares the tree,
// then writes what it read, and what the tree describes.
func (v vector) follow(t *testing.T) {
	but := exceptions[v.Name].how
	if v.EncodeError != "" {
		_, err := superjson.Marshal(map[string]any{"constructor": 1}) // as its member js says
		wantValueError(t, err)
		return
	}
	var decoded any
	err := superjson.Unmarshal([]byte(v.Serialized), &decoded)
	switch want := v.Decoded; {
	case but == noText:
		if !errors.Is(err, superjson.ErrNotSuperJSON) {
			t.Errorf("Unmarshal = %v, want ErrNotSuperJSON", err)
		}
		return
	case v.DecodeError != "":
		if _, ok := errors.AsType[*superjson.AnnotationError](err); !ok {
			t.Errorf("Unmarshal = %v, want an AnnotationError", err)
		}
	default:
		noErr(t, err)
		if but == mended {
			want = v.Source
		}
		if diff := cmp.Diff(want, describe(decoded)); (diff == "") == (but == asTagged) {
			t.Errorf("read (-want +got):\n%s", diff)
		}
	}
	if but == asTagged {
		object, _ := decoded.(superjson.Object)
		price, _ := object.Get("price")
		want := &superjson.Tagged{Kind: superjson.Custom, Name: "decimal", Value: "1.10"}
		if diff := cmp.Diff(any(want), price); diff != "" {
			t.Errorf("read (-want +got):\n%s", diff)
		}
	}
	if v.DecodeOnly {
		return
	}
	if but == refused {
		_, err := superjson.Marshal(build(t, v.Source))
		wantValueError(t, err)
		return
	}
	v.write(t, decoded)
	switch _, known := decoded.(*superjson.Tagged); {
	case but == onlyThere || but == asTagged || known: // the tree does not tell it from a plain value
	case v.Source != nil:
		v.write(t, build(t, v.Source))
	default:
		v.write(t, build(t, v.Decoded))
	}
}

// write compares the text of a value with that of the vector.
func (v vector) write(t *testing.T, value any) {
	t.Helper()
	d, err := superjson.Options{Dedupe: v.Options.Dedupe}.Encode(value)
	noErr(t, err)
	text := `{"json":` + string(d.JSON)
	if d.Meta != nil {
		text += `,"meta":` + string(d.Meta)
	}
	if diff := cmp.Diff(v.Serialized, text+"}"); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
}

func wantValueError(t *testing.T, err error) {
	t.Helper()
	if _, ok := errors.AsType[*superjson.ValueError](err); !ok {
		t.Errorf("Marshal = %v, want a ValueError", err)
	}
}
