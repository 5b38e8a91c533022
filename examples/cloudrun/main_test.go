package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

func TestRunPrintsWhatTheReadmeShows(t *testing.T) {
	t.Setenv(upstash.EnvURL, "") // and as it was when the test is over
	t.Setenv(upstash.EnvToken, "")
	t.Setenv("FUNCTION_TARGET", "")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "```text\n")
	shown, _, _ = strings.Cut(shown, "```")
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shown, out.String()); diff != "" {
		t.Errorf("README.md against the output (-want +got):\n%s", diff)
	}
}
