package sessiontest

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// Origin is the site that a [Browser] is on.
const Origin = "https://app.example"

// Browser is one user's browser, without pages: it has cookies, follows no
// redirects, and brings requests to a handler that runs in this process. Start
// and Finish let the answers to several requests arrive in any order. It is safe
// for concurrent use.
type Browser struct {
	handler http.Handler

	mu  sync.Mutex
	jar *cookiejar.Jar
}

// Answer is a response, read to its end.
type Answer struct {
	Status int
	Header http.Header
	Body   string

	path string
}

// Cookies are those that the answer sets.
func (a *Answer) Cookies() []*http.Cookie { return (&http.Response{Header: a.Header}).Cookies() }

// NewBrowser returns a browser without cookies.
func NewBrowser(h http.Handler) *Browser { return &Browser{handler: h, jar: newJar()} }

func newJar() *cookiejar.Jar {
	jar, _ := cookiejar.New(nil) // it never fails
	return jar
}

// Get asks for a path of the site.
func (b *Browser) Get(path string) *Answer {
	return b.Do(httptest.NewRequestWithContext(context.Background(), http.MethodGet, Origin+path, http.NoBody))
}

// PostForm sends a form to a path of the site.
func (b *Browser) PostForm(path string, fields url.Values) *Answer {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, Origin+path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.Do(r)
}

// Do sends a request and takes the answer.
func (b *Browser) Do(r *http.Request) *Answer {
	a := b.Start(r)
	b.Finish(a)
	return a
}

// Start sends a request, with the cookies of now and with what browsers say of
// a request of their own site unless it says something else. The handler runs;
// the answer has not arrived: see [Browser.Finish].
func (b *Browser) Start(r *http.Request) *Answer {
	r = r.Clone(r.Context())
	if r.Header.Get("Sec-Fetch-Site") == "" {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, c := range b.cookies(r.URL.Path) {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return &Answer{Status: w.Code, Header: w.Result().Header, Body: w.Body.String(), path: r.URL.Path}
}

// Finish is the arrival of an answer: its cookies are kept, by the rules of
// browsers. An answer that is lost is one that Finish is not called for.
func (b *Browser) Finish(a *Answer) {
	var accepted []*http.Cookie
	for _, c := range a.Cookies() {
		if acceptable(c) {
			accepted = append(accepted, c)
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.jar.SetCookies(site(a.path), accepted)
}

// acceptable knows the rules that the jar does not: those of name prefixes, and
// of SameSite=None.
func acceptable(c *http.Cookie) bool {
	name := strings.ToLower(c.Name)
	switch {
	case strings.HasPrefix(name, "__host-") && (!c.Secure || c.Domain != "" || c.Path != "/"),
		strings.HasPrefix(name, "__secure-") && !c.Secure,
		c.SameSite == http.SameSiteNoneMode && !c.Secure:
		return false
	}
	return true
}

// Cookie returns the value of a cookie of the whole site, or nothing.
func (b *Browser) Cookie(name string) string {
	for _, c := range b.cookies("/") {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// SetCookie puts a cookie into the browser, as somebody would who has a copy of
// it. It replaces all that are there.
func (b *Browser) SetCookie(name, value string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.jar = newJar()
	b.jar.SetCookies(site("/"), []*http.Cookie{{Name: name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}})
}

func (b *Browser) cookies(path string) []*http.Cookie {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.jar.Cookies(site(path))
}

func site(path string) *url.URL {
	return &url.URL{Scheme: "https", Host: strings.TrimPrefix(Origin, "https://"), Path: path}
}
