package upstashtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func inProcessRequest(t *testing.T, srv *upstashtest.Server, method, path, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+srv.Token)
	return req
}

// In process and through a socket the answers are the same.
func TestRoundTripperAnswersLikeTheListener(t *testing.T) {
	t.Parallel()
	for _, ask := range []request{
		{Body: `["ECHO","x"]`}, {Body: `nonsense`}, {Path: "/echo/a%2Fb?c=d", Body: "x"}, {Method: http.MethodDelete},
		{Method: http.MethodHead, Path: "/echo/x"}, {Path: "//"}, {Path: "/pipeline", Body: `[["PING"]]`},
	} {
		srv := newServer(t)
		want, wantHeader := ask.do(t, srv)
		if ask.Method == "" {
			ask.Method = http.MethodPost
		}
		req := inProcessRequest(t, srv, ask.Method, ask.Path, ask.Body)
		got, header := exchange(t, &http.Client{Transport: srv.Transport()}, req)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", ask.Method, ask.Path, diff)
		}
		for _, name := range []string{"Content-Type", "Content-Length", "Allow"} {
			if got, want := header.Get(name), wantHeader.Get(name); got != want {
				t.Errorf("%s %s: %s is %q, want %q", ask.Method, ask.Path, name, got, want)
			}
		}
		log := srv.Requests()
		if diff := cmp.Diff(log[0], log[1]); diff != "" {
			t.Errorf("%s %s in the log (-socket +process):\n%s", ask.Method, ask.Path, diff)
		}
	}
}

func TestRoundTripperResponse(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	req := inProcessRequest(t, srv, http.MethodPost, "/", `["PING"]`)
	resp, err := srv.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.Status != "200 OK" || resp.Proto != "HTTP/1.1" || resp.ContentLength != int64(len(`{"result":"PONG"}`)) || resp.Request != req {
		t.Errorf("%+v", resp)
	}
}

type trackedBody struct {
	io.Reader
	closed bool
}

func (b *trackedBody) Close() error { b.closed = true; return nil }

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func TestRoundTripperFailures(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	broken := errors.New("broken body")
	for name, tt := range map[string]struct {
		ctx  context.Context
		body io.Reader
		want error
	}{
		"ended context": {ended, strings.NewReader(`["PING"]`), context.Canceled},
		"broken body":   {t.Context(), failingReader{broken}, broken},
	} {
		body := &trackedBody{Reader: tt.body}
		req, err := http.NewRequestWithContext(tt.ctx, http.MethodPost, srv.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+srv.Token)
		resp, err := srv.Transport().RoundTrip(req)
		if resp != nil {
			_ = resp.Body.Close()
		}
		if !errors.Is(err, tt.want) || !body.closed {
			t.Errorf("%s: %v, body closed: %v", name, err, body.closed)
		}
	}
	resp, err := srv.Transport().RoundTrip(&http.Request{})
	if err == nil {
		_ = resp.Body.Close()
		t.Error("a request without a URL succeeded")
	}
	if n := len(srv.Requests()); n != 0 {
		t.Errorf("%d requests reached the server", n)
	}
}

func TestRoundTripperIsConcurrent(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	client := &http.Client{Transport: srv.Transport()}
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			for range 20 {
				exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/", `["INCR","n"]`))
			}
		})
	}
	wg.Wait()
	got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodGet, "/get/n", ""))
	if diff := cmp.Diff(reply{200, `{"result":"640"}`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// In a bubble keys expire while the test sleeps, in no time.
func TestInsideABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		client := &http.Client{Transport: srv.Transport()}
		ask := func(body, want string) {
			t.Helper()
			got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/", body))
			if diff := cmp.Diff(reply{200, want}, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", body, diff)
			}
		}
		ask(`["SET","k","v","EX",60]`, `{"result":"OK"}`)
		time.Sleep(20 * time.Second) // bubble
		ask(`["TTL","k"]`, `{"result":40}`)
		time.Sleep(40 * time.Second) // bubble
		ask(`["GET","k"]`, `{"result":null}`)
	})
}

func TestHandler(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	w := httptest.NewRecorder()
	srv.Handler().ServeHTTP(w, inProcessRequest(t, srv, http.MethodPost, "/", `["PING"]`))
	if diff := cmp.Diff(reply{200, `{"result":"PONG"}`}, reply{w.Code, w.Body.String()}); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
