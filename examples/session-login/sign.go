package main

import (
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// Where a handler returns on an error of the sessions without a word, the store
// failed: the middleware answers 503 in its place.

// form shows the page that asks who somebody is.
func (s *site) form(w http.ResponseWriter, r *http.Request) { s.ask(w, r, http.StatusOK, "") }

func (s *site) ask(w http.ResponseWriter, r *http.Request, status int, problem string) {
	if _, err := s.web.Get(r.Context()); session.SignedOut(err) {
		if _, err := s.web.Begin(r.Context(), login{}); err != nil {
			return
		}
	}
	token, err := s.web.CSRFToken(r.Context())
	if err != nil {
		return
	}
	s.show(w, status, "login", struct{ Token, Problem string }{token, problem})
}

// signIn gives the session another token: who knew the one before knows nothing.
func (s *site) signIn(w http.ResponseWriter, r *http.Request) {
	id, ok := s.users.check(r.PostFormValue("email"), r.PostFormValue("password"))
	if !ok {
		s.ask(w, r, http.StatusUnauthorized, "There is no such email and password.")
		return
	}
	if _, err := s.web.SignIn(r.Context(), id, login{Email: r.PostFormValue("email")}); err != nil {
		return
	}
	if err := s.web.AddFlash(r.Context(), "notice", "Welcome."); err != nil {
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (s *site) signOut(w http.ResponseWriter, r *http.Request) {
	if err := s.web.SignOut(r.Context()); err != nil && !session.SignedOut(err) {
		return
	}
	session.ClearSiteData(w.Header())
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (s *site) signOutEverywhere(w http.ResponseWriter, r *http.Request) {
	if err := s.web.SignOutEverywhere(r.Context()); err != nil && !session.SignedOut(err) {
		return
	}
	session.ClearSiteData(w.Header())
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}
