package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// seconds are those until something: of them a slow machine sees fewer.
var seconds = regexp.MustCompile(`(;t=|Retry-After: )[0-9]+`)

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
	mask := func(text string) string { return seconds.ReplaceAllString(text, "${1}N") }
	if diff := cmp.Diff(mask(shown), mask(out.String())); diff != "" {
		t.Errorf("README.md against the output (-want +got):\n%s", diff)
	}
}

// What the scenario writes on a database of somebody's ends by itself.
func TestRunLeavesNothingForLong(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	if err := run(t.Context(), "", io.Discard); err != nil {
		t.Fatal(err)
	}
	if n, err := srv.Client().DBSize(t.Context()); n != 3 || err != nil {
		t.Errorf("%d keys are written (%v), want 3", n, err)
	}
	srv.Advance(time.Minute + time.Second)
	if n, err := srv.Client().DBSize(t.Context()); n != 0 || err != nil {
		t.Errorf("%d keys are left after a minute (%v)", n, err)
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
	line := make([]byte, 200)
	n, err := says.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	url, _, _ := strings.Cut(string(line[:n]), ",")
	a, err := ask(ctx, url, "198.51.100.7")
	if err != nil || a.status != "200 OK" {
		t.Errorf("%q: %+v, %v", url, a, err)
	}
	interrupt()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRunSaysThatTheAddressIsTaken(t *testing.T) {
	t.Setenv(upstash.EnvURL, "")
	t.Setenv(upstash.EnvToken, "")
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	if err := run(t.Context(), taken.Addr().String(), io.Discard); err == nil {
		t.Error("no error")
	}
}

// A limit that cannot ask Redis goes on in the process. What it refuses then is no fault of the client's: 503.
func TestLimitsWithoutRedis(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	srv.InterceptAll(upstashtest.Status(500))
	api, err := newAPI(srv.Client(), "test")
	if err != nil {
		t.Fatal(err)
	}
	status := map[int]int{}
	for range 120 {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/products", http.NoBody)
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		api.ServeHTTP(w, r)
		status[w.Code]++
	}
	if diff := cmp.Diff(map[int]int{200: 100, 503: 20}, status); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}
