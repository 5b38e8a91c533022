package sessiontest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Site says how somebody uses a program. Login, Logout and Private are required;
// each does one thing with a browser and returns the answer.
type Site struct {
	Handler http.Handler

	// Cookie is the name of the session's cookie. Default "__Host-id".
	Cookie string

	// Login signs in, always as the same user.
	Login func(b *Browser) *Answer
	// Logout signs out.
	Logout func(b *Browser) *Answer
	// Private asks for a page that only who is signed in gets.
	Private func(b *Browser) *Answer
	// Guest does something that begins a session of nobody, if there is such a
	// thing. Default: nothing.
	Guest func(b *Browser) *Answer

	// SignedIn tells from an answer to Private whether it is that page. Default:
	// the status is 200 to 299.
	SignedIn func(a *Answer) bool
}

func (s Site) complete() Site {
	if s.Cookie == "" {
		s.Cookie = "__Host-id"
	}
	if s.SignedIn == nil {
		s.SignedIn = func(a *Answer) bool { return a.Status >= 200 && a.Status <= 299 }
	}
	return s
}

// admits tells whether the page of Private is shown to who has this token.
func (s Site) admits(token string) bool {
	b := NewBrowser(s.Handler)
	b.SetCookie(s.Cookie, token)
	return s.SignedIn(s.Private(b))
}

// LoginRotates reports an error for each way in which a token of before a login
// is worth anything after it, or the new one is not kept well: a session of
// nobody that becomes a user's under the same token, a second login that leaves
// the first one's token alive, a token that the client chose, a cookie that a
// script or a plain connection gets, and a token outside of its cookie.
func LoginRotates(tb testing.TB, site Site) {
	tb.Helper()
	site = site.complete()
	b := NewBrowser(site.Handler)
	if site.Guest != nil {
		site.Guest(b)
	}
	guest := b.Cookie(site.Cookie)
	if site.Guest != nil && guest == "" {
		tb.Errorf("sessiontest: Guest sets no cookie %s that a browser keeps", site.Cookie)
	}
	first := login(tb, site, b)
	if first == "" {
		return
	}
	if first == guest {
		tb.Errorf("sessiontest: the login keeps the token that the browser had before: call Web.SignIn or Manager.Rotate")
	} else if guest != "" && site.admits(guest) {
		tb.Errorf("sessiontest: the token of before the login is signed in by it: call Web.SignIn or Manager.Rotate")
	}

	second := login(tb, site, b)
	switch {
	case second == first:
		tb.Errorf("sessiontest: a second login keeps the token of the first")
	case second != "" && site.admits(first):
		tb.Errorf("sessiontest: the token of the first login is alive after a second one in its place")
	}

	const chosen = "chosen-by-somebody-else"
	b.SetCookie(site.Cookie, chosen)
	site.Login(b)
	if b.Cookie(site.Cookie) == chosen || site.admits(chosen) {
		tb.Errorf("sessiontest: the login takes a token that the client chose")
	}
}

// login signs in, and returns the token of it.
func login(tb testing.TB, site Site, b *Browser) string {
	tb.Helper()
	answer := site.Login(b)
	token := b.Cookie(site.Cookie)
	cookies := answer.Cookies()
	i := slices.IndexFunc(cookies, func(c *http.Cookie) bool { return c.Name == site.Cookie })
	if token == "" {
		tb.Errorf("sessiontest: the login (status %d) sets no cookie %s that a browser keeps", answer.Status, site.Cookie)
		return ""
	}
	if !site.SignedIn(site.Private(b)) {
		tb.Errorf("sessiontest: after the login the browser is not signed in")
		return ""
	}
	if i < 0 {
		return token // the one that was there: the caller tells
	}
	switch c := cookies[i]; {
	case !c.HttpOnly:
		tb.Errorf("sessiontest: scripts can read the cookie: set HttpOnly")
	case !c.Secure:
		tb.Errorf("sessiontest: the cookie goes over plain connections: set Secure")
	case c.SameSite == 0 || c.SameSite == http.SameSiteDefaultMode:
		tb.Errorf("sessiontest: the cookie has no SameSite")
	}
	if !strings.Contains(answer.Header.Get("Cache-Control"), "no-store") {
		tb.Errorf("sessiontest: a cache may keep the answer with the cookie: set Cache-Control: no-store")
	}
	if strings.Contains(answer.Body, token) {
		tb.Errorf("sessiontest: the token is in the body of the answer")
	}
	for name, values := range answer.Header {
		if name != "Set-Cookie" && strings.Contains(strings.Join(values, "\n"), token) {
			tb.Errorf("sessiontest: the token is in the header %s", name)
		}
	}
	return token
}

// LogoutDestroys reports an error for each way in which somebody is signed in
// after a logout: by a copy of the cookie, which is left alive or is brought
// back by what is saved after it; by a cookie that the logout itself sets; or by
// the answer to a request that was under way and arrives after it.
func LogoutDestroys(tb testing.TB, site Site) {
	tb.Helper()
	site = site.complete()
	b := NewBrowser(site.Handler)
	token := login(tb, site, b)
	if token == "" {
		return
	}
	// A second browser with the same cookie, whose answers wait.
	late := NewBrowser(site.Handler)
	late.SetCookie(site.Cookie, token)
	slow := site.Private(late)

	answer := site.Logout(b)
	if answer.Status >= 400 {
		tb.Errorf("sessiontest: the logout fails with status %d", answer.Status)
	}
	if site.admits(token) {
		tb.Errorf("sessiontest: a copy of the cookie is signed in after the logout: call Web.SignOut or Manager.Destroy, and save nothing after it")
	}
	left := b.Cookie(site.Cookie)
	if left == token {
		tb.Errorf("sessiontest: the logout leaves the cookie in the browser")
	}
	if site.SignedIn(site.Private(b)) {
		tb.Errorf("sessiontest: the browser is signed in after the logout")
	}
	b.Finish(slow)
	if site.SignedIn(site.Private(b)) {
		tb.Errorf("sessiontest: the browser is signed in by an answer that arrives after the logout")
	}
}
