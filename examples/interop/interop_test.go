package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestInterop runs everything, a subtest for each check.
func TestInterop(t *testing.T) {
	t.Parallel()
	if os.Getenv("UPSTASH_INTEROP") != "1" {
		t.Skip("set UPSTASH_INTEROP=1, with Node and after `npm ci` in examples/interop")
	}
	n, err := findNode([]string{"."})
	if err != nil {
		t.Fatal(err)
	}
	results, err := prove(t.Context(), n)
	if err != nil {
		t.Error(err)
	}
	var pending []string
	for _, r := range results {
		t.Run(r.Stage+"/"+r.Check, func(t *testing.T) {
			t.Parallel()
			switch {
			case r.Pending:
				t.Skip("pending: the server does not offer it yet")
			case !r.OK:
				t.Error(r.Error)
			}
		})
		if r.Pending {
			pending = append(pending, r.Stage+"/"+r.Check)
		}
	}
	if len(pending) > 0 {
		t.Logf("pending:\n  %s", strings.Join(pending, "\n  "))
	}
}

// Without node_modules the program says what to do, and does not fail.
func TestNotInstalled(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "client.mjs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{folder}, &stdout, &stderr); status != statusOK {
		t.Errorf("status %d, want %d: %s", status, statusOK, stderr.String())
	}
	if got := stdout.String(); !strings.HasPrefix(got, "interop: skipped: ") || !strings.Contains(got, "`npm ci` in "+folder) {
		t.Errorf("it says %q", got)
	}
}

func TestElsewhere(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{t.TempDir()}, &stdout, &stderr); status != statusFailed {
		t.Errorf("status %d, want %d", status, statusFailed)
	}
	if got := stderr.String(); !strings.Contains(got, "run it from the root of the repository") {
		t.Errorf("it says %q", got)
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	failed := report(&out, []result{
		{Stage: "go", Check: "one", OK: true},
		{Stage: "ts sdk", Check: "two", Error: "got 1, want 2"},
		{Stage: "ts pubsub", Check: "three", Pending: true},
	})
	want := `ok       go         one
FAILED   ts sdk     two
                      got 1, want 2
pending  ts pubsub  three

1 passed, 1 failed, 1 pending
`
	if failed != 1 || out.String() != want {
		t.Errorf("%d failed, want 1; it printed\n%swant\n%s", failed, out.String(), want)
	}
}

func TestIs(t *testing.T) {
	t.Parallel()
	if err := is("x", []string{"a"})([]string{"a"}, nil); err != nil {
		t.Error(err)
	}
	if err := is("x", "1")("2", nil); err == nil || err.Error() != `x: got "2", want "1"` {
		t.Errorf("a difference is reported as %v", err)
	}
	failure := errors.New("no")
	if err := is("x", "1")("1", failure); !errors.Is(err, failure) {
		t.Errorf("a failed call is reported as %v", err)
	}
}
