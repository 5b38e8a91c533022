package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTour runs everything: the program compiled to WebAssembly, under Node,
// against the local server.
func TestTour(t *testing.T) {
	t.Parallel()
	node, missing := findNode()
	if missing != nil {
		t.Skip(missing)
	}
	outcomes, p, err := show(t.Context(), node, []string{"."})
	if err != nil {
		t.Fatal(err)
	}
	want := []outcome{
		{Status: 200, Answer: `"stored"`, RoundTrips: 1, Billed: 1},
		{Status: 200, Answer: `"hello from a Worker"`, RoundTrips: 1, Billed: 1},
		{Status: 404, Answer: "404 page not found", RoundTrips: 1, Billed: 1},
		{Status: 200, Answer: `{"all":1,"page":1}`, RoundTrips: 1, Billed: 2},
		{Status: 200, Answer: `{"all":2,"page":1}`, RoundTrips: 1, Billed: 2},
		{Status: 200, Answer: `{"id":"42","name":"Tea 42","cents":450}`, Cache: "loaded", RoundTrips: 3, Billed: 5}, // 2 stamps are new
		{Status: 200, Answer: `{"id":"42","name":"Tea 42","cents":450}`, Cache: "hit", RoundTrips: 1, Billed: 1},
		{Status: 200, Answer: `{"remaining":2}`, RoundTrips: 2, Billed: 4}, // the server did not know the script
		{Status: 200, Answer: `{"remaining":1}`, RoundTrips: 1, Billed: 3},
		{Status: 200, Answer: `{"remaining":0}`, RoundTrips: 1, Billed: 3},
		{Status: 429, Answer: "too many requests", RoundTrips: 1, Billed: 2},
	}
	for i := range want {
		want[i].step = steps[i]
	}
	for i, o := range outcomes {
		if refused := o.Status == http.StatusTooManyRequests; refused != (o.RetryAfter != "") {
			t.Errorf("%s: status %d, again in %q seconds", o.path, o.Status, o.RetryAfter)
		}
		outcomes[i].RetryAfter = "" // by the clock
	}
	if diff := cmp.Diff(want, outcomes, cmp.AllowUnexported(outcome{}, step{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	// It is 13.4 MB and 3.5 MB with Go 1.26.8: a third more would be a surprise.
	if p.bytes < 1e6 || p.bytes > 17e6 || p.gzip > 4.5e6 {
		t.Errorf("the program has %d bytes, %d compressed", p.bytes, p.gzip)
	}
	var out strings.Builder
	report(&out, outcomes, p)
	t.Log("\n" + out.String())
}

// Without Node the program says so, and does not fail.
func TestWithoutNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var out strings.Builder
	if err := run(t.Context(), []string{t.TempDir()}, &out); err != nil {
		t.Error(err)
	}
	if want := "worker: skipped: node is not here: install Node 20 or later\n"; out.String() != want {
		t.Errorf("it says %q, want %q", out.String(), want)
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	_, err := findSources([]string{t.TempDir()})
	if err == nil || !strings.Contains(err.Error(), "run it from the root of the repository") {
		t.Errorf("the error is %v", err)
	}
}
