package main

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestRunPrintsWhatTheReadmeShows(t *testing.T) {
	t.Setenv(upstash.EnvURL, "")
	t.Setenv(upstash.EnvToken, "")
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

func TestRunLeavesNothingBehind(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	for _, plant := range []func(*upstashtest.Exchange){
		func(*upstashtest.Exchange) {}, // no trouble
		upstashtest.On("XRANGE", func(x *upstashtest.Exchange) { x.Answer(400, nil, `{"error":"ERR no"}`) }),
	} {
		cancel := srv.Intercept(plant)
		var out strings.Builder
		err := run(t.Context(), &out)
		if planted := !cancel(); planted != (err != nil) {
			t.Errorf("a fault was planted: %t, error %v", planted, err)
		}
		if n, err := srv.Client().DBSize(t.Context()); n != 0 || err != nil {
			t.Errorf("%d keys are left (%v)", n, err)
		}
	}
}
