package lambda_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda"
	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
)

// eventOf is the event of a request without a body, in every form there is.
var eventOf = map[string]func(method, target string) string{
	"REST API": func(method, target string) string {
		return fmt.Sprintf(`{"httpMethod":%q,"path":%q,"requestContext":{"identity":{"sourceIp":"192.0.2.1"}}}`, method, target)
	},
	"HTTP API": func(method, target string) string {
		return fmt.Sprintf(`{"version":"2.0","rawPath":%q,"requestContext":{"domainName":"api.example.com","http":{"method":%q}}}`, target, method)
	},
	"function URL": func(method, target string) string {
		return fmt.Sprintf(`{"version":"2.0","rawPath":%q,"requestContext":{"domainName":"a.lambda-url.b.on.aws","http":{"method":%q}}}`, target, method)
	},
	"ALB": func(method, target string) string {
		return fmt.Sprintf(`{"httpMethod":%q,"path":%q,"headers":{"host":"a"},"requestContext":{"elb":{}}}`, method, target)
	},
	"ALB multi": func(method, target string) string {
		return fmt.Sprintf(`{"httpMethod":%q,"path":%q,"multiValueHeaders":{"host":["a"]},"requestContext":{"elb":{}}}`, method, target)
	},
}

// response is what a client sees of one. Values of a header are joined, as some
// of the ways in do; Set-Cookie is not.
type response struct {
	Status  int
	Header  map[string]string
	Cookies []string
	Body    string
}

func responseOf(t *testing.T, resp *http.Response) response {
	t.Helper()
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := response{resp.StatusCode, map[string]string{}, resp.Header.Values("Set-Cookie"), string(body)}
	for name, values := range resp.Header {
		switch name {
		case "Set-Cookie", "Date", "Content-Length": // the first is above, the others are the gateway's to add
		default:
			r.Header[name] = strings.Join(values, ", ")
		}
	}
	return r
}

var handlers = map[string]http.HandlerFunc{
	"nothing": func(http.ResponseWriter, *http.Request) {},
	"text":    func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "plain") },
	"html in pieces": func(w http.ResponseWriter, _ *http.Request) {
		for _, s := range []string{"<", "p", ">", "x"} {
			_, _ = io.WriteString(w, s)
		}
	},
	"flushed after a piece": func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<")
		w.(http.Flusher).Flush() //nolint:errcheck,forcetypeassert // the way of old code
		_, _ = io.WriteString(w, "p>")
	},
	"binary": func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0xff})
	},
	"large":       func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("<p>"), 5000)) },
	"empty write": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(nil) },
	"own type": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "a/b")
		_, _ = io.WriteString(w, "<p>")
	},
	"no type": func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		_, _ = io.WriteString(w, "<p>")
	},
	"encoded": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		_, _ = io.WriteString(w, "x")
	},
	"not found": http.NotFound,
	"redirect": func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere?a=1", http.StatusSeeOther)
	},
	"no content": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
		_, _ = io.WriteString(w, "x")
	},
	"early hints": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusTeapot)
	},
	"first status": func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		w.Header().Set("X-Late", "1")
		w.WriteHeader(http.StatusOK)
	},
	"status of own": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(599) },
	"one cookie": func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1", Secure: true})
	},
	"repeated":    func(w http.ResponseWriter, _ *http.Request) { w.Header()["Vary"] = []string{"Origin", "Cookie"} },
	"line breaks": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X-Text", " a\r\nB: c ") },
	"trailers": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(http.TrailerPrefix+"X-End", "1")
		_, _ = io.WriteString(w, "x")
	},
	"content": func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.css", time.Unix(1e9, 0), strings.NewReader("a{}"))
	},
}

// TestResponses: a client sees what net/http would have sent, whichever way the
// request came, streamed or not.
func TestResponses(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(handlers)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(handlers[name])
			defer srv.Close()
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			whole := lambda.HTTPHandler(handlers[name])
			streamed := lambda.HTTPHandler(handlers[name], lambda.WithFunctionURLStreaming(), lambda.WithRESTStreaming())
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				r, err := http.NewRequestWithContext(t.Context(), method, srv.URL+"/a/b", http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				served, err := client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				want := responseOf(t, served)
				for source, event := range eventOf {
					for form, handler := range map[string]func() (*lambda.Response, error){
						"whole":    func() (*lambda.Response, error) { return whole(t.Context(), json.RawMessage(event(method, "/a/b"))) },
						"streamed": func() (*lambda.Response, error) { return streamed(t.Context(), json.RawMessage(event(method, "/a/b"))) },
					} {
						result, err := handler()
						if err != nil {
							t.Fatal(err)
						}
						if diff := cmp.Diff(want, received(t, result)); diff != "" {
							t.Errorf("%s %s %s (-net/http +event)\n%s", method, source, form, diff)
						}
					}
				}
			}
		})
	}
}

// received reads a response as the runtime does and as the gateway behind it.
func received(t *testing.T, r *lambda.Response) response {
	t.Helper()
	payload, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	resp, err := lambdatest.Result{ContentType: r.ContentType(), Payload: payload}.HTTP()
	if err != nil {
		t.Fatal(err)
	}
	return responseOf(t, resp)
}

// TestCookies: several cookies leave by every way that can carry them, and are an
// error that says what to do where they cannot.
func TestCookies(t *testing.T) {
	t.Parallel()
	handler := lambda.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1", Expires: time.Unix(1e9, 0)})
		http.SetCookie(w, &http.Cookie{Name: "b", Value: "2"})
	}))
	want := []string{"a=1; Expires=Sun, 09 Sep 2001 01:46:40 GMT", "b=2"}
	for source, event := range eventOf {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			result, err := handler(t.Context(), json.RawMessage(event(http.MethodGet, "/")))
			if source == "ALB" {
				const text = "lambda: the handler set 2 cookies, and a load balancer takes one: set lambda.multi_value_headers.enabled on the target group"
				if err == nil || err.Error() != text {
					t.Errorf("error %v, want %q", err, text)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, received(t, result).Cookies); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestDocuments pins the JSON itself, which is what AWS reads.
func TestDocuments(t *testing.T) {
	t.Parallel()
	handler := lambda.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "1"})
		w.Header().Set("Content-Type", "text/plain")
		if r.URL.Path == "/binary" {
			_, _ = w.Write([]byte{0xff, 0})
			return
		}
		_, _ = io.WriteString(w, "<ü>")
	}))
	for _, tt := range []struct{ source, path, want string }{
		{"REST API", "/", `{"statusCode":200,"multiValueHeaders":{"Content-Type":["text/plain"],"Set-Cookie":["a=1"]},"body":"<ü>"}`},
		{"REST API", "/binary", `{"statusCode":200,"multiValueHeaders":{"Content-Type":["text/plain"],"Set-Cookie":["a=1"]},"body":"/wA=","isBase64Encoded":true}`},
		{"HTTP API", "/", `{"statusCode":200,"headers":{"Content-Type":"text/plain"},"cookies":["a=1"],"body":"<ü>"}`},
		{"function URL", "/binary", `{"statusCode":200,"headers":{"Content-Type":"text/plain"},"cookies":["a=1"],"body":"/wA=","isBase64Encoded":true}`},
		{"ALB", "/", `{"statusCode":200,"statusDescription":"200 OK","headers":{"Content-Type":"text/plain","Set-Cookie":"a=1"},"body":"<ü>"}`},
		{"ALB multi", "/", `{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"Content-Type":["text/plain"],"Set-Cookie":["a=1"]},"body":"<ü>"}`},
	} {
		result, err := handler(t.Context(), json.RawMessage(eventOf[tt.source](http.MethodGet, tt.path)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(result)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, string(got)); diff != "" {
			t.Errorf("%s %s (-want +got)\n%s", tt.source, tt.path, diff)
		}
		if marshaled, err := result.MarshalJSON(); err != nil || !bytes.Equal(marshaled, got) {
			t.Errorf("%s %s: MarshalJSON differs, %v", tt.source, tt.path, err)
		}
	}
}

// TestTooLarge: what Lambda would refuse, and end the process over, is an error
// before that.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	for source, most := range map[string]int{"HTTP API": 6 << 20, "ALB": 1 << 20} {
		size := 0
		handler := lambda.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte("x"), size))
		}))
		for _, tt := range []struct {
			size int
			ok   bool
		}{{most - 200, true}, {most, false}} {
			size = tt.size
			_, err := handler(t.Context(), json.RawMessage(eventOf[source](http.MethodGet, "/")))
			if ok := err == nil; ok != tt.ok {
				t.Errorf("%s, %d bytes: %v", source, size, err)
			}
		}
	}
}

// TestPanicBeforeFlush: what a handler wrote before it panicked, and nobody has
// seen, makes room for the status 500, streamed or not.
func TestPanicBeforeFlush(t *testing.T) {
	t.Parallel()
	for _, value := range []any{"planned", http.ErrAbortHandler} {
		for _, streaming := range []lambda.Option{lambda.WithReserve(0), lambda.WithFunctionURLStreaming()} {
			r := &reports{}
			handler := lambda.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Half", "done")
				_, _ = io.WriteString(w, "half of it")
				panic(value)
			}), streaming, r.option())
			result, err := handler(t.Context(), json.RawMessage(eventOf["function URL"](http.MethodGet, "/")))
			if err != nil {
				t.Fatal(err)
			}
			want := response{
				Status: http.StatusInternalServerError, Body: "Internal Server Error\n",
				Header: map[string]string{"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"},
			}
			if diff := cmp.Diff(want, received(t, result)); diff != "" {
				t.Errorf("%v (-want +got)\n%s", value, diff)
			}
			reported := map[bool][]string{true: {"panic: planned"}}[value == "planned"]
			if diff := cmp.Diff(reported, r.texts()); diff != "" {
				t.Errorf("%v reports (-want +got)\n%s", value, diff)
			}
		}
	}
}

// TestReaderGone: a stream whose reader goes ends its handler's context, and Close
// waits for the handler.
func TestReaderGone(t *testing.T) {
	t.Parallel()
	ended, wrote := false, errors.New("not tried")
	handler := lambda.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush() //nolint:errcheck,forcetypeassert // the way of old code
		<-r.Context().Done()
		_, _ = io.WriteString(w, "too late")
		wrote = http.NewResponseController(w).Flush()
		ended = true
	}), lambda.WithFunctionURLStreaming())
	result, err := handler(t.Context(), json.RawMessage(eventOf["function URL"](http.MethodGet, "/")))
	if err != nil {
		t.Fatal(err)
	}
	if err := result.Close(); err != nil || !ended || wrote == nil {
		t.Errorf("closed with %v while the handler has ended: %v, its write: %v", err, ended, wrote)
	}
}
