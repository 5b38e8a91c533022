package upstash_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// secrets may appear nowhere. Half of the token is as bad as all of it.
var secrets = []string{testToken, testToken[:12], testToken[len(testToken)-12:], url.QueryEscape(testToken), testURL, testHost, marker}

// leak returns the first of the secrets in text.
func leak(text string, secrets []string) string {
	for _, secret := range secrets {
		if strings.Contains(text, secret) {
			return secret
		}
	}
	return ""
}

// printed is v in every way people print.
func printed(v any) []string {
	var texts []string
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		texts = append(texts, fmt.Sprintf(format, v))
	}
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("m", "v", v)
	slog.New(slog.NewJSONHandler(&b, nil)).Info("m", "v", v)
	return append(texts, b.String())
}

// exposed is everything that an error and the errors below it print.
func exposed(err error) []string {
	if err == nil {
		return nil
	}
	texts := append(printed(err), err.Error())
	switch e := err.(type) { //nolint:errorlint // every error of the chain is looked at
	case interface{ Unwrap() error }:
		return append(texts, exposed(e.Unwrap())...)
	case interface{ Unwrap() []error }:
		for _, below := range e.Unwrap() {
			texts = append(texts, exposed(below)...)
		}
	}
	return texts
}

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

// checkSecret makes every operation fail over rt and looks at all that can be seen.
func checkSecret(t *testing.T, rt http.RoundTripper, change ...func(*upstash.Options)) {
	t.Helper()
	var log syncBuffer
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	text, inJSON := upstash.LogTo(slog.New(slog.NewTextHandler(&log, level))), upstash.LogTo(slog.New(slog.NewJSONHandler(&log, level)))
	var seen []string
	rdb := newClient(t, rt, append(change, func(o *upstash.Options) {
		o.Observe = func(ctx context.Context, r upstash.RoundTrip) {
			text(ctx, r)
			inJSON(ctx, r)
			seen = append(seen, printed(r)...)
		}
	})...)
	failed := false
	for _, op := range operations() {
		err := op.run(t, upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			replies, err := rdb.Do(ctx, b)
			for _, r := range replies {
				seen = append(seen, exposed(r.Err())...)
				items, _ := r.Array()
				for _, item := range items {
					seen = append(seen, exposed(item.Err())...)
				}
			}
			return replies, err
		}))
		seen = append(seen, exposed(err)...)
		failed = failed || err != nil
		var e *upstash.Error
		var server *command.Error
		if errors.As(err, &server) && leak(server.Detail(), secrets[:4]) != "" {
			t.Errorf("the server's error holds the token: %s", server.Detail())
		}
		if errors.As(err, &e) && leak(e.Detail(), secrets[:4]) != "" {
			t.Errorf("Detail holds the token: %s", e.Detail())
		}
		if errors.As(err, &e) && len(e.Detail()) > 600 {
			t.Errorf("Detail is %d bytes long", len(e.Detail()))
		}
	}
	if !failed {
		t.Error("nothing failed: this is no fault")
	}
	for _, text := range append(seen, log.b.String()) {
		if secret := leak(text, secrets); secret != "" {
			t.Errorf("%q is shown: %s", secret, text)
		}
	}
	if !strings.Contains(log.b.String(), "INCR") {
		t.Errorf("the log is empty: %s", &log.b)
	}
}

func TestFaultsShowNoSecret(t *testing.T) {
	t.Parallel()
	for name, f := range faults {
		for _, batch := range []bool{false, true} {
			t.Run(fmt.Sprint(name, "/batch ", batch), func(t *testing.T) {
				t.Parallel()
				checkSecret(t, mock(answer(f.status, f.contentType, f.answer(operation{batch: batch}))))
			})
		}
	}
}

// echo is what a server that means well puts into its error page.
func echo(req *http.Request) string {
	decoded, _ := url.PathUnescape(req.URL.Path)
	return fmt.Sprintf("no answer for %s %s (%s%s) on %s with %v", req.Method, req.URL, req.URL.Host, decoded, req.Host, req.Header["Authorization"])
}

func jsonText(s string) string { return strings.NewReplacer(`"`, `\"`, "/", `\/`).Replace(s) }

func TestEchoesShowNoSecret(t *testing.T) {
	t.Parallel()
	forms := map[string]func(*http.Request) (contentType, body string){
		"page": func(r *http.Request) (string, string) { return inHTML, "<p>" + html.EscapeString(echo(r)) },
		"query": func(r *http.Request) (string, string) {
			return inHTML, "?_token=" + url.QueryEscape(testToken) + echo(r)
		},
		"JSON error": func(r *http.Request) (string, string) { return inJSON, `{"error":"ERR ` + jsonText(echo(r)) + `"}` },
		"other JSON": func(r *http.Request) (string, string) { return inJSON, `{"message":"` + jsonText(echo(r)) + `"}` },
		"long error": func(r *http.Request) (string, string) {
			return inJSON, `{"error":"ERR ` + strings.Repeat(jsonText(echo(r)), 50) + `"}`
		},
		"long page": func(r *http.Request) (string, string) { return inHTML, strings.Repeat(echo(r), 2000) },
		"items": func(r *http.Request) (string, string) {
			return inJSON, `[{"error":"` + jsonText(echo(r)) + `"},{"result":[{"error":"` + jsonText(echo(r)) + `"}]}]`
		},
		"nested": func(r *http.Request) (string, string) {
			return inJSON, `{"result":[{"error":"` + jsonText(echo(r)) + `"}]}`
		},
		"arguments": func(*http.Request) (string, string) {
			return inJSON, `{"error":"ERR unknown command 'X', with args beginning with: '` + marker + `'"}`
		},
		"content type": func(*http.Request) (string, string) { return testToken + testHost, "x" },
	}
	for name, form := range forms {
		for _, status := range []int{200, 400, 401, 404, 500, 502} {
			t.Run(fmt.Sprint(name, "/", status), func(t *testing.T) {
				t.Parallel()
				checkSecret(t, mock(func(req *http.Request) (*http.Response, error) {
					contentType, body := form(req)
					return answer(status, contentType, body)(req)
				}))
			})
		}
	}
}

// Wherever the token stands, the cut that shortens a page leaves no half of it.
func TestDetailIsCutAfterTheTokenIsHidden(t *testing.T) {
	t.Parallel()
	for _, size := range []int{512, 64 << 10} {
		for before := size - len(testToken) - 2; before < size+2; before++ {
			for _, body := range []string{
				strings.Repeat("x", before) + testToken + strings.Repeat("y", size),
				strings.Repeat(testToken+" ", before/len(testToken)) + strings.Repeat("x", before%len(testToken)) + testToken,
			} {
				_, err := newClient(t, mock(answer(502, inHTML, body))).Get(t.Context(), "k")
				detail := mustBeTyped(t, err).Detail()
				if leak(detail, secrets) != "" || len(detail) > 600 {
					t.Fatalf("%d bytes before the token: %s", before, detail)
				}
			}
		}
	}
}

// A page that repeats a long token shrinks: what then follows is the cut end.
func TestDetailOfALongToken(t *testing.T) {
	t.Parallel()
	token := strings.Repeat("l0ngtok3n", 300)
	rdb := newClient(t, mock(answer(502, inHTML, strings.Repeat(token, 40))), func(o *upstash.Options) { o.Token = token })
	_, err := rdb.Get(t.Context(), "k")
	if detail := mustBeTyped(t, err).Detail(); strings.Contains(detail, "l0ngtok3n") {
		t.Errorf("Detail is %s", detail)
	}
}

func TestForeignErrorsShowNoSecret(t *testing.T) {
	t.Parallel()
	for name, wrapped := range map[string]error{
		"other": errors.New("fetch failed"), "canceled": context.Canceled, "deadline": context.DeadlineExceeded,
		"EOF": io.ErrUnexpectedEOF, "URL": &url.Error{Op: "Post", URL: testURL + "?_token=" + testToken, Err: errors.New("at " + testHost)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkSecret(t, mock(func(req *http.Request) (*http.Response, error) {
				return nil, fmt.Errorf("%s: %w", echo(req), wrapped)
			}))
		})
	}
}

func TestLimitsShowNoSecret(t *testing.T) {
	t.Parallel()
	large := answer(200, inJSON, `{"result":"`+strings.Repeat(marker, 100)+`"}`)
	checkSecret(t, mock(large), func(o *upstash.Options) { o.MaxReply = 100 })
	broken := httpmock.Responder(func(req *http.Request) (*http.Response, error) {
		resp, err := answer(200, inJSON, "")(req)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(marker), failingReader{}))
		return resp, err
	})
	checkSecret(t, mock(broken))
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) {
	return 0, errors.New("reading from " + testHost + " with " + testToken)
}
