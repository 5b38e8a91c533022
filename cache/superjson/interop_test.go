package superjson_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/cache/superjson"
)

// interopFolder has the npm package superjson among its packages.
const interopFolder = "../../examples/interop"

// notThere are the vectors that do not survive npm superjson, and why.
var notThere = map[string]string{
	"registered class":                         "registered in no default instance",
	"registered custom":                        "registered in no default instance",
	"custom on plain object quirk":             "registered in no default instance",
	"registered symbol":                        "registered in no default instance",
	"error allowed prop":                       "allowed in no default instance",
	"shared objects in array and set":          "#346",
	"root back-reference through shared child": "#361",
}

// TestInterop sends what Go writes through the real npm package: the vectors
// and random values, each read by it, written by it, and read by Go.
func TestInterop(t *testing.T) {
	t.Parallel()
	if os.Getenv("UPSTASH_INTEROP") != "1" {
		t.Skip("set UPSTASH_INTEROP=1, with Node and after `npm ci` in examples/interop")
	}
	type trip struct {
		name  string
		value any
		text  string
		exact bool // npm superjson writes the same text
	}
	var trips []trip
	add := func(name string, value any, exact bool) {
		text, err := superjson.Marshal(value)
		noErr(t, err)
		trips = append(trips, trip{name, value, string(text), exact})
	}
	for _, v := range vectors(t) {
		var value any
		if v.Decoded == nil || superjson.Unmarshal([]byte(v.Serialized), &value) != nil {
			continue
		}
		if _, lost := notThere[v.Name]; !lost {
			_, isError := value.(*superjson.Error) // it reads each with a cause, undefined
			add(v.Name, value, !isError)
		}
	}
	fromVectors := len(trips)
	for seed := range uint64(500) {
		g := newGardener(seed)
		g.flat = true
		add("random", g.grow(int(seed%7), false), true)
	}
	texts := make([]string, len(trips))
	for i, one := range trips {
		texts[i] = one.text
	}
	answers := throughNode(t, texts)
	if len(answers) != len(trips) {
		t.Fatalf("%d answers, want %d", len(answers), len(trips))
	}
	for i, one := range trips {
		if answers[i].Error != "" {
			t.Errorf("%s %d: npm superjson: %s\n%s", one.name, i-fromVectors, answers[i].Error, one.text)
			continue
		}
		if diff := cmp.Diff(one.text, answers[i].Text); one.exact && diff != "" {
			t.Errorf("%s %d: text (-Go +npm):\n%s", one.name, i-fromVectors, diff)
		}
		var back any
		noErr(t, superjson.Unmarshal([]byte(answers[i].Text), &back))
		if diff := diff(t, describe(jsOrdered(t, one.value)), describe(back)); diff != "" {
			t.Errorf("%s %d: value (-sent +back):\n%s", one.name, i-fromVectors, diff)
		}
	}
	t.Logf("%d vectors and %d random values went through npm superjson", fromVectors, len(trips)-fromVectors)
}

type answer struct{ Text, Error string }

func throughNode(t *testing.T, texts []string) []answer {
	t.Helper()
	input, err := json.Marshal(texts)
	noErr(t, err)
	cmd := exec.CommandContext(t.Context(), "node", "superjson.mjs")
	cmd.Dir = interopFolder
	cmd.Stdin = bytes.NewReader(input)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v: %s", err, complaints.Bytes())
	}
	var answers []answer
	noErr(t, json.Unmarshal(output, &answers))
	return answers
}
