package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Over plain http on this machine, as the cookie wants it here.
const origin = "http://localhost"

// person is somebody at the site.
type person struct {
	t       *testing.T
	browser *sessiontest.Browser
	page    string
}

func newSiteOf(t *testing.T) (*upstashtest.Server, http.Handler) {
	t.Helper()
	srv := upstashtest.New(t)
	people := users{}
	for name, id := range map[string]string{email: "u1", "bob@example.com": "u2"} {
		if err := people.add(name, id, password); err != nil {
			t.Fatal(err)
		}
	}
	h, err := newSite(srv.Client(), "test", []byte("0123456789abcdef0123456789abcdef"), people)
	if err != nil {
		t.Fatal(err)
	}
	return srv, h
}

func (p *person) ask(method, path string, fields url.Values) (status int, location string) {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), method, origin+path, strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res := p.browser.Do(r)
	if res.Status == http.StatusOK {
		p.page = res.Body
	}
	return res.Status, res.Header.Get("Location")
}

func (p *person) token() string {
	p.t.Helper()
	match := regexp.MustCompile(`name="csrf_token" value="([^"]+)"`).FindStringSubmatch(p.page)
	if match == nil {
		p.t.Fatalf("no token in %s", p.page)
	}
	return match[1]
}

// signIn is somebody who has come as far as their devices.
func signIn(t *testing.T, h http.Handler, name string) *person {
	t.Helper()
	p := &person{t: t, browser: sessiontest.NewBrowser(h)}
	p.ask(http.MethodGet, "/login", nil)
	fields := url.Values{"email": {name}, "password": {password}, session.CSRFField: {p.token()}}
	if status, to := p.ask(http.MethodPost, "/login", fields); status != http.StatusSeeOther || to != "/" {
		t.Fatalf("signing in: %d %s", status, to)
	}
	if status, _ := p.ask(http.MethodGet, "/", nil); status != http.StatusOK {
		t.Fatalf("home: %d", status)
	}
	return p
}

func TestStrangerIsAsked(t *testing.T) {
	t.Parallel()
	_, h := newSiteOf(t)
	p := &person{t: t, browser: sessiontest.NewBrowser(h)}
	if status, to := p.ask(http.MethodGet, "/", nil); status != http.StatusSeeOther || to != "/login" {
		t.Errorf("%d %s", status, to)
	}
	if status, to := p.ask(http.MethodPost, "/devices/x/end", nil); status != http.StatusSeeOther || to != "/login" {
		t.Errorf("%d %s", status, to)
	}
}

// Each form needs the token of its session, of before or after signing in.
func TestFormsNeedTheirToken(t *testing.T) {
	t.Parallel()
	_, h := newSiteOf(t)
	stranger := &person{t: t, browser: sessiontest.NewBrowser(h)}
	stranger.ask(http.MethodGet, "/login", nil)
	before := stranger.token()
	ann := signIn(t, h, email)
	for _, path := range []string{"/logout", "/logout/everywhere", "/devices/x/end"} {
		for _, fields := range []url.Values{{}, {session.CSRFField: {before}}} {
			if status, _ := ann.ask(http.MethodPost, path, fields); status != http.StatusForbidden {
				t.Errorf("%s with %d fields: %d", path, len(fields), status)
			}
		}
	}
	if status, _ := stranger.ask(http.MethodPost, "/login", url.Values{"email": {email}, "password": {password}}); status != http.StatusForbidden {
		t.Errorf("signing in without a token: %d", status)
	}
	if status, _ := ann.ask(http.MethodGet, "/", nil); status != http.StatusOK {
		t.Errorf("still signed in: %d", status)
	}
}

// Nobody signs out a device of somebody else, whatever they know of it.
func TestDeviceOfAnotherUser(t *testing.T) {
	t.Parallel()
	_, h := newSiteOf(t)
	ann, annToo, bob := signIn(t, h, email), signIn(t, h, email), signIn(t, h, "bob@example.com")
	ann.ask(http.MethodGet, "/", nil)
	match := regexp.MustCompile(`/devices/([^/]+)/end`).FindStringSubmatch(ann.page)
	if match == nil {
		t.Fatal("the other device is not listed")
	}
	bob.ask(http.MethodPost, match[0], url.Values{session.CSRFField: {bob.token()}})
	if status, _ := annToo.ask(http.MethodGet, "/", nil); status != http.StatusOK {
		t.Errorf("after bob tried: %d", status)
	}
	ann.ask(http.MethodPost, match[0], url.Values{session.CSRFField: {ann.token()}})
	if status, to := annToo.ask(http.MethodGet, "/", nil); status != http.StatusSeeOther || to != "/login" {
		t.Errorf("after ann did: %d %s", status, to)
	}
}

// What a session was before signing in is worth nothing after.
func TestTokenOfBeforeSigningIn(t *testing.T) {
	t.Parallel()
	_, h := newSiteOf(t)
	p := &person{t: t, browser: sessiontest.NewBrowser(h)}
	p.ask(http.MethodGet, "/login", nil)
	stolen := p.browser.Cookie("id")
	if stolen == "" {
		t.Fatal("the form has no session")
	}
	p.ask(http.MethodPost, "/login", url.Values{"email": {email}, "password": {password}, session.CSRFField: {p.token()}})
	thief := &person{t: t, browser: sessiontest.NewBrowser(h)}
	thief.browser.SetCookie("id", stolen)
	if status, to := thief.ask(http.MethodGet, "/", nil); status != http.StatusSeeOther || to != "/login" {
		t.Errorf("with the old cookie: %d %s", status, to)
	}
}

// A store that is down has signed nobody out.
func TestWithoutRedis(t *testing.T) {
	t.Parallel()
	srv, h := newSiteOf(t)
	ann := signIn(t, h, email)
	up := srv.InterceptAll(upstashtest.Status(500))
	for _, path := range []string{"/", "/login"} {
		if status, _ := ann.ask(http.MethodGet, path, nil); status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d", path, status)
		}
	}
	up()
	if status, _ := ann.ask(http.MethodGet, "/", nil); status != http.StatusOK {
		t.Errorf("afterwards: %d", status)
	}
}
