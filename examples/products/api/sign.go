package api

import (
	"errors"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/session"
)

// login is what a session knows of who is signed in.
type login struct {
	Email string `json:"email"`
	Role  string `json:"role"`
}

// errStranger asks somebody to sign in, or to be somebody else.
var (
	errStranger  = errors.New("please sign in first: POST /api/login")
	errNotEditor = errors.New("only editors may do this")
)

func (a *api) signIn(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := decode(w, r, &sent); err != nil {
		a.fail(w, err)
		return
	}
	user, err := a.users.SignIn(r.Context(), sent.Email, sent.Password)
	if err != nil {
		a.fail(w, err)
		return
	}
	s, err := a.web.SignIn(r.Context(), user.ID, login{user.Email, user.Role})
	if err != nil {
		a.fail(w, err)
		return
	}
	a.answer(w, http.StatusOK, s.Data)
}

func (a *api) signOut(w http.ResponseWriter, r *http.Request) {
	if err := a.web.SignOut(r.Context()); err != nil && !session.SignedOut(err) {
		a.fail(w, err)
		return
	}
	session.ClearSiteData(w.Header())
	w.WriteHeader(http.StatusNoContent)
}

func (a *api) me(w http.ResponseWriter, r *http.Request) {
	s, err := a.web.Get(r.Context())
	if err != nil {
		a.fail(w, err)
		return
	}
	a.answer(w, http.StatusOK, s.Data)
}

// editor lets those pass who may change products.
func (a *api) editor(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, err := a.web.Get(r.Context())
		switch {
		case err != nil:
			a.fail(w, err)
		case s.Data.Role != shop.Editor:
			a.fail(w, errNotEditor)
		default:
			next(w, r)
		}
	}
}
