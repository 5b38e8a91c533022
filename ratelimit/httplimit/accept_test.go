package httplimit_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/httplimit"
)

const (
	problem = "application/problem+json"
	text    = "text/plain; charset=utf-8"
)

func contentType(t *testing.T, h http.Handler, accept ...string) string {
	t.Helper()
	r := request(t, "/")
	r.Header["Accept"] = accept
	return serve(h, r).Header().Get("Content-Type")
}

func TestAccept(t *testing.T) {
	t.Parallel()
	h := limited(t, perMinute("burst", 0), httplimit.Options{}, nil)
	for _, tt := range []struct {
		name   string
		accept []string
		want   string
	}{
		{"nothing said", nil, problem},
		{"empty", []string{" , "}, problem},
		{"everything", []string{"*/*"}, problem},
		{"a browser", []string{"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, problem},
		{"JSON", []string{"application/json"}, problem},
		{"problems", []string{"application/problem+json, text/html"}, problem},
		{"capitals", []string{"Application/Problem+JSON; Q=1"}, problem},
		{"any application", []string{"text/plain, application/*;q=0.1"}, problem},
		{"a second line", []string{"text/plain", "application/json"}, problem},
		{"a q that is none", []string{"application/json;q=high"}, problem},
		{"text", []string{"text/plain"}, text},
		{"HTML", []string{"text/html, text/*"}, text},
		{"no JSON", []string{"application/json;q=0, */*"}, text},
		{"no problems, the order does not count", []string{"*/*, application/json, application/problem+json;q=0.000"}, text},
		{"no application", []string{"*/*;q=1, application/*;q=0"}, text},
		{"problems, but no other JSON", []string{"application/json;q=0, application/problem+json"}, problem},
		{"nothing at all", []string{"*/*;q=0"}, text},
		{"no media type", []string{"json"}, text},
		{"a q that is no number", []string{"*/*;q=NaN"}, text},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, contentType(t, h, tt.accept...)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestPlainRejection(t *testing.T) {
	t.Parallel()
	h := limited(t, perMinute("burst", 0), httplimit.Options{}, nil)
	w := serve(h, request(t, "/", "Accept", "text/html"))
	if diff := cmp.Diff("Too Many Requests\n", w.Body.String()); diff != "" || w.Code != http.StatusTooManyRequests {
		t.Errorf("status %d (-want +got)\n%s", w.Code, diff)
	}
}

// FuzzAccept says the last word about problem documents in front of anything,
// and splits the field into lines.
func FuzzAccept(f *testing.F) {
	f.Add("text/html, */*;q=0.1")
	f.Add(`a/b;c="d,e", application/*;q=0`)
	f.Add(",;=,\xff/\x00")
	f.Fuzz(func(t *testing.T, accept string) {
		h := limited(t, perMinute("burst", 0), httplimit.Options{}, nil)
		whole := contentType(t, h, accept)
		if diff := cmp.Diff(whole, contentType(t, h, strings.Split(accept, ",")...)); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if strings.Contains(strings.ToLower(accept), "problem") {
			return
		}
		for first, want := range map[string]string{problem: problem, problem + ";q=0": text} {
			if diff := cmp.Diff(want, contentType(t, h, first+","+accept)); diff != "" {
				t.Errorf("%s (-want +got)\n%s", first, diff)
			}
		}
	})
}
