package upstash_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

type Login struct{ Email string }

func TestREADMESessions(t *testing.T) {
	local := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, local.URL)
	t.Setenv(upstash.EnvToken, local.Token)
	if err := readmeSessions(); err != nil {
		t.Error(err)
	}
}

func readmeSessions() error {
	rdb, err := upstash.FromEnv()
	if err != nil {
		return err
	}
	secret := session.Key("32 bytes, and no more guessable.")

	sessions, err := session.New[Login](rdb, session.Options{Namespace: "shop", Secret: secret})
	if err != nil {
		return err
	}
	web, err := session.NewWeb(sessions, session.WebOptions{}) // cookies, renewal, CSRF: web.Handler(mux)
	if err != nil {
		return err
	}

	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		s, err := web.SignIn(ctx, "u42", Login{Email: "ada@example.com"}) // in the handler that found the password right
		answerReadme(w, s, err)
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		s, err := web.Get(ctx) // in every other one; err is no sign-out unless session.SignedOut(err)
		answerReadme(w, s, err)
	})

	browser := sessiontest.NewBrowser(web.Handler(mux))
	if got := browser.Get("/me"); got.Status != http.StatusUnauthorized {
		return fmt.Errorf("before: %d %s", got.Status, got.Body)
	}
	if got := browser.PostForm("/login", nil); got.Status != http.StatusOK {
		return fmt.Errorf("login: %d %s", got.Status, got.Body)
	}
	if got := browser.Get("/me"); got.Body != "ada@example.com" {
		return fmt.Errorf("after: %d %s", got.Status, got.Body)
	}
	return nil
}

func answerReadme(w http.ResponseWriter, s *session.Session[Login], err error) {
	switch {
	case err == nil:
		_, err = fmt.Fprint(w, s.Data.Email)
		_ = errors.Join(err)
	case session.SignedOut(err):
		http.Error(w, "please sign in", http.StatusUnauthorized)
	default:
		http.Error(w, "try again", http.StatusServiceUnavailable)
	}
}
