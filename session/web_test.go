package session_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestWebCost measures, and holds the table of the package documentation to it:
// each of its lines is a row here.
func TestWebCost(t *testing.T) {
	t.Parallel()
	_, table, _ := strings.Cut(string(ok(os.ReadFile("doc.go"))(t)), "// Of a Web,")
	table, _, _ = strings.Cut(table, "\n//\n// Forged")
	lines := map[string]bool{}
	for line := range strings.Lines(table) {
		if fields := strings.Fields(line); len(fields) > 3 && fields[len(fields)-1][0] < 'a' {
			lines[strings.Join(fields[1:], " ")] = false
		}
	}
	s := newShop(t, session.Options{}, session.WebOptions{})
	warm(t, s.srv)
	twice := func(f func(context.Context)) func(context.Context) {
		return func(ctx context.Context) { f(ctx); f(ctx) }
	}
	visit := func(ctx context.Context) {
		ok(s.web.Update(ctx, func(l *login) error { l.Visits++; return nil }))(t)
	}
	get1 := func(ctx context.Context) { _, _ = s.web.Get(ctx) }
	for _, c := range []struct {
		name  string
		guest bool // what there is before: a user's session or a guest's
		none  bool // or nothing
		wait  bool // until a renewal is due
		want  cost
		do    func(ctx context.Context)
	}{
		{name: "nobody asks", want: cost{0, 0}, do: func(context.Context) {}},
		{name: "Get without a cookie", none: true, want: cost{0, 0}, do: get1},
		{name: "Get", want: cost{1, 1}, do: get1},
		{name: "Get twice", want: cost{1, 1}, do: twice(get1)},
		{name: "Get and renewal", wait: true, want: cost{2, 6}, do: get1},
		{name: "SignIn without a cookie", none: true, want: cost{1, 3}, do: func(ctx context.Context) { ok(s.web.SignIn(ctx, "v", jo))(t) }},
		{name: "SignIn of a guest", guest: true, want: cost{2, 7}, do: func(ctx context.Context) { ok(s.web.SignIn(ctx, "v", jo))(t) }},
		{name: "Begin", none: true, want: cost{1, 1}, do: func(ctx context.Context) { ok(s.web.Begin(ctx, jo))(t) }},
		{name: "Begin again", guest: true, want: cost{1, 1}, do: func(ctx context.Context) { ok(s.web.Begin(ctx, jo))(t) }},
		{name: "Rotate", wait: true, want: cost{2, 7}, do: func(ctx context.Context) { ok(s.web.Rotate(ctx, nil))(t) }},
		{name: "Update", want: cost{2, 4}, do: visit},
		{name: "Update twice", want: cost{3, 7}, do: twice(visit)},
		{name: "Update that changes nothing", want: cost{1, 1}, do: func(ctx context.Context) {
			ok(s.web.Update(ctx, func(*login) error { return nil }))(t)
		}},
		{name: "TakeFlash of nothing", want: cost{1, 1}, do: func(ctx context.Context) { _, _, _ = s.web.TakeFlash(ctx, "x") }},
		{name: "AddFlash", want: cost{2, 4}, do: func(ctx context.Context) { noErr(t, s.web.AddFlash(ctx, "x", "y")) }},
		{name: "RequireFresh", want: cost{1, 1}, do: func(ctx context.Context) { _ = s.web.RequireFresh(ctx, time.Minute) }},
		{name: "CSRFToken", want: cost{1, 1}, do: func(ctx context.Context) { _, _ = s.web.CSRFToken(ctx) }},
		{name: "SignOut", want: cost{1, 1}, do: func(ctx context.Context) { noErr(t, s.web.SignOut(ctx)) }},
		{name: "SignOut without a cookie", none: true, want: cost{0, 0}, do: func(ctx context.Context) { noErr(t, s.web.SignOut(ctx)) }},
		{name: "SignOut of a guest", guest: true, want: cost{1, 1}, do: func(ctx context.Context) { noErr(t, s.web.SignOut(ctx)) }},
		{name: "SignOutEverywhere", want: cost{2, 2}, do: func(ctx context.Context) { noErr(t, s.web.SignOutEverywhere(ctx)) }},
		{name: "SignOutEverywhere of a guest", guest: true, want: cost{2, 2}, do: func(ctx context.Context) { noErr(t, s.web.SignOutEverywhere(ctx)) }},
		{name: "SignOutOthers", want: cost{2, 3}, do: func(ctx context.Context) { ok(s.web.SignOutOthers(ctx))(t) }},
	} {
		pages := s.usual()
		pages["/do"] = func(ctx context.Context, _ http.ResponseWriter) { c.do(ctx) }
		b := s.pages(pages)
		switch {
		case c.wait:
			due(t, s, b)
		case c.guest:
			b.Do(get(t, "/guest"))
		case !c.none:
			b.Do(get(t, "/login"))
		}
		got := costOf(t, s.srv, func() error { b.Do(get(t, "/do")); return nil })
		check(t, c.name, c.want, got)
		line := fmt.Sprint(c.name, " ", got.RoundTrips, " ", got.Commands)
		if _, documented := lines[line]; documented {
			lines[line] = true
		}
		noErr(t, s.m.DestroyAll(t.Context(), "u"))
	}
	check(t, "lines of the table", 16, len(lines))
	for line, measured := range lines {
		if !measured {
			t.Errorf("the documentation says %q, which was not measured", line)
		}
	}
}

// TestAVisit: what one request sees of its own doing.
func TestAVisit(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	b := s.browser(func(ctx context.Context, _ http.ResponseWriter) {
		fails(t, "Get", session.ErrNotFound, errOf(s.web.Get(ctx)))
		fails(t, "Update", session.ErrNotFound, errOf(s.web.Update(ctx, func(*login) error { return nil })))
		fails(t, "Rotate", session.ErrNotFound, errOf(s.web.Rotate(ctx, nil)))
		fails(t, "CSRFToken", session.ErrNotFound, errOf(s.web.CSRFToken(ctx)))
		fails(t, "CheckCSRF", session.ErrNotFound, s.web.CheckCSRF(ctx, ""))
		fails(t, "RequireFresh", session.ErrNotFound, s.web.RequireFresh(ctx, time.Hour))
		fails(t, "AddFlash", session.ErrNotFound, s.web.AddFlash(ctx, "a", "b"))
		fails(t, "SignOutEverywhere", session.ErrNotFound, s.web.SignOutEverywhere(ctx))
		_, found, err := s.web.TakeFlash(ctx, "a")
		check(t, "TakeFlash", []any{false, nil}, []any{found, err})

		guest := ok(s.web.Begin(ctx, login{Visits: 1}))(t)
		check(t, "Begin again", guest.ID, ok(s.web.Begin(ctx, login{Visits: 2}))(t).ID)
		noErr(t, s.web.AddFlash(ctx, "a", "b"))
		in := ok(s.web.SignIn(ctx, "u", jo))(t)
		check(t, "Get", in.ID, ok(s.web.Get(ctx))(t).ID)
		check(t, "user", []any{"u", jo}, []any{in.UserID, in.Data})
		noErr(t, s.web.RequireFresh(ctx, time.Minute))
		ok(s.web.Update(ctx, func(l *login) error { l.Visits = 7; return nil }))(t)
		check(t, "payload", 7, ok(s.web.Get(ctx))(t).Data.Visits)
		stop := errors.New("stop")
		if _, err := s.web.Update(ctx, func(*login) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("an error of change: %v", err)
		}
		text, found, err := s.web.TakeFlash(ctx, "a")
		check(t, "TakeFlash", []any{"b", true, nil}, []any{text, found, err})
		_, found, _ = s.web.TakeFlash(ctx, "a")
		check(t, "TakeFlash again", false, found)
		noErr(t, s.web.SignOut(ctx))
		fails(t, "Get after SignOut", session.ErrNotFound, errOf(s.web.Get(ctx)))
		fails(t, "save after SignOut", session.ErrNotFound, errOf(s.web.Update(ctx, func(l *login) error { l.Visits++; return nil })))
		noErr(t, s.web.SignOut(ctx))
		if _, err := s.web.SignIn(ctx, "", jo); err == nil {
			t.Error("nobody signed in")
		}
	})
	res := b.Do(get(t, "/"))
	check(t, "cookies", []string{"__Host-id=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"}, setCookies(res.Cookies()))
	check(t, "sessions", 0, ok(s.m.Count(t.Context(), "u"))(t))
	if _, err := s.web.Get(t.Context()); err == nil || session.SignedOut(err) {
		t.Errorf("a context of no request: %v", err)
	}
	check(t, "manager", true, s.web.Manager() == s.m)
}

// TestFlashStaysWithItsUser: on one browser, somebody else signs in.
func TestFlashStaysWithItsUser(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	flash := map[string]bool{}
	pages := s.usual()
	pages["/note"] = func(ctx context.Context, _ http.ResponseWriter) { noErr(t, s.web.AddFlash(ctx, "note", "x")) }
	pages["/again"] = func(ctx context.Context, _ http.ResponseWriter) {
		ok(s.web.SignIn(ctx, "u", jo))(t)
		_, flash["again"], _ = s.web.TakeFlash(ctx, "note")
	}
	pages["/other"] = func(ctx context.Context, _ http.ResponseWriter) {
		ok(s.web.SignIn(ctx, "v", jo))(t)
		_, flash["other"], _ = s.web.TakeFlash(ctx, "note")
	}
	for _, path := range []string{"/again", "/other"} {
		b := s.pages(pages)
		b.Do(get(t, "/guest"))
		b.Do(get(t, "/note"))
		b.Do(get(t, "/login"))
		b.Do(get(t, path))
		b = s.pages(pages)
		b.Do(get(t, "/login"))
		b.Do(get(t, "/note"))
		b.Do(get(t, path))
	}
	check(t, "found", map[string]bool{"again": true, "other": false}, flash)
}

// TestRememberMe: the cookie outlives the browser until the session's end, also
// after a renewal, and not after a sign-in that does not say so.
func TestRememberMe(t *testing.T) {
	t.Parallel()
	const month = 720 * time.Hour
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	pages["/remember"] = func(ctx context.Context, _ http.ResponseWriter) {
		ok(s.web.SignIn(ctx, "u", jo, session.Remember(month)))(t)
	}
	pages["/sudo"] = func(ctx context.Context, _ http.ResponseWriter) { ok(s.web.Rotate(ctx, nil, session.SameLogin()))(t) }
	b := s.pages(pages)
	b.Do(get(t, "/guest"))
	age := func(path string) int {
		t.Helper()
		cookies := b.Do(get(t, path)).Cookies()
		if len(cookies) != 1 {
			t.Fatalf("%s: %d cookies", path, len(cookies))
		}
		return cookies[0].MaxAge
	}
	check(t, "sign-in", int(month.Seconds()), age("/remember"))
	s.srv.Advance(600 * time.Hour)
	check(t, "renewal", int((120 * time.Hour).Seconds()), age("/me"))
	s.srv.Advance(time.Hour)
	check(t, "elevation", int((119 * time.Hour).Seconds()), age("/sudo"))
	check(t, "no cookie without need", 0, len(b.Do(get(t, "/me")).Cookies()))
	check(t, "an ordinary sign-in", 0, age("/login"))
	s.srv.Advance(31 * time.Minute)
	check(t, "its idle time is the ordinary one", 401, b.Do(get(t, "/me")).Status)
}

// TestASessionThatEndsMeanwhile: nothing is saved, and no cookie is set or taken.
func TestASessionThatEndsMeanwhile(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	for path, end := range map[string]func(got *session.Session[login]){
		"/destroyed": func(*session.Session[login]) { noErr(t, s.m.DestroyAll(t.Context(), "u")) },
		"/rotated":   func(got *session.Session[login]) { ok(s.m.Rotate(t.Context(), got, "u", nil))(t) },
	} {
		pages[path] = func(ctx context.Context, _ http.ResponseWriter) {
			got := ok(s.web.Get(ctx))(t)
			end(got)
			if err := errOf(s.web.Update(ctx, func(l *login) error { l.Visits++; return nil })); !session.SignedOut(err) {
				t.Errorf("%s: %v", path, err)
			}
			if err := errOf(s.web.Get(ctx)); !session.SignedOut(err) {
				t.Errorf("%s: %v", path, err)
			}
			if path == "/rotated" {
				fails(t, "SignOut", session.ErrMoved, s.web.SignOut(ctx))
			}
		}
	}
	for _, path := range []string{"/destroyed", "/rotated"} {
		b := s.pages(pages)
		b.Do(get(t, "/login"))
		res := b.Do(get(t, path))
		check(t, path, []int{200, 0}, []int{res.Status, len(res.Cookies())})
	}
	check(t, "sessions", 1, ok(s.m.Count(t.Context(), "u"))(t))
}

// TestUpdateRenewedMeanwhile: the change is kept, and the cookie is the new one.
func TestUpdateRenewedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	pages["/slow"] = func(ctx context.Context, _ http.ResponseWriter) {
		got := ok(s.web.Get(ctx))(t)
		ok(s.m.Renew(ctx, got, time.Hour, grace))(t)
		after := ok(s.web.Update(ctx, func(l *login) error { l.Visits++; return nil }))(t)
		check(t, "visits", 1, after.Data.Visits)
	}
	b := s.pages(pages)
	b.Do(get(t, "/login"))
	old := b.Cookie(hostID)
	b.Do(get(t, "/slow"))
	check(t, "another cookie", true, old != b.Cookie(hostID))
	check(t, "sessions", 1, ok(s.m.Count(t.Context(), "u"))(t))
	check(t, "signed in", 200, b.Do(get(t, "/me")).Status)
}

// TestOneRequestManyGoroutines asks from all sides; -race listens.
func TestOneRequestManyGoroutines(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	pages["/many"] = func(ctx context.Context, w http.ResponseWriter) {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() { _, _ = s.web.Get(ctx) })
			all.Go(func() { _, _ = s.web.Update(ctx, func(l *login) error { l.Visits++; return nil }) })
			all.Go(func() { _, _ = s.web.CSRFToken(ctx) })
		}
		w.WriteHeader(http.StatusAccepted)
		all.Wait()
	}
	b := s.pages(pages)
	b.Do(get(t, "/login"))
	b.Do(get(t, "/many"))
	check(t, "visits", 8, ok(s.m.Get(t.Context(), session.Token(b.Cookie(hostID))))(t).Data.Visits)
}

// TestSeveralCookiesOfOneName: somebody who can set cookies for the domain puts
// one in front.
func TestSeveralCookiesOfOneName(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{Cookie: session.CookieOptions{Domain: "app.example"}})
	b := s.pages(s.usual())
	b.Do(get(t, "/login"))
	r := get(t, "/me")
	r.AddCookie(&http.Cookie{Name: "__Secure-id", Value: "tossed"})
	check(t, "status", 200, b.Do(r).Status)
}

func TestWebOptionsAreChecked(t *testing.T) {
	t.Parallel()
	_, m := newManager(t, session.Options{})
	for name, o := range map[string]session.WebOptions{
		"a grace that is too long": {Renew: time.Minute, Grace: 30 * time.Second},
		"a negative grace":         {Grace: -1},
	} {
		if _, err := session.NewWeb(m, o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := session.NewWeb[login](nil, session.WebOptions{}); err == nil {
		t.Error("no manager: no error")
	}
}

// TestStrong: a route that no replica may answer.
func TestStrong(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{Throttle: time.Minute}, session.WebOptions{Strong: func(r *http.Request) bool { return r.URL.Path == "/me" }})
	b := s.pages(s.usual())
	b.Do(get(t, "/login"))
	s.srv.InterceptAll(upstashtest.On("HMGET", upstashtest.DropBefore))
	check(t, "status", 200, b.Do(get(t, "/me")).Status)
}
