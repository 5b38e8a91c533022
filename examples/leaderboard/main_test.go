package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// shown is what the README says the program prints.
func shown(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "```text\n")
	text, _, _ = strings.Cut(text, "```")
	return text
}

func TestRunPrintsWhatTheReadmeShows(t *testing.T) {
	t.Setenv(upstash.EnvURL, "")
	t.Setenv(upstash.EnvToken, "")
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shown(t), out.String()); diff != "" {
		t.Errorf("README.md against the output (-want +got):\n%s", diff)
	}
}

func TestRunLeavesNothingBehind(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL) // as on a database of somebody's
	t.Setenv(upstash.EnvToken, srv.Token)
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Error(err)
	}
	checkEmpty(t, srv)
}

func TestRunLeavesNothingBehindWhenItFails(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL) // as on a database of somebody's
	t.Setenv(upstash.EnvToken, srv.Token)
	srv.Intercept(upstashtest.On("ZRANGE", func(x *upstashtest.Exchange) { x.Answer(400, nil, `{"error":"ERR no"}`) }))
	var out strings.Builder
	if err := run(t.Context(), &out); err == nil {
		t.Error("no error")
	}
	checkEmpty(t, srv)
}

func TestRunLeavesNothingBehindWhenInterrupted(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL) // as on a database of somebody's
	t.Setenv(upstash.EnvToken, srv.Token)
	ctx, interrupt := context.WithCancel(t.Context())
	srv.Intercept(upstashtest.On("ZREVRANK", func(x *upstashtest.Exchange) { interrupt(); x.Execute() }))
	var out strings.Builder
	if err := run(ctx, &out); err == nil {
		t.Error("no error")
	}
	checkEmpty(t, srv)
}

func checkEmpty(t *testing.T, srv *upstashtest.Server) {
	t.Helper()
	if n, err := srv.Client().DBSize(t.Context()); n != 0 || err != nil {
		t.Errorf("%d keys are left (%v)", n, err)
	}
}
