package main

import (
	"errors"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestUnderNode runs everything: the program compiled for wasip1, under Node,
// against the local server.
func TestUnderNode(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not here: it is the host of the program")
	}
	program := filepath.Join(t.TempDir(), "guest.wasm")
	if err := build(t.Context(), ".", program); err != nil { // once, it takes longest
		t.Fatal(err)
	}
	t.Run("tour", func(t *testing.T) {
		t.Parallel()
		srv := upstashtest.New(t)
		var out strings.Builder
		if err := show(t.Context(), node, ".", program, srv, &out); err != nil {
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
	})
	// The host says whether it had a connection: without one, even what must not run
	// twice is safe to run again.
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		nobody := httptest.NewServer(nil)
		nobody.Close()
		fails(t, node, program, nobody.URL, "sesame", "error: upstash: INCR: no answer: dial host: the host has no connection\n"+
			"nothing was changed: it is safe to run again\n")
	})
	t.Run("dropped", func(t *testing.T) {
		t.Parallel()
		srv := upstashtest.New(t)
		srv.Intercept(upstashtest.ExecuteThenDrop)
		fails(t, node, program, srv.URL, srv.Token, "error: upstash: INCR: the connection ended before the answer; the command may have run\n")
		if n := srv.Meter().Commands; n != 1 {
			t.Errorf("it was sent %d times", n)
		}
	})
}

// fails runs the program where its first command fails, and compares what it says.
func fails(t *testing.T, node, program, url, token, want string) {
	t.Helper()
	var out strings.Builder
	err := start(t.Context(), node, ".", program, url, token, &out)
	if _, ended := errors.AsType[*exec.ExitError](err); !ended {
		t.Errorf("it ended with %v", err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// Without Node the program says so, and does not fail.
func TestWithoutNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	var out strings.Builder
	if err := run(t.Context(), []string{t.TempDir()}, &out); err != nil {
		t.Error(err)
	}
	if want := "wasip1: skipped: node is not here: install Node 20 or later\n"; out.String() != want {
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
