package otelupstash_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestSecrecy makes every call of TestSpans, and the same over servers that
// repeat all they know, and looks for it in everything that is exported.
func TestSecrecy(t *testing.T) {
	t.Parallel()
	const host, token = "eager-marmot-31337.upstash.io", "AXqkZjU4NmE0YzctN2Q5xPz_bGVhc2U_tok3n"
	echo := func(req *http.Request) string {
		body, _ := io.ReadAll(req.Body)
		return fmt.Sprintf("%s %s %s", req.URL, req.Header["Authorization"], strings.ReplaceAll(string(body), `"`, `'`))
	}
	answers := map[string]func(*http.Request, http.RoundTripper) (*http.Response, error){
		"server": func(req *http.Request, server http.RoundTripper) (*http.Response, error) {
			return server.RoundTrip(req)
		},
		"reply": func(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
			return answer(req, 400, "WRONGTYPE "+echo(req)), nil
		},
		"refusal": func(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
			return answer(req, 403, "NOPERM "+echo(req)), nil
		},
		"page": func(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
			return answer(req, 500, echo(req)), nil
		},
		"network": func(req *http.Request, _ http.RoundTripper) (*http.Response, error) {
			return nil, fmt.Errorf("no route: %s", echo(req))
		},
	}
	for name, respond := range answers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRecorder(t)
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Token: token})
			rdb := r.client(t, srv, withoutRetry, func(o *upstash.Options) {
				server := o.HTTPClient.Transport
				o.URL = "https://" + host
				o.HTTPClient = &http.Client{Transport: roundTripper(func(req *http.Request) (*http.Response, error) {
					return respond(req, server)
				})}
			})
			for _, c := range calls() {
				if c.fault != nil {
					srv.Intercept(c.fault)
				}
				_ = c.run(t.Context(), rdb) // most of them fail, as they should
			}
			var exported bytes.Buffer
			spans := r.spans.GetSpans()
			for _, v := range []any{spans, r.all(t)} {
				if err := json.NewEncoder(&exported).Encode(v); err != nil {
					t.Fatal(err)
				}
			}
			if len(spans) != len(calls()) || !strings.Contains(exported.String(), "db.operation.name") {
				t.Errorf("%d spans of %d calls: nothing was looked at", len(spans), len(calls()))
			}
			for _, secret := range []string{marker, host, token, token[:8]} {
				if before, _, found := strings.Cut(exported.String(), secret); found {
					t.Errorf("%q is shown after %s", secret, before[max(0, len(before)-200):])
				}
			}
		})
	}
}

func answer(req *http.Request, status int, text string) *http.Response {
	return jsonAnswer(req, status, `{"error":"`+text+`"}`)
}

func jsonAnswer(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Request: req,
		Body: io.NopCloser(strings.NewReader(body)),
	}
}
