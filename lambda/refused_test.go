package lambda_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda"
)

// TestRefused: events that HTTPHandler cannot serve are errors that show nothing
// of them.
func TestRefused(t *testing.T) {
	t.Parallel()
	const notHTTP = "lambda: this is no event of API Gateway, a function URL or a load balancer: HTTPHandler serves those; for other events use Wrap"
	const target = "lambda: the method or the path of the event cannot stand in a request"
	handler := lambda.HTTPHandler(http.NotFoundHandler(), lambda.WithFunctionURLStreaming())
	for event, want := range map[string]string{
		``:                               notHTTP,
		`null`:                           notHTTP,
		`{}`:                             notHTTP,
		`[]`:                             notHTTP,
		`{"Records":[]}`:                 notHTTP,
		`{"httpMethod":1}`:               notHTTP,
		`{"httpMethod":"GE T"}`:          target,
		`{"requestContext":{"http":{}}}`: target,
		`{"requestContext":{"elb":{}}}`:  target,
		`{"requestContext":{"routeKey":"$connect","eventType":"CONNECT","connectionId":"a"}}`: notHTTP,
		`{"httpMethod":"POST","body":"sec ret","isBase64Encoded":true}`:                       "lambda: the body of the event is not base64, though the event says so",
		`{"requestContext":{"http":{"method":"\n"},"domainName":"a.lambda-url.b"}}`:           target,
	} {
		result, err := handler(t.Context(), json.RawMessage(event))
		if result != nil || err == nil || err.Error() != want {
			t.Errorf("%s\n%v\nwant %s", event, err, want)
		}
	}
}

// TestOddEvents: what consoles, emulators and load balancers send besides.
func TestOddEvents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, event, target, remote, host string }{
		{"console test", `{"httpMethod":"GET","path":"/","headers":null,"multiValueHeaders":null,"requestContext":{"domainName":"testPrefix.testDomainName","identity":{"sourceIp":"test-invoke-source-ip"}}}`, "/", "", "testPrefix.testDomainName"},
		{"no path", `{"requestContext":{"http":{"method":"GET"}}}`, "/", "", ""},
		{"path without a slash", `{"httpMethod":"GET","path":"a"}`, "/a", "", ""},
		{"asterisk", `{"httpMethod":"OPTIONS","path":"*"}`, "*", "", ""},
		{"double slash", `{"httpMethod":"GET","path":"//evil.example/a"}`, "//evil.example/a", "", ""},
		{"decoded by an emulator", `{"httpMethod":"GET","path":"/a b?c#ü%"}`, "/a%20b%3Fc%23%C3%BC%25", "", ""},
		{"decoded query", `{"rawPath":"/","rawQueryString":"a=b c&d=ü#e","requestContext":{"http":{"method":"GET"}}}`, "/?a=b%20c&d=%C3%BC%23e", "", ""},
		{"ALB query decoded", `{"httpMethod":"GET","path":"/","queryStringParameters":{"a b":"100%","c":"d&e"},"requestContext":{"elb":{}}}`, "/?a%20b=100%25&c=d%26e", "", ""},
		{"a percent that the HTTP API has decoded", `{"rawPath":"/a%20b","requestContext":{"http":{"method":"GET"}}}`, "/a%2520b", "", ""},
		{"stage is a whole segment", `{"rawPath":"/development/a","requestContext":{"stage":"dev","http":{"method":"GET"}}}`, "/development/a", "", ""},
		{"stage of a function URL", `{"rawPath":"/$default/a","requestContext":{"stage":"$default","domainName":"a.lambda-url.b","http":{"method":"GET"}}}`, "/$default/a", "", "a.lambda-url.b"},
		{"base path", `{"httpMethod":"GET","path":"/shop/a"}`, "/a", "", ""},
		{"ALB without addresses", `{"httpMethod":"GET","path":"/","headers":{"x-forwarded-for":"unknown"},"requestContext":{"elb":{}}}`, "/", "", ""},
		{"ALB that adds ports", `{"httpMethod":"GET","path":"/","headers":{"x-forwarded-for":"198.51.100.9, 192.0.2.7:4711"},"requestContext":{"elb":{}}}`, "/", "192.0.2.7:0", ""},
		{"IPv4 in IPv6", `{"httpMethod":"GET","path":"/","requestContext":{"identity":{"sourceIp":"::ffff:192.0.2.1"}}}`, "/", "192.0.2.1:0", ""},
		{"IPv6", `{"httpMethod":"GET","path":"/","requestContext":{"identity":{"sourceIp":"2001:db8::1"}}}`, "/", "[2001:db8::1]:0", ""},
		{"host with a port", `{"httpMethod":"GET","path":"/","headers":{"Host":"a.example:8443"}}`, "/", "", "a.example:8443"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := &recorder{}
			if _, err := lambda.HTTPHandler(got, lambda.WithBasePath("shop/"))(t.Context(), json.RawMessage(tt.event)); err != nil {
				t.Fatal(err)
			}
			want := []string{tt.target, tt.remote, tt.host}
			if diff := cmp.Diff(want, []string{got.Target, got.RemoteAddr, got.Host}); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if _, err := netip.ParseAddrPort(got.RemoteAddr); err != nil && tt.remote != "" {
				t.Error(err)
			}
		})
	}
}

func TestEventFromContext(t *testing.T) {
	t.Parallel()
	if _, source, ok := lambda.EventFromContext(t.Context()); ok || source.String() != "unknown source" {
		t.Error("there is an event where there was none")
	}
	for name, event := range eventOf {
		raw := event(http.MethodGet, "/")
		handler := lambda.HTTPHandler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			got, source, ok := lambda.EventFromContext(r.Context())
			if !ok || string(got) != raw || source.String() != strings.TrimSuffix(name, " multi") {
				t.Errorf("%s: %v %v %s", name, ok, source, got)
			}
		}))
		if _, err := handler(t.Context(), json.RawMessage(raw)); err != nil {
			t.Error(err)
		}
	}
}

// FuzzEvent: no JSON makes the decoder panic, and a request that comes out is one
// that a server could have got.
func FuzzEvent(f *testing.F) {
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		event, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(event)
	}
	f.Add([]byte(`{"httpMethod":"GET","path":"%zz?#","queryStringParameters":{"":"\u0000"},"requestContext":{"elb":{}}}`))
	f.Add([]byte(`{"rawPath":"\ud800","rawQueryString":"#\n","cookies":["\r\n"],"requestContext":{"http":{"method":"A"}}}`))
	handler := lambda.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL == nil || r.Body == nil || r.Header == nil || r.Method == "":
			panic("not a request")
		case strings.ContainsFunc(r.RequestURI, func(c rune) bool { return c <= ' ' || c >= 0x7f }):
			panic("not a request line")
		case r.RemoteAddr != "" && !netip.MustParseAddrPort(r.RemoteAddr).IsValid():
			panic("not an address")
		}
		_ = r.ParseForm() // bad escapes are the client's
		_, _ = io.Copy(w, r.Body)
	}), lambda.WithRaise(), lambda.WithOnError(func(_ context.Context, err error) { panic(err) }))
	f.Fuzz(func(t *testing.T, event []byte) {
		result, err := handler(t.Context(), event)
		if err != nil {
			return
		}
		if _, err := json.Marshal(result); err != nil {
			panic(err)
		}
	})
}
