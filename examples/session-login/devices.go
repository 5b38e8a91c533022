package main

import (
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// home shows where else somebody is signed in.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	who, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	notice, _, err := s.web.TakeFlash(r.Context(), "notice")
	if err != nil {
		return
	}
	devices, err := s.web.Manager().List(r.Context(), who.UserID)
	if err != nil {
		http.Error(w, "your devices cannot be listed now: try again later", http.StatusServiceUnavailable)
		return
	}
	token, err := s.web.CSRFToken(r.Context())
	if err != nil {
		return
	}
	s.show(w, http.StatusOK, "home", struct {
		Email, Notice, Token, Here string
		Devices                    []session.Info
	}{who.Data.Email, notice, token, who.ID, devices})
}

// endDevice signs out one device of whoever asks; another user's is not found
// among theirs.
func (s *site) endDevice(w http.ResponseWriter, r *http.Request) {
	who, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	if err := s.web.Manager().DestroyByID(r.Context(), who.UserID, r.PathValue("id")); err != nil {
		http.Error(w, "the device could not be signed out: try again later", http.StatusServiceUnavailable)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// signedIn returns the session of a user, or sends a stranger to the form.
func (s *site) signedIn(w http.ResponseWriter, r *http.Request) (*session.Session[login], bool) {
	who, err := s.web.Get(r.Context())
	switch {
	case session.SignedOut(err), err == nil && who.UserID == "":
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return nil, false
	case err != nil:
		return nil, false // the middleware answers
	}
	return who, true
}
