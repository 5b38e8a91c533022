package fetch

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall/js"
	"testing"
)

// host is the URL of the server that TestUnderNode runs.
func host(t *testing.T) string {
	t.Helper()
	url := os.Getenv("FETCH_TEST_HOST")
	if url == "" {
		t.Skip("run by TestUnderNode, which starts the servers")
	}
	return url
}

func newRequest(ctx context.Context, t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(ctx, method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// get reads a response to its end.
func get(t *testing.T, url string) (http.Response, string) {
	t.Helper()
	resp, err := Transport{}.RoundTrip(newRequest(t.Context(), t, http.MethodGet, url, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return *resp, string(body)
}

// fakeHost is a global object like the real one, with a fetch that answers with
// what the function returns. The function must not panic.
func fakeHost(t *testing.T, fetch func(args []js.Value) any) js.Value {
	t.Helper()
	f := js.FuncOf(func(_ js.Value, args []js.Value) any { return fetch(args) })
	t.Cleanup(f.Release)
	return withFetch(f.Value)
}

func withFetch(fetch js.Value) js.Value {
	global := js.Global().Get("Object").Call("create", js.Global())
	global.Set("fetch", fetch)
	return global
}

func promise(outcome string, v any) js.Value { return js.Global().Get("Promise").Call(outcome, v) }

func object(fields map[string]any) js.Value { return js.ValueOf(fields) }
