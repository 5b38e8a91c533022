package session_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// Somebody signs in, is recognized, and signs out.
func ExampleWeb() {
	srv, err := upstashtest.NewServer(upstashtest.Options{}) // in production: rdb, err := upstash.FromEnv()
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	m, err := session.New[Login](srv.Client(), session.Options{Namespace: "shop", Secret: secret})
	if err != nil {
		panic(err)
	}
	web, err := session.NewWeb(m, session.WebOptions{})
	if err != nil {
		panic(err)
	}

	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		// After the password was found right:
		if _, err := web.SignIn(r.Context(), "u42", Login{Email: r.FormValue("email")}); err != nil {
			return // the store failed, and the middleware answers
		}
		_, _ = io.WriteString(w, "welcome")
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		s, err := web.Get(r.Context())
		if err != nil {
			http.Error(w, "please sign in", http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, s.Data.Email)
	})
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) {
		if err := web.SignOut(r.Context()); err == nil {
			session.ClearSiteData(w.Header())
			_, _ = io.WriteString(w, "goodbye")
		}
	})

	browser := sessiontest.NewBrowser(web.Handler(mux)) // in production: http.ListenAndServeTLS(...)
	show := func(a *sessiontest.Answer) { fmt.Println(a.Status, strings.TrimSpace(a.Body)) }
	show(browser.Get("/me"))
	show(browser.PostForm("/login", url.Values{"email": {"jo@example.com"}}))
	show(browser.Get("/me"))
	show(browser.PostForm("/logout", nil))
	show(browser.Get("/me"))
	// Output:
	// 401 please sign in
	// 200 welcome
	// 200 jo@example.com
	// 200 goodbye
	// 401 please sign in
}

// A form has a token that no other site can know.
func ExampleWeb_Protect() {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	defer srv.Close()
	m, err := session.New[Login](srv.Client(), session.Options{Namespace: "shop", Secret: secret})
	if err != nil {
		panic(err)
	}
	web, err := session.NewWeb(m, session.WebOptions{
		Forbidden: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, fmt.Sprint("forged: ", errors.Is(err, session.ErrForgedRequest)), http.StatusForbidden)
		},
	})
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /form", func(w http.ResponseWriter, r *http.Request) {
		if _, err := web.Begin(r.Context(), Login{}); err != nil {
			return
		}
		token, err := web.CSRFToken(r.Context())
		if err == nil { // a template puts it into <input type="hidden" name="csrf_token">
			_, _ = io.WriteString(w, token)
		}
	})
	mux.HandleFunc("POST /order", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ordered") })
	browser := sessiontest.NewBrowser(web.Handler(web.Protect(mux)))

	form := browser.Get("/form").Body
	for _, fields := range []url.Values{{session.CSRFField: {form}}, {}} {
		answer := browser.PostForm("/order", fields)
		fmt.Println(answer.Status, strings.TrimSpace(answer.Body))
	}

	// What a browser says of a form on another site.
	r := httptest.NewRequestWithContext(context.Background(), http.MethodPost, "https://app.example/order", http.NoBody)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	fmt.Println(browser.Do(r).Status)
	// Output:
	// 200 ordered
	// 403 forged: true
	// 403
}
