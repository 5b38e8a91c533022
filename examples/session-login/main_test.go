package main

import (
	"context"
	"io"
	"net/http"
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
	if err := run(t.Context(), "", &out); err != nil {
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
	for _, fails := range []bool{false, true} {
		ctx, interrupt := context.WithCancel(t.Context())
		if fails {
			srv.Intercept(upstashtest.On("HGETALL", func(x *upstashtest.Exchange) { interrupt(); x.Execute() }))
		}
		if err := run(ctx, "", io.Discard); (err != nil) != fails {
			t.Errorf("error %v, want one: %t", err, fails)
		}
		interrupt()
		if n, err := srv.Client().DBSize(t.Context()); n != 0 || err != nil {
			t.Errorf("%d keys are left (%v)", n, err)
		}
	}
}

func TestServesUntilInterrupted(t *testing.T) {
	t.Setenv(upstash.EnvURL, "")
	t.Setenv(upstash.EnvToken, "")
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	says, told := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, "127.0.0.1:0", told) }()
	line := make([]byte, 300)
	n, err := says.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	url, _, _ := strings.Cut(string(line[:n]), ",")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("%s: %d", url, res.StatusCode)
	}
	interrupt()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
