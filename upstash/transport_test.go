package upstash_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// The user's client stays as it was: it may serve other hosts.
func TestForeignClientIsNotModified(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(testURL)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(u, []*http.Cookie{{Name: "session", Value: marker}})
	var headers http.Header
	rt := &pool{roundTripper: func(req *http.Request) (*http.Response, error) {
		headers = req.Header
		resp, err := answer(200, inJSON, `{"result":"OK"}`)(req)
		resp.Header.Set("Set-Cookie", "planted=1")
		return resp, err
	}}
	redirected := false
	client := &http.Client{Transport: rt, Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error {
		redirected = true
		return nil
	}}
	rdb, err := upstash.New(upstash.Options{URL: testURL, Token: testToken, HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	if err := rdb.Set(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	if client.Transport != rt || client.Jar != jar || client.Timeout != time.Minute || client.CheckRedirect(nil, nil) != nil || !redirected {
		t.Errorf("the client was changed: %+v", client)
	}
	if cookies := jar.Cookies(u); len(cookies) != 1 {
		t.Errorf("the jar was used: %v", cookies)
	}
	if headers.Get("Cookie") != "" || headers.Get("Authorization") != "Bearer "+testToken {
		t.Errorf("sent %v", headers)
	}
}

// pool is a RoundTripper that has connections to close.
type pool struct {
	roundTripper
	closed int
}

func (p *pool) CloseIdleConnections() { p.closed++ }

func TestCloseIdleReachesTheTransport(t *testing.T) {
	t.Parallel()
	p := &pool{roundTripper: roundTripper(answer(200, inJSON, `{"result":1}`))}
	rdb := newClient(t, p)
	rdb.CloseIdle()
	if p.closed != 1 {
		t.Errorf("closed %d times", p.closed)
	}
	if _, err := rdb.Incr(t.Context(), "k"); err != nil {
		t.Errorf("the client is of no use afterwards: %v", err)
	}
	newClient(t, roundTripper(answer(200, inJSON, `{"result":1}`))).CloseIdle() // has none to close
}

func TestForeignClientWithoutTransport(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t)
	client := &http.Client{}
	rdb, err := upstash.New(upstash.Options{URL: srv.URL, Token: srv.Token, HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rdb.CloseIdle)
	if err := rdb.Set(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	if client.Transport != nil {
		t.Error("the client was given a transport")
	}
}

func TestMaxReply(t *testing.T) {
	t.Parallel()
	const body = `{"result":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OQ=="}`
	for limit, tooLarge := range map[int]bool{1: true, len(body) - 1: true, len(body): false, len(body) + 1: false, 0: false} {
		for _, op := range operations() {
			if op.batch {
				continue
			}
			m := mock(answer(200, inJSON, body))
			err := op.run(t, newClient(t, m, func(o *upstash.Options) { o.MaxReply = limit }))
			if n := m.GetTotalCallCount(); n != 1 {
				t.Errorf("%d requests were made", n)
			}
			if !tooLarge {
				if err != nil {
					t.Errorf("limit %d: %v", limit, err)
				}
				continue
			}
			want := verdict{Op: op.name, Status: 200, Index: -1, Sent: true, Attempts: 1, Safe: op.repeatable, Unknown: true}
			if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
				t.Errorf("limit %d: %v (-want +got)\n%s", limit, err, diff)
			}
			if !errors.Is(err, upstash.ErrTooLarge) || !strings.Contains(err.Error(), "MaxReply") {
				t.Errorf("limit %d: %v", limit, err)
			}
		}
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	remotes := map[string]bool{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		remotes[r.RemoteAddr] = true
		_, _ = io.WriteString(w, `{"result":1}`)
	}))
	t.Cleanup(srv.Close)
	rdb, err := upstash.New(upstash.Options{URL: srv.URL, Token: testToken})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := rdb.Incr(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		if i == 4 {
			rdb.CloseIdle()
		}
	}
	rdb.CloseIdle()
	if len(remotes) != 2 {
		t.Errorf("%d connections were made, not one before CloseIdle and one after", len(remotes))
	}
}
