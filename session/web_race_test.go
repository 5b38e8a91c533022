package session_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// race is requests of one browser that are under way together. Every request to
// the store, and every arrival of an answer, is a step; the explorer takes the
// steps in every order there is.
type race struct {
	browser *sessiontest.Browser
	runners []*runner
}

type runner struct {
	path     string
	started  bool
	ask, may chan struct{}
	done     chan *sessiontest.Answer
	res      *sessiontest.Answer // that has not arrived
	arrived  bool
}

type runnerKey struct{}

// gate lets a runner's requests to the store wait for their turn.
type gate struct{ upstash.Doer }

func (g gate) Do(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
	if r, ok := ctx.Value(runnerKey{}).(*runner); ok {
		r.ask <- struct{}{}
		<-r.may
	}
	return g.Doer.Do(ctx, b)
}

// step lets one runner go on to its next request, answer, or arrival.
func (c *race) step(t *testing.T, r *runner) {
	t.Helper()
	switch {
	case !r.started:
		r.started = true
		request := get(t, r.path)
		request = request.WithContext(context.WithValue(request.Context(), runnerKey{}, r))
		go func() { r.done <- c.browser.Start(request) }()
	case r.res != nil:
		c.browser.Finish(r.res)
		r.arrived = true
		return
	default:
		r.may <- struct{}{}
	}
	select {
	case <-r.ask:
	case r.res = <-r.done:
	}
}

// explore runs a contest in every order, each time on a new site, and returns how
// many orders there are.
func explore(t *testing.T, x contest, check func(c *race, order string)) (orders int) {
	t.Helper()
	srv := newServer(t)
	warm(t, srv)
	var path []int // which of those that can go on goes, at each step
	for {
		orders++
		c := x.begin(t, srv, "n"+strconv.Itoa(orders))
		var order strings.Builder
		var width []int
		for at := 0; ; at++ {
			var ready []*runner
			for _, r := range c.runners {
				if !r.arrived {
					ready = append(ready, r)
				}
			}
			if len(ready) == 0 {
				break
			}
			if at == len(path) {
				path = append(path, 0)
			}
			width = append(width, len(ready))
			r := ready[path[at]]
			order.WriteString(r.path)
			c.step(t, r)
		}
		check(c, order.String())
		for len(path) > 0 && path[len(path)-1] == width[len(path)-1]-1 {
			path = path[:len(path)-1]
		}
		if len(path) == 0 || t.Failed() {
			return orders
		}
		path[len(path)-1]++
	}
}

// contest is a browser with a session, and the requests that it makes.
type contest struct {
	user    string // whose the session is, when the race begins
	paths   []string
	more    string // and in the long form this one
	renewal bool   // is due
	options session.WebOptions
	pages   func(s *shop, pages map[string]visit)
	status  int // of /me at the end
}

// begin makes a site of its own on the server.
func (x contest) begin(t *testing.T, srv *upstashtest.Server, name string) *race {
	t.Helper()
	s := shopOver(t, srv, gate{srv.Client()}, session.Options{Namespace: name}, x.options)
	pages := s.usual()
	if x.pages != nil {
		x.pages(s, pages)
	}
	c := &race{browser: s.pages(pages)}
	if x.user == "" {
		c.browser.Do(get(t, "/guest"))
	} else {
		c.browser.Do(get(t, "/login"))
	}
	if x.renewal {
		for range 3 { // used now and then
			srv.Advance(20 * time.Minute)
			if _, err := s.m.Get(t.Context(), session.Token(c.browser.Cookie(hostID))); err != nil {
				t.Fatal(err)
			}
		}
	}
	paths := x.paths
	if x.more != "" && steps(1, 2) == 2 {
		paths = append(slices.Clone(paths), x.more)
	}
	for _, path := range paths {
		c.runners = append(c.runners, &runner{path: path, ask: make(chan struct{}), may: make(chan struct{}), done: make(chan *sessiontest.Answer)})
	}
	return c
}

// warm has a server know the scripts, so that one operation is one request.
func warm(t *testing.T, srv *upstashtest.Server) {
	t.Helper()
	m := managerOver[login](t, srv, srv.Client(), session.Options{Namespace: "warm"})
	s := ok(m.Create(t.Context(), "u", jo))(t)
	ok(m.Update(t.Context(), s, func(l *login) error { l.Visits++; return nil }))(t)
	ok(m.DestroyOthers(t.Context(), s))(t)
}

var contests = map[string]contest{
	"sign-in":                       {paths: []string{"/login", "/visit"}, more: "/me", status: 200},
	"sign-in with renewals":         {paths: []string{"/login", "/me"}, renewal: true, status: 200},
	"two sign-ins":                  {paths: []string{"/login", "/login"}, status: 200},
	"sign-in of who is signed in":   {user: "u", paths: []string{"/login", "/visit"}, status: 200},
	"renewals":                      {user: "u", paths: []string{"/me", "/me"}, renewal: true, status: 200},
	"renewal and update":            {user: "u", paths: []string{"/visit", "/me"}, renewal: true, status: 200},
	"sign-out":                      {user: "u", paths: []string{"/logout", "/visit"}, more: "/me", status: 401},
	"sign-out with renewals":        {user: "u", paths: []string{"/logout", "/me"}, renewal: true, status: 401},
	"sign-out with a later renewal": {user: "u", paths: []string{"/logout", "/visit"}, renewal: true, status: 401},
}

// TestModelCookieRaces: whatever the order in which requests reach the store and
// answers reach the browser, after a sign-in or a renewal the browser has a
// token that is signed in, and after a sign-out none that is.
//
// UPSTASH_LONG=1 adds a third request to some.
func TestModelCookieRaces(t *testing.T) {
	t.Parallel()
	for name, x := range contests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			orders := explore(t, x, func(c *race, order string) {
				if bad := x.judge(t, c); bad != "" {
					t.Errorf("%s: %s", order, bad)
				}
			})
			t.Logf("%d orders", orders)
			if orders < 10 {
				t.Errorf("%d orders are not a race", orders)
			}
		})
	}
}

func (x contest) judge(t *testing.T, c *race) string {
	t.Helper()
	if code := c.browser.Do(get(t, "/me")).Status; code != x.status {
		return fmt.Sprintf("status %d at the end, want %d", code, x.status)
	}
	for _, r := range c.runners {
		if x.renewal && x.status == 200 && r.path == "/me" && x.user != "" && r.res.Status != 200 {
			return fmt.Sprintf("status %d in the course of a renewal", r.res.Status)
		}
	}
	return ""
}

// clearing is a page of a program that takes the cookie back from who has no
// session, as many do.
func clearing(s *shop, pages map[string]visit) {
	pages["/me"] = func(ctx context.Context, w http.ResponseWriter) {
		if _, err := s.web.Get(ctx); session.SignedOut(err) {
			http.SetCookie(w, &http.Cookie{Name: hostID, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		}
		s.me(ctx, w)
	}
}

// keeping is a page that sends the cookie along with every answer.
func keeping(s *shop, pages map[string]visit) {
	pages["/visit"] = func(ctx context.Context, w http.ResponseWriter) {
		if got, err := s.web.Get(ctx); err == nil {
			http.SetCookie(w, &http.Cookie{Name: hostID, Value: string(got.Token()), Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
		}
	}
}

// TestCookieRacesCatch shows that the explorer finds what others do wrong.
func TestCookieRacesCatch(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]contest{
		"who has no session loses the cookie": {paths: []string{"/login", "/me"}, pages: clearing, status: 200},
		"every answer has the cookie":         {paths: []string{"/login", "/visit"}, pages: keeping, status: 200},
		"the sign-out only takes the cookie": {user: "u", paths: []string{"/logout", "/me"}, renewal: true, status: 401, pages: func(s *shop, pages map[string]visit) {
			pages["/logout"] = func(_ context.Context, w http.ResponseWriter) {
				http.SetCookie(w, &http.Cookie{Name: hostID, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := 0
			explore(t, x, func(c *race, _ string) {
				if x.judge(t, c) != "" {
					found++
				}
			})
			if found == 0 {
				t.Error("not caught")
			}
		})
	}
}
