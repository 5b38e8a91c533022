package session_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// shop is a site with a handler of a test behind the sessions.
type shop struct {
	srv *upstashtest.Server
	m   *session.Manager[login]
	web *session.Web[login]
}

func newShop(t *testing.T, o session.Options, wo session.WebOptions) *shop {
	t.Helper()
	srv := newServer(t)
	return shopOver(t, srv, srv.Client(), o, wo)
}

func shopOver(t *testing.T, srv *upstashtest.Server, d upstash.Doer, o session.Options, wo session.WebOptions) *shop {
	t.Helper()
	if o.Secret == nil {
		o.Secret = secret
	}
	m := managerOver[login](t, srv, d, o)
	web, err := session.NewWeb(m, wo)
	if err != nil {
		t.Fatal(err)
	}
	return &shop{srv, m, web}
}

// visit is a handler for one thing.
type visit func(ctx context.Context, w http.ResponseWriter)

// browser uses a site that does the same thing whatever is asked for.
func (s *shop) browser(do visit) *sessiontest.Browser {
	return sessiontest.NewBrowser(s.handler(do))
}

func (s *shop) handler(do visit) http.Handler {
	return s.web.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { do(r.Context(), w) }))
}

// pages is a site with several things to do.
func (s *shop) pages(do map[string]visit) *sessiontest.Browser {
	mux := http.NewServeMux()
	for path, v := range do {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { v(r.Context(), w) })
	}
	return sessiontest.NewBrowser(s.web.Handler(mux))
}

const hostID = "__Host-id"

// usual is what most sites can do.
func (s *shop) usual() map[string]visit {
	return map[string]visit{
		"/login":  func(ctx context.Context, _ http.ResponseWriter) { _, _ = s.web.SignIn(ctx, "u", jo) },
		"/logout": func(ctx context.Context, _ http.ResponseWriter) { _ = s.web.SignOut(ctx) },
		"/guest":  func(ctx context.Context, _ http.ResponseWriter) { _, _ = s.web.Begin(ctx, login{}) },
		"/free":   func(context.Context, http.ResponseWriter) {},
		"/me":     s.me,
		"/visit": func(ctx context.Context, w http.ResponseWriter) {
			if _, err := s.web.Update(ctx, func(l *login) error { l.Visits++; return nil }); err != nil {
				w.WriteHeader(http.StatusUnauthorized)
			}
		},
	}
}

// me is for who is signed in.
func (s *shop) me(ctx context.Context, w http.ResponseWriter) {
	switch got, err := s.web.Get(ctx); {
	case err != nil:
		w.WriteHeader(http.StatusUnauthorized)
	case got.UserID == "":
		w.WriteHeader(http.StatusForbidden)
	default:
		_, _ = w.Write([]byte(got.UserID))
	}
}

// setCookies are the cookies of a response as they stand there, with the token
// left out.
func setCookies(cookies []*http.Cookie) []string {
	var list []string
	for _, c := range cookies {
		if c.Value != "" {
			c.Value = "T"
		}
		c.Raw = ""
		list = append(list, c.String())
	}
	return list
}

func get(t *testing.T, path string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), http.MethodGet, sessiontest.Origin+path, http.NoBody)
}

func post(t *testing.T, path string) *http.Request {
	t.Helper()
	return httptest.NewRequestWithContext(t.Context(), http.MethodPost, sessiontest.Origin+path, http.NoBody)
}
