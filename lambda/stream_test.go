//go:build unix

package lambda_test

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda/lambdatest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Events of the two sources that can stream.
func functionURL(q url.Values) map[string]any {
	return map[string]any{
		"version": "2.0", "rawPath": "/", "rawQueryString": q.Encode(),
		"requestContext": map[string]any{
			"domainName": "abc.lambda-url.us-east-1.on.aws",
			"http":       map[string]any{"method": "GET", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"},
		},
	}
}

func restAPI(q url.Values) map[string]any {
	return map[string]any{
		"resource": "/", "path": "/", "httpMethod": "GET", "multiValueQueryStringParameters": q,
		"requestContext": map[string]any{"identity": map[string]any{"sourceIp": "192.0.2.1"}},
	}
}

// seen is what a client sees of a response.
type seen struct {
	Status int
	Type   string
	Cookie []string
	Body   string
}

func clientSees(t *testing.T, result lambdatest.Result) seen {
	t.Helper()
	resp, err := result.HTTP()
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return seen{resp.StatusCode, resp.Header.Get("Content-Type"), resp.Header.Values("Set-Cookie"), string(body)}
}

// TestStream: through the unmodified runtime, what is flushed arrives while the
// handler runs; the body ends only when the background work has.
func TestStream(t *testing.T) {
	t.Parallel()
	for name, event := range map[string]func(url.Values) map[string]any{"function URL": functionURL, "REST API": restAPI} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, handler, work := upstashtest.New(t), newGate(t), newGate(t)
			env := start(t, srv, lambdatest.Options{Function: "stream", Timeout: time.Minute})
			q := url.Values{"cookies": {""}, "key": {"k"}, "meet": {handler.url}, "work": {work.url}}
			i, err := env.Begin(t.Context(), event(q))
			if err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewReader(i.Reader(t.Context()))
			readTo(t, lines, "first\n") // and the handler waits for us
			handler.letIn()
			readTo(t, lines, "second\n") // and the work does
			if n := value(t, srv, "k"); n != 0 {
				t.Errorf("the work was done %d times already", n)
			}
			work.letIn()
			if rest, err := io.ReadAll(lines); err != nil || len(rest) > 0 {
				t.Errorf("after the body: %q, %v", rest, err)
			}
			if n := value(t, srv, "k"); n != 1 {
				t.Errorf("at the end the work was done %d times", n)
			}
			result, err := i.Wait(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := seen{http.StatusOK, "text/html; charset=utf-8", []string{"a=1", "b=2"}, "<p>first\nsecond\n"}
			if diff := cmp.Diff(want, clientSees(t, result)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if result.ContentType != "application/vnd.awslambda.http-integration-response" {
				t.Errorf("content type %q", result.ContentType)
			}
		})
	}
}

func readTo(t *testing.T, r *bufio.Reader, end string) {
	t.Helper()
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("before %q: %v", end, err)
		}
		if strings.HasSuffix(line, end) {
			return
		}
	}
}

// TestHandlerPanic: a panic of the http.Handler is a response with status 500
// from a process that lives on, or with WithRaise an error of the runtime and a
// new process; in a stream that has begun it is an error at its end.
func TestHandlerPanic(t *testing.T) {
	t.Parallel()
	internal := seen{Status: http.StatusInternalServerError, Type: "text/plain; charset=utf-8", Body: "Internal Server Error\n"}
	for _, tt := range []struct {
		function, panic string
		want            seen
		err             string // its type
		starts          int
	}{
		{function: "http", panic: "first", want: internal, starts: 1},
		{function: "http", panic: "later", want: internal, starts: 1},
		{function: "stream", panic: "first", want: internal, starts: 1},
		{function: "stream", panic: "later", err: "errorString", starts: 1},
		{function: "http, raise", panic: "first", err: "string", starts: 2},
		{function: "http, raise", panic: "later", err: "string", starts: 2},
		{function: "stream, raise", panic: "first", err: "PanicError", starts: 2},
		{function: "stream, raise", panic: "later", err: "errorString", starts: 1},
	} {
		t.Run(tt.function+"/"+tt.panic, func(t *testing.T) {
			t.Parallel()
			srv, work := upstashtest.New(t), newGate(t)
			work.letIn()
			env := start(t, srv, lambdatest.Options{Function: tt.function, Timeout: time.Minute})
			q := url.Values{"panic": {tt.panic}, "key": {"k"}, "work": {work.url}}
			result := invoke(t, env, functionURL(q))
			if tt.err == "" {
				if diff := cmp.Diff(tt.want, clientSees(t, result)); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			} else if result.Err == nil || result.Err.Type != tt.err {
				t.Errorf("error %v, want one of type %s", result.Err, tt.err)
			}
			if want := map[string]int64{"first": 0, "later": 1}[tt.panic]; value(t, srv, "k") != want {
				t.Errorf("the work begun before the panic was done %d times, want %d", value(t, srv, "k"), want)
			}
			if !strings.Contains(env.Logs(), "planned") || !strings.Contains(env.Logs(), "streamed") {
				t.Errorf("the logs show neither the panic nor where it was:\n%s", env.Logs())
			}
			want := seen{Status: http.StatusOK, Type: "text/html; charset=utf-8", Body: "<p>first\nsecond\n"}
			if diff := cmp.Diff(want, clientSees(t, invoke(t, env, functionURL(nil)))); diff != "" {
				t.Errorf("next (-want +got)\n%s", diff)
			}
			if env.Starts() != tt.starts {
				t.Errorf("%d processes, want %d", env.Starts(), tt.starts)
			}
		})
	}
}
