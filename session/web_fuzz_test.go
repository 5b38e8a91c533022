package session_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// fuzzedSite is a site with somebody signed in, whose secret is this process's
// own: what another one found is of no use here.
func fuzzedSite(f *testing.F) (web *session.Web[int], cookie, csrf string) {
	f.Helper()
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.Close)
	own := make([]byte, 32)
	_, _ = rand.Read(own)
	m, err := session.New[int](srv.Client(), session.Options{Namespace: "n", Secret: own})
	if err != nil {
		f.Fatal(err)
	}
	web, err = session.NewWeb(m, session.WebOptions{})
	if err != nil {
		f.Fatal(err)
	}
	visitOf(f, web, "", "", func(ctx context.Context) {
		s, err := web.SignIn(ctx, "u", 1)
		if err != nil {
			f.Fatal(err)
		}
		cookie = string(s.Token())
		if csrf, err = web.CSRFToken(ctx); err != nil {
			f.Fatal(err)
		}
	})
	return web, cookie, csrf
}

// visitOf serves one request, with a Cookie header as it is given.
func visitOf(tb testing.TB, web *session.Web[int], header, token string, do func(ctx context.Context)) int {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "https://app.example/", http.NoBody)
	if header != "" {
		r.Header["Cookie"] = []string{header}
	}
	if token != "" {
		r.Header[http.CanonicalHeaderKey(session.CSRFHeader)] = []string{token}
	}
	w := httptest.NewRecorder()
	web.Handler(web.Protect(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { do(r.Context()) }))).ServeHTTP(w, r)
	return w.Code
}

// nearly is text, or with nothing the real thing, with one byte changed, so that
// the search finds what is nearly right.
func nearly(text, real string, at int, flip byte) string {
	if text == "" {
		text = real
	}
	b := []byte(text)
	if len(b) > 0 {
		b[((at%len(b))+len(b))%len(b)] ^= flip
	}
	return string(b)
}

// FuzzCookieHeader: only the cookie that was set lets somebody in.
func FuzzCookieHeader(f *testing.F) {
	web, cookie, _ := fuzzedSite(f)
	real := hostID + "=" + cookie
	f.Add("", 0, byte(0))
	f.Add("", 40, byte(1))
	f.Add("__Host-id=x; "+real, 0, byte(0))
	f.Add("__Host-id=\""+cookie+"\"", 0, byte(0))
	f.Add(";;=; __Host-id", 3, byte(9))
	f.Fuzz(func(t *testing.T, text string, at int, flip byte) {
		header := nearly(text, real, at, flip)
		r := &http.Request{Header: http.Header{"Cookie": {header}}}
		carried := false
		for _, c := range r.CookiesNamed(hostID) {
			carried = carried || c.Value == cookie
		}
		var in bool
		r = httptest.NewRequestWithContext(t.Context(), http.MethodGet, "https://app.example/", http.NoBody)
		r.Header["Cookie"] = []string{header}
		w := httptest.NewRecorder()
		web.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, err := web.Get(r.Context())
			in = err == nil
		})).ServeHTTP(w, r)
		if in != carried || w.Code != http.StatusOK {
			t.Errorf("signed in: %v, with the cookie: %v, status %d", in, carried, w.Code)
		}
	})
}

// FuzzCSRFToken: nothing but a masked form of the session's own value passes.
func FuzzCSRFToken(f *testing.F) {
	web, cookie, csrf := fuzzedSite(f)
	f.Add("", 0, byte(0))
	f.Add("", 10, byte(1))
	f.Add(csrf[:42], 0, byte(0))
	f.Add(csrf+"\n", 0, byte(0))
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 0, byte(0))
	f.Fuzz(func(t *testing.T, text string, at int, flip byte) {
		token := nearly(text, csrf, at, flip)
		ran := false
		code := visitOf(t, web, hostID+"="+cookie, token, func(context.Context) { ran = true })
		if ran != (token == csrf) || ran != (code == http.StatusOK) {
			t.Errorf("passed: %v, status %d", ran, code)
		}
	})
}
