package fetch

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"syscall/js"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const anywhere = "https://name.example.com/"

// A host whose fetch knows nothing of signals, and never answers.
func TestHostThatIgnoresSignals(t *testing.T) {
	t.Parallel()
	called := make(chan struct{}, 1)
	h := fakeHost(t, func([]js.Value) any {
		called <- struct{}{}
		return js.Global().Get("Promise").New(js.Global().Get("Boolean"))
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-called
		cancel()
	}()
	_, err := send(h, newRequest(ctx, t, http.MethodPost, anywhere, "x")) //nolint:bodyclose // there is none
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the call ended with %v", err)
	}
}

// Neither does its stream.
func TestBodyThatIgnoresSignals(t *testing.T) {
	t.Parallel()
	stream := js.Global().Get("ReadableStream").New()
	h := fakeHost(t, func([]js.Value) any { return promise("resolve", js.Global().Get("Response").New(stream)) })
	ctx, cancel := context.WithCancel(t.Context())
	resp, err := send(h, newRequest(ctx, t, http.MethodPost, anywhere, "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	context.AfterFunc(ctx, func() {}) // the Read below waits before the context ends, or finds it ended
	go cancel()
	if _, err := resp.Body.Read(make([]byte, 1)); !errors.Is(err, context.Canceled) {
		t.Errorf("the Read ended with %v", err)
	}
}

func TestHosts(t *testing.T) {
	t.Parallel()
	chunks := func(values ...any) js.Value {
		return js.Global().Get("ReadableStream").Call("from", js.ValueOf(values))
	}
	response := func(fields map[string]any) func([]js.Value) any {
		return func([]js.Value) any {
			all := map[string]any{"status": 200, "headers": js.Global().Get("Headers").New(), "body": nil}
			maps.Copy(all, fields)
			return promise("resolve", object(all))
		}
	}
	for _, c := range []struct {
		name  string
		fetch func([]js.Value) any
		want  string // the body, or the error
	}{
		{"rejects with an error", func([]js.Value) any {
			return promise("reject", js.Global().Get("Error").New("no network at "+anywhere))
		}, "fetch: Error no network at ..."},
		{"rejects with a text", func([]js.Value) any { return promise("reject", "sesame") }, "fetch: the host does not say what failed"},
		{"rejects with nothing", func([]js.Value) any { return promise("reject", js.Undefined()) }, "fetch: the host does not say what failed"},
		{"returns no promise", func([]js.Value) any { return 7 }, "fetch: the host has no fetch that can be called: run it where globalThis.fetch is a function"},
		{"hides a redirect", response(map[string]any{"status": 0, "type": "opaqueredirect"}),
			"fetch: the answer is a redirect, which is not followed: use the URL of the database itself"},
		{"does not stream", response(map[string]any{"body": js.Undefined()}), "fetch: this host does not stream the body of a response: unsupported operation"},
		{"has no body", response(nil), ""},
		{"has a body of text", response(map[string]any{"body": chunks("text")}), "fetch: the host delivers a body that is not made of bytes"},
		{"has empty chunks", response(map[string]any{"body": chunks(
			js.Global().Get("Uint8Array").New(0), js.Global().Get("Uint8Array").Call("of", 'a', 'b'),
			js.Global().Get("Uint8Array").New(0), js.Global().Get("Uint8Array").Call("of", 'c'))}), "abc"},
		{"has a length that is none", response(map[string]any{"headers": js.Global().Get("Headers").New(object(map[string]any{"Content-Length": "x"}))}),
			"fetch: the answer's Content-Length is no length: it comes from a proxy that is broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got string
			resp, err := send(fakeHost(t, c.fetch), newRequest(t.Context(), t, http.MethodPost, anywhere, "x"))
			if err == nil {
				defer resp.Body.Close()
				var body []byte
				body, err = io.ReadAll(resp.Body)
				got = string(body)
			}
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestHostWhoseFetchThrows(t *testing.T) {
	t.Parallel()
	thrower := js.Global().Get("Function").New("throw new TypeError('Network connection lost.')")
	_, err := send(withFetch(thrower), newRequest(t.Context(), t, http.MethodGet, anywhere, "")) //nolint:bodyclose // there is none
	if err == nil || err.Error() != "fetch: TypeError Network connection lost" {
		t.Errorf("the error is %v", err)
	}
}

func TestHostWithoutFetch(t *testing.T) {
	t.Parallel()
	_, err := send(withFetch(js.Undefined()), newRequest(t.Context(), t, http.MethodGet, anywhere, "")) //nolint:bodyclose // there is none
	if err == nil || !strings.Contains(err.Error(), "no fetch") {
		t.Errorf("the error is %v", err)
	}
}

// What the call looks like: Workers refuse what they do not know.
func TestInit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		request any
		want    string
	}{
		"a browser, Node": {js.Global().Get("Request"), "method,headers,redirect,credentials,body,signal"},
		"Workers":         {js.Global().Get("Function").New(), "method,headers,redirect,body,signal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var keys, redirect string
			h := fakeHost(t, func(args []js.Value) any {
				keys = js.Global().Get("Object").Call("keys", args[1]).Call("join").String()
				redirect = args[1].Get("redirect").String()
				return promise("reject", js.Undefined())
			})
			h.Set("Request", c.request)
			_, err := send(h, newRequest(t.Context(), t, http.MethodPost, anywhere, "x")) //nolint:bodyclose // there is none
			if keys != c.want || redirect != "manual" || err == nil {
				t.Errorf("%s %s %v", keys, redirect, err)
			}
		})
	}
}
