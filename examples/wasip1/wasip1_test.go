package main

import (
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRun runs everything: the program compiled for wasip1, under Node, against
// the local server.
func TestRun(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not here: it is the host of the program")
	}
	var out strings.Builder
	if err := run(t.Context(), []string{"."}, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	const want = `INCR visits: 1
SET greeting, GET greeting: hello from wasip1
GET farewell: there is none: true
pipeline: 1 2
GET slow: the deadline ended it: true

5 round trips, 6 billed commands
guest.wasm: N MB
`
	got := regexp.MustCompile(`[0-9.]+ MB`).ReplaceAllString(out.String(), "N MB")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// The host says whether it had a connection, and so the client knows that nothing
// was sent.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here: it is the host of the program")
	}
	program := filepath.Join(t.TempDir(), "guest.wasm")
	if err := build(t.Context(), ".", program); err != nil {
		t.Fatal(err)
	}
	nobody := httptest.NewServer(nil)
	nobody.Close()
	var out strings.Builder
	err = start(t.Context(), node, ".", program, nobody.URL, "sesame", &out)
	if err == nil || !strings.Contains(out.String(), "it is safe to run again") {
		t.Errorf("%v\n%s", err, out.String())
	}
	if strings.Contains(out.String(), "sesame") || strings.Contains(out.String(), "127.0.0.1") {
		t.Errorf("it shows the URL or the token:\n%s", out.String())
	}
}
