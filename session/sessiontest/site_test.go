package sessiontest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

type payload struct{ Name string }

// program is a small site, whose handlers a test replaces by worse ones.
type program struct {
	m      *session.Manager[payload]
	web    *session.Web[payload]
	login  http.HandlerFunc
	logout http.HandlerFunc
	me     http.HandlerFunc
}

func newProgram(t *testing.T) *program {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	m, err := session.New[payload](srv.Client(), session.Options{Namespace: "n"})
	if err != nil {
		t.Fatal(err)
	}
	web, err := session.NewWeb(m, session.WebOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p := &program{m: m, web: web}
	p.login = func(_ http.ResponseWriter, r *http.Request) { _, _ = web.SignIn(r.Context(), "u", payload{"jo"}) }
	p.logout = func(_ http.ResponseWriter, r *http.Request) { _ = web.SignOut(r.Context()) }
	p.me = func(w http.ResponseWriter, r *http.Request) {
		if s, err := web.Get(r.Context()); err != nil || s.Data.Name == "" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	return p
}

func (p *program) site() sessiontest.Site {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) { p.login(w, r) })
	mux.HandleFunc("POST /logout", func(w http.ResponseWriter, r *http.Request) { p.logout(w, r) })
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) { p.me(w, r) })
	mux.HandleFunc("GET /basket", func(_ http.ResponseWriter, r *http.Request) { _, _ = p.web.Begin(r.Context(), payload{}) })
	return sessiontest.Site{
		Handler: p.web.Handler(mux),
		Login:   func(b *sessiontest.Browser) *sessiontest.Answer { return b.PostForm("/login", nil) },
		Logout:  func(b *sessiontest.Browser) *sessiontest.Answer { return b.PostForm("/logout", nil) },
		Private: func(b *sessiontest.Browser) *sessiontest.Answer { return b.Get("/me") },
		Guest:   func(b *sessiontest.Browser) *sessiontest.Answer { return b.Get("/basket") },
	}
}

// reports is a testing.TB that keeps what is reported.
type reports struct {
	testing.TB

	list []string
}

func (*reports) Helper() {}

func (r *reports) Errorf(format string, args ...any) {
	r.list = append(r.list, fmt.Sprintf(format, args...))
}

func TestGoodHandlersPass(t *testing.T) {
	t.Parallel()
	sessiontest.LoginRotates(t, newProgram(t).site())
	sessiontest.LogoutDestroys(t, newProgram(t).site())
	without := newProgram(t).site()
	without.Guest = nil
	sessiontest.LoginRotates(t, without)
}

// cookieOf is a cookie as programs set it by themselves.
func cookieOf(token session.Token) *http.Cookie {
	return &http.Cookie{Name: "__Host-id", Value: string(token), Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

func tokenOf(r *http.Request) session.Token {
	c, err := r.Cookie("__Host-id")
	if err != nil {
		return ""
	}
	return session.Token(c.Value)
}

// badHandlers are mistakes that login and logout handlers have, each with a part
// of what is said about it.
var badHandlers = map[string]struct {
	say   string
	plant func(p *program)
}{
	"the login rotates nothing": {"keeps the token that the browser had before", func(p *program) {
		p.login = func(_ http.ResponseWriter, r *http.Request) {
			_, err := p.web.Update(r.Context(), func(d *payload) error { d.Name = "jo"; return nil })
			if err != nil {
				_, _ = p.web.SignIn(r.Context(), "u", payload{"jo"})
			}
		}
	}},
	"the login signs in the session of before too": {"token of before the login is signed in", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			_, _ = p.web.Update(r.Context(), func(d *payload) error { d.Name = "jo"; return nil })
			s, err := p.m.Create(r.Context(), "u", payload{"jo"})
			if err == nil {
				w.Header().Set("Cache-Control", "no-store")
				http.SetCookie(w, cookieOf(s.Token()))
			}
		}
	}},
	"a second login leaves the first": {"alive after a second one", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			s, err := p.m.Create(r.Context(), "u", payload{"jo"})
			if err == nil {
				w.Header().Set("Cache-Control", "no-store")
				http.SetCookie(w, cookieOf(s.Token()))
			}
		}
	}},
	"the login does nothing": {"sets no cookie", func(p *program) { p.login = func(http.ResponseWriter, *http.Request) {} }},
	"the login sets a cookie that browsers refuse": {"sets no cookie", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			s, _ := p.m.Create(r.Context(), "u", payload{"jo"})
			c := cookieOf(s.Token())
			c.Path = "/login"
			http.SetCookie(w, c)
		}
	}},
	"a script can read the cookie": {"set HttpOnly", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			s, _ := p.m.Create(r.Context(), "u", payload{"jo"})
			c := cookieOf(s.Token())
			c.HttpOnly = false
			http.SetCookie(w, c)
		}
	}},
	"the cookie has no SameSite": {"no SameSite", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			s, _ := p.m.Create(r.Context(), "u", payload{"jo"})
			c := cookieOf(s.Token())
			c.SameSite = 0
			http.SetCookie(w, c)
		}
	}},
	"a cache may keep the login": {"no-store", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			s, _ := p.m.Create(r.Context(), "u", payload{"jo"})
			http.SetCookie(w, cookieOf(s.Token()))
		}
	}},
	"the token is in the page": {"in the body", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			if s, err := p.web.SignIn(r.Context(), "u", payload{"jo"}); err == nil {
				_, _ = io.WriteString(w, string(s.Token()))
			}
		}
	}},
	"the token is in a redirect": {"in the header Location", func(p *program) {
		p.login = func(w http.ResponseWriter, r *http.Request) {
			if s, err := p.web.SignIn(r.Context(), "u", payload{"jo"}); err == nil {
				http.Redirect(w, r, "/me?session="+string(s.Token()), http.StatusSeeOther)
			}
		}
	}},
	"the client chooses the token": {"that the client chose", func(p *program) {
		known := map[session.Token]bool{}
		good := p.me
		p.login = func(w http.ResponseWriter, r *http.Request) {
			if token := tokenOf(r); token != "" && len(token) < 50 {
				known[token] = true
				http.SetCookie(w, cookieOf(token))
				return
			}
			_, _ = p.web.SignIn(r.Context(), "u", payload{"jo"})
		}
		p.me = func(w http.ResponseWriter, r *http.Request) {
			if !known[tokenOf(r)] {
				good(w, r)
			}
		}
	}},
	"the logout only clears the cookie": {"a copy of the cookie is signed in", func(p *program) {
		p.logout = func(w http.ResponseWriter, _ *http.Request) {
			c := cookieOf("")
			c.MaxAge = -1
			http.SetCookie(w, c)
		}
	}},
	"the logout saves afterwards": {"the browser is signed in after the logout", func(p *program) {
		p.logout = func(_ http.ResponseWriter, r *http.Request) {
			s, err := p.web.Get(r.Context())
			if err != nil {
				return
			}
			_ = p.web.SignOut(r.Context())
			_, _ = p.web.SignIn(r.Context(), s.UserID, s.Data) // "so that the farewell is remembered"
		}
	}},
	"the logout leaves the cookie": {"leaves the cookie in the browser", func(p *program) {
		p.logout = func(_ http.ResponseWriter, r *http.Request) { _ = p.m.Destroy(r.Context(), tokenOf(r)) }
	}},
	"the logout fails": {"fails with status 405", func(p *program) {
		p.logout = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusMethodNotAllowed) }
	}},
	"every page signs in again": {"an answer that arrives after the logout", func(p *program) {
		good := p.me
		p.me = func(w http.ResponseWriter, r *http.Request) {
			// A remember-me cookie that each answer renews, and no logout ends.
			if s, err := p.m.Get(r.Context(), tokenOf(r)); err == nil && s.Data.Name != "" {
				if again, err := p.m.Create(r.Context(), "u", s.Data); err == nil {
					http.SetCookie(w, cookieOf(again.Token()))
				}
			}
			good(w, r)
		}
	}},
}

// TestBadHandlersAreCaught: each mistake is found, and for what it is.
func TestBadHandlersAreCaught(t *testing.T) {
	t.Parallel()
	for name, bad := range badHandlers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, r := newProgram(t), &reports{}
			bad.plant(p)
			sessiontest.LoginRotates(r, p.site())
			p = newProgram(t)
			bad.plant(p)
			sessiontest.LogoutDestroys(r, p.site())
			if !slices.ContainsFunc(r.list, func(text string) bool { return strings.Contains(text, bad.say) }) {
				t.Errorf("want %q, reported: %q", bad.say, r.list)
			}
		})
	}
}

func TestBrowserRules(t *testing.T) {
	t.Parallel()
	var set *http.Cookie
	var seen []string
	b := sessiontest.NewBrowser(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.Header.Get("Cookie"))
		if set != nil {
			http.SetCookie(w, set)
		}
	}))
	for name, c := range map[string]*http.Cookie{
		"__Host- with a path":       {Name: "__Host-a", Value: "1", Path: "/x", Secure: true},
		"__Host- with a domain":     {Name: "__Host-a", Value: "1", Path: "/", Domain: "app.example", Secure: true},
		"__Host- that is plain":     {Name: "__Host-a", Value: "1", Path: "/"},
		"__Secure- that is plain":   {Name: "__Secure-a", Value: "1", Path: "/"},
		"SameSite None and plain":   {Name: "a", Value: "1", Path: "/", SameSite: http.SameSiteNoneMode},
		"the domain of another one": {Name: "a", Value: "1", Path: "/", Domain: "other.example", Secure: true},
	} {
		set = c
		b.Get("/")
		if b.Cookie(c.Name) != "" {
			t.Errorf("%s: kept", name)
		}
	}
	set = cookieOf("token")
	res := b.Start(httptest.NewRequestWithContext(t.Context(), http.MethodGet, sessiontest.Origin+"/", http.NoBody))
	b.SetCookie("__Host-id", "other")
	set = nil
	b.Get("/")
	b.Finish(res)
	b.Get("/")
	want := []string{"__Host-id=other", "__Host-id=token"}
	if diff := cmp.Diff(want, seen[len(seen)-2:]); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
}
