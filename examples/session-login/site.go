package main

import (
	"embed"
	"html/template"
	"net/http"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// login is what a session knows of who is signed in.
type login struct {
	Email string `json:"email"`
}

// site is a few pages behind sessions.
type site struct {
	web   *session.Web[login]
	users users
	pages *template.Template
}

//go:embed pages.html
var files embed.FS

// newSite returns the pages. Every form carries a token that no other site can
// know, and the form that signs in does so too: it gets a session of nobody.
func newSite(d upstash.Doer, namespace string, secret session.Key, u users) (http.Handler, error) {
	m, err := session.New[login](d, session.Options{Namespace: namespace, Secret: secret})
	if err != nil {
		return nil, err
	}
	web, err := session.NewWeb(m, session.WebOptions{
		Cookie: session.CookieOptions{Insecure: true}, // this machine talks to itself; leave it out behind TLS
	})
	if err != nil {
		return nil, err
	}
	pages, err := template.ParseFS(files, "pages.html")
	if err != nil {
		return nil, err
	}
	s := &site{web, u, pages}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /login", s.form)
	mux.HandleFunc("POST /login", s.signIn)
	mux.HandleFunc("POST /logout", s.signOut)
	mux.HandleFunc("POST /logout/everywhere", s.signOutEverywhere)
	mux.HandleFunc("POST /devices/{id}/end", s.endDevice)
	return http.MaxBytesHandler(web.Handler(web.Protect(mux)), largestForm), nil
}

// largestForm is what a request may send, in bytes.
const largestForm = 64 << 10

// show writes a page. One that shows who is signed in is nobody else's.
func (s *site) show(w http.ResponseWriter, status int, page string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_ = s.pages.ExecuteTemplate(w, page, data) // the client is gone
}
