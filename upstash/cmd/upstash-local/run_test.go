package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The two lines are all a program needs, and the end of the context ends run.
func TestServesUntilInterrupted(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out, stdout := io.Pipe()
	var stderr strings.Builder
	status := make(chan int, 1)
	go func() {
		status <- run(ctx, []string{"-addr", "127.0.0.1:0", "-token", "a$b"}, stdout, &stderr)
		stdout.Close()
	}()

	lines := bufio.NewScanner(out)
	lines.Scan()
	url, found := strings.CutPrefix(lines.Text(), "export UPSTASH_REDIS_REST_URL=")
	if !found || !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("first line %q", lines.Text())
	}
	lines.Scan()
	if diff := cmp.Diff(`export UPSTASH_REDIS_REST_TOKEN='a$b'`, lines.Text()); diff != "" {
		t.Errorf("second line (-want +got):\n%s", diff)
	}

	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`["PING"]`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer a$b")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || string(body) != `{"result":"PONG"}` {
		t.Errorf("%s, %v", body, err)
	}

	interrupt()
	if lines.Scan() {
		t.Errorf("a third line: %q", lines.Text())
	}
	if got := <-status; got != 0 || stderr.String() != "" {
		t.Errorf("status %d, said %q", got, stderr.String())
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"blank token":   {[]string{"-token", " "}, 2, "-token is blank"},
		"empty token":   {[]string{"-token", ""}, 2, "-token is blank"},
		"two words":     {[]string{"-addr", "127.0.0.1:0", "-token", "s3cret word"}, 1, "blank"},
		"blank address": {[]string{"-addr", ""}, 2, "-addr is blank"},
		"bad address":   {[]string{"-addr", "127.0.0.1:http:1"}, 1, "cannot listen"},
		"bad port":      {[]string{"-addr", "127.0.0.1:99999"}, 1, "cannot listen"},
		"unknown flag":  {[]string{"-tokn", "x"}, 2, "not defined"},
		"argument":      {[]string{"serve"}, 2, "unexpected arguments"},
		"help":          {[]string{"-h"}, 0, "bearer token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			status := run(t.Context(), tt.args, &stdout, &stderr)
			if status != tt.status || !strings.Contains(stderr.String(), tt.want) || stdout.Len() > 0 {
				t.Errorf("status %d, stdout %q, stderr %q", status, &stdout, &stderr)
			}
			if strings.Contains(stderr.String(), "s3cret") {
				t.Errorf("the token is in %q", &stderr)
			}
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestBrokenOutput(t *testing.T) {
	t.Parallel()
	var stderr strings.Builder
	if status := run(t.Context(), []string{"-addr", "127.0.0.1:0"}, brokenWriter{}, &stderr); status != 1 {
		t.Errorf("status %d, stderr %q", status, &stderr)
	}
}
