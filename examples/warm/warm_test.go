package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestRunPrintsWhatTheReadmeShows(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "```text\n")
	shown, _, _ = strings.Cut(shown, "```")
	var stdout, stderr strings.Builder
	if status := run(t.Context(), nil, &stdout, &stderr); status != statusOK {
		t.Fatalf("status %d, stderr %q", status, stderr.String())
	}
	// How long a load took is stored with its entries, in a digit or two.
	bytes := regexp.MustCompile(`[0-9]+ bytes`)
	if diff := cmp.Diff(bytes.ReplaceAllString(shown, "BYTES"), bytes.ReplaceAllString(stdout.String(), "BYTES")); diff != "" {
		t.Errorf("README.md against the output (-want +got):\n%s", diff)
	}
	if !strings.Contains(stderr.String(), "(1000/1000)") {
		t.Errorf("the bar does not reach its end: %q", stderr.String())
	}
}

func TestDryRunSaysWhatARunTakes(t *testing.T) {
	t.Parallel()
	costs := func(args ...string) (first, table string) {
		t.Helper()
		var stdout, stderr strings.Builder
		if status := run(t.Context(), args, &stdout, &stderr); status != statusOK {
			t.Fatalf("status %d, stderr %q", status, stderr.String())
		}
		first, table, _ = strings.Cut(stdout.String(), "\n")
		return first, table
	}
	_, real := costs("-n", "100")
	first, dry := costs("-n", "100", "-dry-run")
	if diff := cmp.Diff(real, dry); diff != "" {
		t.Errorf("a dry run against a run (-want +got):\n%s", diff)
	}
	if !strings.Contains(first, "estimated") {
		t.Errorf("not labeled: %s", first)
	}
}

func TestRunUsage(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]int{"-h": statusOK, "x": statusUsage, "-n=0": statusUsage, "-batch=-1": statusUsage, "-unknown": statusUsage} {
		var stdout, stderr strings.Builder
		if status := run(t.Context(), []string{args}, &stdout, &stderr); status != want || !strings.Contains(stdout.String()+stderr.String(), usage) {
			t.Errorf("%s: status %d, stderr %q", args, status, stderr.String())
		}
	}
}

// dying fails from its nth request on.
type dying struct {
	upstash.Doer

	left *int
}

var errDied = errors.New("the deployment was interrupted")

func (d dying) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if *d.left--; *d.left < 0 {
		return nil, errDied
	}
	return upstash.Over(d.Doer).Do(ctx, b)
}

func TestResume(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	s := settings{products: 100, batch: 20, resume: filepath.Join(t.TempDir(), "place")}
	var stdout, stderr strings.Builder
	left := 7 // two batches are three requests each
	if err := deploy(t.Context(), dying{srv.Client(), &left}, s, &stdout, &stderr); !errors.Is(err, errDied) {
		t.Fatalf("the first run: %v", err)
	}
	if place, err := os.ReadFile(s.resume); string(place) != "39\n" {
		t.Errorf("the place is %q, %v", place, err)
	}
	if err := deploy(t.Context(), srv.Client(), s, &stdout, &stderr); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(stdout.String(), "60 products: 60 stored") {
		t.Errorf("the second run: %s", stdout.String())
	}
	if _, err := os.Stat(s.resume); !os.IsNotExist(err) {
		t.Errorf("the place is still there: %v", err)
	}
	stdout.Reset()
	if err := deploy(t.Context(), srv.Client(), s, &stdout, &stderr); err != nil || !strings.Contains(stdout.String(), "0 stored, 100 were fresh") {
		t.Errorf("the third run: %s, %v", stdout.String(), err)
	}
}
