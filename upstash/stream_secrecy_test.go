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
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Names of channels are the user's: no failure shows them, whatever a server or
// a RoundTripper makes of them.
func TestStreamsShowNoSecret(t *testing.T) {
	t.Parallel()
	echoes := func(r *http.Request) string {
		if r.URL.Path == "/monitor" {
			return echo(r) // it was given no name
		}
		name := marker + "/<&>"
		return echo(r) + " '" + name + "' " + url.QueryEscape(name) + " " + html.EscapeString(name) + " " + jsonText(name) + " 'x' " + `"x"`
	}
	cases := map[string]step{
		"text":       func(r *http.Request) (*http.Response, error) { return failing(502, echoes(r))(r) },
		"final text": func(r *http.Request) (*http.Response, error) { return failing(404, echoes(r))(r) },
		"JSON": func(r *http.Request) (*http.Response, error) {
			return failing(500, `{"error":"ERR `+jsonText(echoes(r))+`"}`)(r)
		},
		"final JSON": func(r *http.Request) (*http.Response, error) {
			return failing(400, `{"error":"NOPERM `+jsonText(echoes(r))+`"}`)(r)
		},
		"wrong token": func(r *http.Request) (*http.Response, error) {
			return failing(401, `{"error":"WRONGPASS `+jsonText(echoes(r))+`"}`)(r)
		},
		"no stream":      func(r *http.Request) (*http.Response, error) { return failing(200, echoes(r))(r) },
		"long no stream": func(r *http.Request) (*http.Response, error) { return failing(200, strings.Repeat(echoes(r), 2000))(r) },
		"content type":   failing(200, "", "Content-Type", marker+testToken+testHost),
		"fails":          func(r *http.Request) (*http.Response, error) { return nil, errors.New(echoes(r)) },
		"fails at length": func(r *http.Request) (*http.Response, error) {
			return nil, errors.New(strings.Repeat("x", 500) + r.URL.String())
		},
		"URL error": func(r *http.Request) (*http.Response, error) {
			return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New(echoes(r))}
		},
		"breaks": func(r *http.Request) (*http.Response, error) {
			body := io.MultiReader(strings.NewReader("data: message,"+marker+",x"), iotest.ErrReader(errors.New(echoes(r))))
			return respond(200, eventStream, io.NopCloser(body))(r)
		},
		"broken message": streamThenSilence("data: message,other-" + marker + "," + marker + "\n\n"),
		"broken pattern": streamThenSilence("data: pmessage," + marker + "\n\n"),
		"broken line":    streamThenSilence("data: 1721284005.242090 " + marker + "\n\n"),
		"too large":      streamThenSilence("data: message," + strings.Repeat(marker, 100) + "\n\n"),
		"silence":        streamThenSilence("data: " + marker + "\n\n"),
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				rdb := newClient(t, &scripted{steps: []step{answer}}, func(o *upstash.Options) {
					o.MaxReply = 500
					o.Observe = upstash.LogTo(slog.New(slog.NewJSONHandler(&log, nil)))
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				names := []string{marker + "/<&>", marker, "x"}
				failures := 0
				look := func(gap, err error) bool {
					if err = errors.Join(gap, err); err != nil {
						failures++
						checkHidden(t, err)
					}
					return failures < 3
				}
				for m, err := range rdb.Subscribe(ctx, names...) {
					if !look(m.Err, err) {
						break
					}
				}
				for m, err := range rdb.PSubscribe(ctx, names...) {
					if !look(m.Err, err) {
						break
					}
				}
				for e, err := range rdb.Monitor(ctx) {
					if !look(e.Err, err) {
						break
					}
				}
				if failures == 0 || log.Len() == 0 {
					t.Errorf("%d failures, a log of %d bytes", failures, log.Len())
				}
				if secret := leak(log.String(), secrets); secret != "" {
					t.Errorf("%q is logged: %s", secret, &log)
				}
			})
		})
	}
}

func checkHidden(t *testing.T, err error) {
	t.Helper()
	e := mustBeTyped(t, err)
	texts := append(exposed(err), fmt.Sprintf("%+v", upstash.Message{Kind: upstash.Gap, Err: err}))
	for _, text := range texts {
		if secret := leak(text, append([]string{"'x'", `"x"`, "<&>"}, secrets...)); secret != "" {
			t.Errorf("%q is shown: %s", secret, text)
		}
	}
	if leak(e.Detail(), secrets[:4]) != "" || len(e.Detail()) > 600 {
		t.Errorf("Detail is %s", e.Detail())
	}
}

// A refusal says what is wrong with a name and not which one it was.
func TestRefusedNamesAreNotShown(t *testing.T) {
	t.Parallel()
	rdb := newClient(t, &scripted{steps: []step{refuseConnection}})
	for _, names := range [][]string{{marker, ""}, {marker + "\xff"}, {marker, marker + ",b"}} {
		_, err := follow(rdb.Subscribe(t.Context(), names...), 1)
		checkHidden(t, err)
	}
}
