package upstashtest_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A follower reads one stream of a server, as an EventSource does.
type follower struct {
	body   io.ReadCloser
	lines  *bufio.Reader
	cancel context.CancelFunc
}

// follow opens a stream and wants it to begin with these events.
func follow(t *testing.T, srv *upstashtest.Server, path string, begin ...string) *follower {
	t.Helper()
	return followBy(t, http.DefaultClient, srv.URL, srv.Token, path, begin...)
}

func followBy(t *testing.T, client *http.Client, url, token, path string, begin ...string) *follower {
	t.Helper()
	// A stream that stays silent fails its test, instead of all tests.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+path, strings.NewReader("[]"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Upstash-Encoding", "base64") // as redis-js does; it changes nothing
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); resp.StatusCode != http.StatusOK || got != "text/event-stream" {
		t.Fatalf("%s: status %d, %s", path, resp.StatusCode, got)
	}
	if resp.Header.Get("Upstash-Sync-Token") == "" {
		t.Errorf("%s: no sync token", path)
	}
	f := &follower{resp.Body, bufio.NewReader(resp.Body), cancel}
	f.want(t, begin...)
	return f
}

// next returns the text of the next event.
func (f *follower) next() (string, error) {
	var data []string
	for {
		line, err := f.lines.ReadString('\n')
		if err != nil {
			return "", err
		}
		line = strings.TrimSuffix(line, "\n")
		if line == "" {
			return strings.Join(data, "\n"), nil
		}
		data = append(data, strings.TrimPrefix(line, "data: "))
	}
}

// want reads as many events and compares them.
func (f *follower) want(t *testing.T, events ...string) {
	t.Helper()
	var got []string
	for range events {
		event, err := f.next()
		if err != nil {
			t.Fatalf("after %q: %v", got, err)
		}
		got = append(got, event)
	}
	if diff := cmp.Diff(events, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

// leave is what a client does that wants no more.
func (f *follower) leave() { f.cancel() }

// handlers counts the requests that are being served in h.
type handlers struct {
	h    http.Handler
	done chan struct{} // gets a value for each request that was
}

func (h handlers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() { h.done <- struct{}{} }()
	h.h.ServeHTTP(w, r)
}

// wait waits for n requests to have been served.
func (h handlers) wait(t *testing.T, n int) {
	t.Helper()
	late := time.NewTimer(time.Minute)
	defer late.Stop()
	for range n {
		select {
		case <-h.done:
		case <-late.C:
			t.Fatal("a handler is still there")
		}
	}
}
