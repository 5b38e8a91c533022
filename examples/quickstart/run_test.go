package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// bytesColumns are the last two columns of a row. How long a load took is
// stored with its entry, so they may differ by a few bytes between runs.
var bytesColumns = regexp.MustCompile(`(?m) +[0-9,]+ +[0-9,]+$`)

func TestRunPrintsWhatTheReadmeShows(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(readme), "```text\n")
	shown, _, _ = strings.Cut(shown, "```")

	var stdout, stderr strings.Builder
	if status := run(t.Context(), nil, &stdout, &stderr); status != statusOK || stderr.Len() > 0 {
		t.Fatalf("status %d, stderr %q", status, stderr.String())
	}
	mask := func(text string) string {
		text = bytesColumns.ReplaceAllString(text, " BYTES")
		return regexp.MustCompile(`[0-9,]+ bytes.*`).ReplaceAllString(text, "BYTES")
	}
	if diff := cmp.Diff(mask(shown), mask(stdout.String())); diff != "" {
		t.Errorf("README.md against the output (-want +got):\n%s", diff)
	}
	for line := range strings.Lines(stdout.String()) {
		if len(line) > 101 {
			t.Errorf("a line is %d characters wide: %s", len(line)-1, line)
		}
	}
}

func TestRunUsage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		args   []string
		status int
		says   string // on standard error
	}{
		{"help", []string{"-h"}, statusOK, ""},
		{"an argument", []string{"shop.json"}, statusUsage, "quickstart: unexpected arguments: expected flags only\n"},
		{"an unknown flag", []string{"-size", "3"}, statusUsage, "quickstart: flag provided but not defined: -size\n"},
		{"no file", []string{"-data"}, statusUsage, "quickstart: flag needs an argument: -data\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			if status := run(t.Context(), tt.args, &stdout, &stderr); status != tt.status {
				t.Errorf("status %d, want %d", status, tt.status)
			}
			if tt.status == statusOK {
				if diff := cmp.Diff(usage, stdout.String()); diff != "" {
					t.Errorf("stdout (-want +got):\n%s", diff)
				}
				return
			}
			if diff := cmp.Diff(tt.says+"\n"+usage, stderr.String()); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("the pipe is closed") }

func TestRunStopsWhenItCannotPrint(t *testing.T) {
	t.Parallel()
	var stderr strings.Builder
	status := run(t.Context(), []string{"-data", writeFile(t, small)}, brokenWriter{}, &stderr)
	if want := "quickstart: the pipe is closed; removed all 12 keys that were written\n"; status != statusFailed || stderr.String() != want {
		t.Errorf("status %d, stderr %q, want %q", status, stderr.String(), want)
	}
}

// On a database of somebody's it leaves alone what is there, and leaves nothing behind.
func TestRunOnTheDatabaseOfTheEnvironment(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	if err := srv.Client().Set(t.Context(), "quickstart-of-mine", "precious"); err != nil {
		t.Fatal(err)
	}

	var stdout, stderr strings.Builder
	if status := run(t.Context(), []string{"-data", writeFile(t, small)}, &stdout, &stderr); status != statusOK || stderr.Len() > 0 {
		t.Fatalf("status %d, stderr %q", status, stderr.String())
	}
	first, _, _ := strings.Cut(stdout.String(), "\n")
	if want := "3 products in 2 categories, on the database of UPSTASH_REDIS_REST_URL."; first != want {
		t.Errorf("first line %q, want %q", first, want)
	}
	if strings.Contains(stdout.String(), srv.URL) || strings.Contains(stdout.String(), srv.Token) {
		t.Errorf("the output shows the URL or the token:\n%s", stdout.String())
	}
	if diff := cmp.Diff([]string{"quickstart-of-mine"}, keys(t, srv)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if value, err := srv.Client().Get(t.Context(), "quickstart-of-mine"); value != "precious" {
		t.Errorf("the key that was there is %q now (%v)", value, err)
	}
}

// An interrupt comes in the middle of a read of the whole, shipped catalog.
func TestRunInterruptedOnTheDatabaseOfTheEnvironment(t *testing.T) {
	srv := upstashtest.New(t)
	ctx, interrupt := context.WithCancelCause(t.Context())
	defer interrupt(nil)
	var requests atomic.Int64
	gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1000 {
			interrupt(errors.New("interrupt signal received"))
		}
		srv.Handler().ServeHTTP(w, r)
	}))
	defer gate.Close()
	t.Setenv(upstash.EnvURL, gate.URL)
	t.Setenv(upstash.EnvToken, srv.Token)

	var stdout, stderr strings.Builder
	status := run(ctx, nil, &stdout, &stderr)
	says := regexp.MustCompile(`^quickstart: cold, the seed's recipe: interrupt signal received; removed all [0-9]+ keys that were written\n$`)
	if status != statusFailed || !says.MatchString(stderr.String()) {
		t.Errorf("status %d, stderr %q", status, stderr.String())
	}
	checkEmpty(t, srv)
}

func TestRunSaysWhatIsWrongWithTheEnvironment(t *testing.T) {
	srv := upstashtest.New(t)
	for _, tt := range []struct{ name, url, token, want string }{
		{"no token", srv.URL, "", "quickstart: upstash: UPSTASH_REDIS_REST_URL is set but UPSTASH_REDIS_REST_TOKEN is missing: set both\n"},
		{"no URL", "", srv.Token, "quickstart: upstash: UPSTASH_REDIS_REST_TOKEN is set but UPSTASH_REDIS_REST_URL is missing: set both\n"},
		{"no such token", srv.URL, "wrong", "quickstart: cold, this package: upstash: MGET: WRONGPASS"},
		{"no URL at all", "redis", srv.Token, "quickstart: upstash: URL does not start with https://"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv(upstash.EnvURL, tt.url)
			t.Setenv(upstash.EnvToken, tt.token)
			var stdout, stderr strings.Builder
			status := run(t.Context(), nil, &stdout, &stderr)
			if status != statusFailed || !strings.HasPrefix(stderr.String(), tt.want) || strings.Count(stderr.String(), "\n") != 1 {
				t.Errorf("status %d, stderr %q, want %q", status, stderr.String(), tt.want)
			}
			checkEmpty(t, srv)
		})
	}
}
