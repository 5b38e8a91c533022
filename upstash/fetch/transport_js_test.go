package fetch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEcho(t *testing.T) {
	t.Parallel()
	base := host(t)
	var all strings.Builder
	for i := range 256 {
		all.WriteByte(byte(i))
	}
	for name, c := range map[string]struct{ method, path, body string }{
		"get":          {http.MethodGet, "/echo/", ""},
		"post":         {http.MethodPost, "/echo/pipeline?x=1", `["GET","k"]`},
		"put":          {http.MethodPut, "/echo/a%2Fb%20c", "x"},
		"every byte":   {http.MethodPost, "/echo/", all.String()},
		"large":        {http.MethodPost, "/echo/", strings.Repeat(all.String(), 1<<12)},
		"without body": {http.MethodPost, "/echo/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t.Context(), t, c.method, base+c.path, c.body)
			r.Header["X-Several"] = []string{"a", "b"}
			r.Header.Set("Authorization", "Bearer sesame")
			resp, err := Transport{}.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			var got struct {
				Method, Path string
				Header       http.Header
				Body         []byte
			}
			if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
				t.Fatal(err)
			}
			want := []any{c.method, c.path, c.body, []string{"a, b"}, []string{"Bearer sesame"}, "200 OK", []string{"one, two"}}
			have := []any{got.Method, got.Path, string(got.Body), got.Header["X-Several"], got.Header["Authorization"],
				resp.Status, resp.Header["X-Twice"]}
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestResponses(t *testing.T) {
	t.Parallel()
	base := host(t)
	t.Run("compressed", func(t *testing.T) {
		t.Parallel()
		resp, body := get(t, base+"/gzip")
		if body != "packed" || !resp.Uncompressed || resp.ContentLength != -1 || resp.Header.Get("Content-Encoding") != "" {
			t.Errorf("%q, %+v", body, resp)
		}
	})
	t.Run("large", func(t *testing.T) {
		t.Parallel()
		if _, body := get(t, base+"/big"); body != string(make([]byte, 3<<20)) {
			t.Errorf("%d bytes", len(body))
		}
	})
	t.Run("empty", func(t *testing.T) {
		t.Parallel()
		if resp, body := get(t, base+"/empty"); body != "" || resp.StatusCode != http.StatusNoContent || resp.ContentLength != 0 {
			t.Errorf("%q, %+v", body, resp)
		}
	})
	t.Run("head", func(t *testing.T) {
		t.Parallel()
		resp, err := Transport{}.RoundTrip(newRequest(t.Context(), t, http.MethodHead, base+"/big", ""))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if body, err := io.ReadAll(resp.Body); len(body) > 0 || err != nil {
			t.Errorf("%d bytes, %v", len(body), err)
		}
	})
}

// The token would go wherever a redirect points to, and a cookie wherever it came from.
func TestNeitherRedirectsNorCookies(t *testing.T) {
	t.Parallel()
	base := host(t)
	for name, do := range map[string]func(*http.Request) (*http.Response, error){"transport": Transport{}.RoundTrip, "client": Client().Do} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp, err := do(newRequest(t.Context(), t, http.MethodPost, base+"/redirect", "x"))
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusTemporaryRedirect || resp.Header.Get("Location") != "/echo/redirected" {
				t.Errorf("%+v", resp)
			}
			if _, body := get(t, base+"/echo/"); strings.Contains(body, "planted") || strings.Contains(body, "Cookie") {
				t.Errorf("a cookie was sent: %s", body)
			}
		})
	}
}

// Each chunk arrives before the server is asked for the next one.
func TestStream(t *testing.T) { //nolint:paralleltest // it shares the channels of the server
	base := host(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	resp, err := Transport{}.RoundTrip(newRequest(ctx, t, http.MethodGet, base+"/chunks", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReaderSize(resp.Body, 16) // smaller buffers than chunks are tested with the large response
	for range 3 {
		if line, err := lines.ReadString('\n'); line != "chunk\n" || err != nil {
			t.Fatalf("%q, %v", line, err)
		}
		get(t, base+"/next")
	}
	if line, err := lines.ReadString('\n'); line != "chunk\n" || err != nil {
		t.Fatalf("%q, %v", line, err)
	}
	cancel()
	if n, err := resp.Body.Read(make([]byte, 10)); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("after the context has ended: %d, %v", n, err)
	}
	get(t, base+"/aborted") // which waits until the server has seen it
}

func TestCloseEndsRead(t *testing.T) { //nolint:paralleltest // it shares the channels of the server
	base := host(t)
	resp, err := Transport{}.RoundTrip(newRequest(t.Context(), t, http.MethodGet, base+"/chunks", "")) //nolint:bodyclose // it is, below
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 6)
	if _, err := io.ReadFull(resp.Body, chunk); err != nil {
		t.Fatal(err)
	}
	read := make(chan error)
	go func() {
		_, err := resp.Body.Read(chunk)
		read <- err
	}()
	get(t, base+"/echo/") // the event loop goes on, and the Read waits by now
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	if err := <-read; !errors.Is(err, errClosed) {
		t.Errorf("the Read ended with %v", err)
	}
	if _, err := resp.Body.Read(chunk); !errors.Is(err, errClosed) {
		t.Errorf("a later one with %v", err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	get(t, base+"/aborted")
}

func TestContextEndsCall(t *testing.T) { //nolint:paralleltest // it shares the channels of the server
	base := host(t)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := Transport{}.RoundTrip(newRequest(ctx, t, http.MethodPost, base+"/hang", "x")) //nolint:bodyclose // there is none
		failed <- err
	}()
	get(t, base+"/echo/") // the event loop goes on meanwhile
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("the call ended with %v", err)
	}
	get(t, base+"/aborted") // the server has seen it

	r := newRequest(ctx, t, http.MethodPost, base+"/hang", "x")
	if _, err := (Transport{}).RoundTrip(r); !errors.Is(err, context.Canceled) { //nolint:bodyclose // there is none
		t.Errorf("a context that had ended before: %v", err)
	}
}
