package session_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
)

func TestS2UnknownTokensAreNeverAdopted(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	elsewhere := shopOver(t, s.srv, s.srv.Client(), session.Options{Namespace: "elsewhere", Secret: keyB}, session.WebOptions{})
	foreign := elsewhere.pages(elsewhere.usual())
	foreign.Do(get(t, "/login"))
	before := len(stored(t, s.srv))
	for name, chosen := range map[string]string{
		"text": "chosen", "well-formed": strings.Repeat("A", 100), "of another program": foreign.Cookie(hostID),
	} {
		b := s.pages(s.usual())
		b.SetCookie(hostID, chosen)
		check(t, name, 401, b.Do(get(t, "/me")).Status)
		check(t, name+": records", before, len(stored(t, s.srv)))
		b.Do(get(t, "/guest"))
		guest := b.Cookie(hostID)
		check(t, name+": a guest gets another", true, guest != chosen && len(guest) == 100)
		b.SetCookie(hostID, chosen)
		b.Do(get(t, "/login"))
		check(t, name+": a user gets another", true, b.Cookie(hostID) != chosen && len(b.Cookie(hostID)) == 100)
		check(t, name+": signed in", 200, b.Do(get(t, "/me")).Status)
		b.SetCookie(hostID, chosen)
		check(t, name+": still unknown", 401, b.Do(get(t, "/me")).Status)
		noErr(t, s.m.DestroyAll(t.Context(), "u"))
		before = len(stored(t, s.srv))
	}
}

func TestS3SignInAndElevationGiveANewToken(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	pages["/sudo"] = func(ctx context.Context, _ http.ResponseWriter) {
		_, _ = s.web.Rotate(ctx, func(l *login) error { l.Role = "root"; return nil })
	}
	b := s.pages(pages)
	var tokens []string
	for _, path := range []string{"/guest", "/login", "/login", "/sudo"} {
		s.srv.Advance(time.Minute)
		b.Do(get(t, path))
		for _, old := range tokens {
			if old == b.Cookie(hostID) {
				t.Errorf("%s keeps a token", path)
			}
			thief := s.pages(pages)
			thief.SetCookie(hostID, old)
			res := thief.Do(get(t, "/me"))
			check(t, path+": a token of before", []any{401, 0}, []any{res.Status, len(res.Cookies())})
		}
		tokens = append(tokens, b.Cookie(hostID))
	}
	got := ok(s.m.Get(t.Context(), session.Token(b.Cookie(hostID))))(t)
	check(t, "role", "root", got.Data.Role)
	check(t, "sign-in", s.srv.Now().Local(), got.Authenticated)
	check(t, "sessions", 1, ok(s.m.Count(t.Context(), "u"))(t))
}

func TestS13HostPrefixIsTheDefault(t *testing.T) {
	t.Parallel()
	month := 720 * time.Hour
	for name, c := range map[string]struct {
		o    session.CookieOptions
		opts []session.Option
		want string
	}{
		"default":  {want: "__Host-id=T; Path=/; HttpOnly; Secure; SameSite=Lax"},
		"remember": {opts: []session.Option{session.Remember(month)}, want: "__Host-id=T; Path=/; Max-Age=2592000; HttpOnly; Secure; SameSite=Lax"},
		"named":    {o: session.CookieOptions{Name: "__Host-shop", SameSite: http.SameSiteStrictMode}, want: "__Host-shop=T; Path=/; HttpOnly; Secure; SameSite=Strict"},
		"shared":   {o: session.CookieOptions{Domain: "example.com"}, want: "__Secure-id=T; Path=/; Domain=example.com; HttpOnly; Secure; SameSite=Lax"},
		"shared path": {
			o:    session.CookieOptions{Domain: "example.com", Path: "/shop", Name: "__Secure-x", SameSite: http.SameSiteNoneMode},
			want: "__Secure-x=T; Path=/shop; Domain=example.com; HttpOnly; Secure; SameSite=None",
		},
	} {
		s := newShop(t, session.Options{}, session.WebOptions{Cookie: c.o})
		h := s.handler(func(ctx context.Context, _ http.ResponseWriter) { ok(s.web.SignIn(ctx, "u", jo, c.opts...))(t) })
		check(t, name, []string{c.want}, setCookies(sessiontest.NewBrowser(h).Do(get(t, "/")).Cookies()))
		out := s.browser(func(ctx context.Context, _ http.ResponseWriter) { noErr(t, s.web.SignOut(ctx)) })
		r := get(t, "/")
		r.AddCookie(&http.Cookie{Name: strings.SplitN(c.want, "=", 2)[0], Value: "old"})
		gone := strings.Replace(strings.Replace(c.want, "=T", "=", 1), " Max-Age=2592000;", "", 1)
		gone = strings.Replace(gone, "; HttpOnly", "; Max-Age=0; HttpOnly", 1)
		check(t, name+", taken back", []string{gone}, setCookies(out.Do(r).Cookies()))
	}
	for name, o := range map[string]session.CookieOptions{
		"__Host- with a Domain":        {Name: "__Host-id", Domain: "example.com"},
		"__Host- with a Path":          {Name: "__Host-id", Path: "/shop"},
		"__Host- that is not Secure":   {Name: "__Host-id", Insecure: true},
		"__hOST- in other letters":     {Name: "__hOST-id", Domain: "example.com"},
		"__Secure- without sharing":    {Name: "__Secure-id"},
		"__Secure- with a Path":        {Name: "__Secure-id", Path: "/shop"},
		"__Secure- that is not Secure": {Name: "__Secure-id", Insecure: true},
		"a Path alone":                 {Path: "/shop"},
		"no prefix":                    {Name: "id"},
		"no prefix, shared":            {Name: "id", Domain: "example.com"},
		"shared and not Secure":        {Name: "id", Domain: "example.com", Insecure: true},
		"no name for a cookie":         {Name: "__Host-a b"},
		"no domain":                    {Domain: "a b"},
		"no path":                      {Domain: "example.com", Path: "shop"},
	} {
		_, m := newManager(t, session.Options{})
		if _, err := session.NewWeb(m, session.WebOptions{Cookie: o}); err == nil || !strings.HasPrefix(err.Error(), "session: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestS13PlainCookiesAreForLoopback: the development mode does not work on a
// server by mistake.
func TestS13PlainCookiesAreForLoopback(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{Cookie: session.CookieOptions{Insecure: true}})
	h := s.handler(func(ctx context.Context, _ http.ResponseWriter) { ok(s.web.SignIn(ctx, "u", jo))(t) })
	for host, want := range map[string][]string{
		"localhost:8080": {"id=T; Path=/; HttpOnly; SameSite=Lax"}, "127.0.0.1": {"id=T; Path=/; HttpOnly; SameSite=Lax"},
		"[::1]:8080": {"id=T; Path=/; HttpOnly; SameSite=Lax"}, "app.localhost": {"id=T; Path=/; HttpOnly; SameSite=Lax"},
		"app.example": nil, "localhost.example": nil, "10.0.0.1:80": nil, "": nil,
	} {
		r, w := get(t, "/"), httptest.NewRecorder()
		r.Host = host
		h.ServeHTTP(w, r)
		code := 503
		if want != nil {
			code = 200
		}
		check(t, host, code, w.Code)
		check(t, host, want, setCookies(w.Result().Cookies()))
	}
}

func TestS14SameSiteIsAlwaysThere(t *testing.T) {
	t.Parallel()
	_, m := newManager(t, session.Options{})
	for name, o := range map[string]session.CookieOptions{
		"default mode":      {SameSite: http.SameSiteDefaultMode},
		"unknown":           {SameSite: 9},
		"None and Insecure": {SameSite: http.SameSiteNoneMode, Insecure: true},
	} {
		if _, err := session.NewWeb(m, session.WebOptions{Cookie: o}); err == nil || !strings.Contains(err.Error(), "SameSite") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, mode := range []http.SameSite{0, http.SameSiteLaxMode, http.SameSiteStrictMode, http.SameSiteNoneMode} {
		s := newShop(t, session.Options{}, session.WebOptions{Cookie: session.CookieOptions{SameSite: mode}})
		res := s.pages(s.usual()).Do(get(t, "/login"))
		if text := res.Header.Get("Set-Cookie"); !strings.Contains(text, "SameSite=") || !strings.Contains(text, "Secure") {
			t.Errorf("mode %d: no SameSite", mode)
		}
	}
}

// TestS15TheTokenIsInItsCookieOnly looks through whole responses, of every page
// and with redirects.
func TestS15TheTokenIsInItsCookieOnly(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	pages["/"] = func(ctx context.Context, w http.ResponseWriter) {
		got, err := s.web.Get(ctx)
		_, _ = fmt.Fprintf(w, "%v %+v %#v", got, got, err)
	}
	pages["/form"] = func(ctx context.Context, w http.ResponseWriter) {
		token, _ := s.web.CSRFToken(ctx)
		_, _ = io.WriteString(w, token)
	}
	pages["/away"] = func(ctx context.Context, w http.ResponseWriter) {
		_, _ = s.web.Rotate(ctx, nil)
		w.Header().Set("Location", "/me")
		w.WriteHeader(http.StatusSeeOther)
	}
	b := s.pages(pages)
	var secrets []string
	for _, path := range []string{"/guest", "/form", "/login", "/", "/form", "/me", "/visit", "/away", "/nothing", "/logout"} {
		res := b.Do(get(t, path))
		if token := b.Cookie(hostID); token != "" {
			secrets = append(secrets, spellings(t, session.Token(token))...)
		}
		for _, c := range res.Cookies() {
			if !c.HttpOnly {
				t.Errorf("%s: scripts can read the cookie", path)
			}
		}
		res.Header.Del("Set-Cookie")
		leaks(t, path, fmt.Sprint(res.Header, res.Body), secrets)
	}
}

func TestS16TheCookieFits(t *testing.T) {
	t.Parallel()
	_, m := newManager(t, session.Options{})
	longest := "__Host-" + strings.Repeat("a", 4096-100-7)
	for name, want := range map[string]bool{longest: true, longest + "a": false} {
		_, err := session.NewWeb(m, session.WebOptions{Cookie: session.CookieOptions{Name: name}})
		check(t, strconv.Itoa(len(name)), want, err == nil)
	}
	s := newShop(t, session.Options{MaxPayload: 1 << 20}, session.WebOptions{})
	b := s.browser(func(ctx context.Context, _ http.ResponseWriter) {
		ok(s.web.SignIn(ctx, strings.Repeat("u", 5000), login{Email: strings.Repeat("e", 100_000)}))(t)
	})
	b.Do(get(t, "/"))
	check(t, "name and value", 109, len(hostID+b.Cookie(hostID)))
}

func TestS17NoCacheKeepsACookie(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	pages["/cached"] = func(ctx context.Context, w http.ResponseWriter) {
		w.Header().Set("Cache-Control", "public, max-age=60")
		w.Header().Set("Vary", "Accept, cookie")
		s.me(ctx, w)
	}
	pages["/login"] = func(ctx context.Context, w http.ResponseWriter) {
		ok(s.web.SignIn(ctx, "u", jo))(t)
		w.Header().Set("Cache-Control", "public, max-age=60")
		http.Error(w, "welcome", http.StatusTeapot) // which takes headers away
	}
	pages["/logout"] = func(ctx context.Context, w http.ResponseWriter) {
		noErr(t, s.web.SignOut(ctx))
		session.ClearSiteData(w.Header())
	}
	b := s.pages(pages)
	row := func(path string) []string {
		h := b.Do(get(t, path)).Header
		return []string{path, h.Get("Cache-Control"), strings.Join(h.Values("Vary"), "; "), h.Get("Clear-Site-Data")}
	}
	got := [][]string{row("/free"), row("/me"), row("/login"), row("/me"), row("/cached"), row("/visit"), row("/logout"), row("/me")}
	s.srv.Advance(30 * time.Minute)
	check(t, "path, Cache-Control, Vary, Clear-Site-Data", [][]string{
		{"/free", "", "", ""},
		{"/me", "", "Cookie", ""},
		{"/login", "no-store", "Cookie", ""},
		{"/me", "", "Cookie", ""},
		{"/cached", "public, max-age=60", "Accept, cookie", ""},
		{"/visit", "", "Cookie", ""},
		{"/logout", "no-store", "Cookie", `"cache", "cookies", "storage"`},
		{"/me", "", "Cookie", ""},
	}, got)
	due(t, s, b)
	check(t, "a renewal", []string{"/me", "no-store", "Cookie", ""}, row("/me"))
}

// TestS19NoSinkGetsAToken: errors, logs, events, hooks and pages of a site whose
// store fails in every way.
func TestS19NoSinkGetsAToken(t *testing.T) {
	t.Parallel()
	for fault, inject := range faults {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			var sink bytes.Buffer
			log := slog.New(slog.NewJSONHandler(&sink, &slog.HandlerOptions{Level: slog.LevelDebug}))
			tell := func(what string, v any) {
				log.Info(what, "value", v)
				_, _ = fmt.Fprintf(&sink, "%v %+v %#v\n", v, v, v)
			}
			s := newShop(t, session.Options{OnEvent: func(_ context.Context, e session.Event) { tell("event", e) }}, session.WebOptions{
				OnDeviceChange: func(_ context.Context, c session.DeviceChange) { tell("change", c) },
				Unavailable: func(w http.ResponseWriter, _ *http.Request, err error) {
					tell("unavailable", err)
					w.WriteHeader(http.StatusServiceUnavailable)
				},
				Forbidden: func(_ http.ResponseWriter, _ *http.Request, err error) { tell("forbidden", err) },
			})
			pages := map[string]visit{}
			for path, v := range map[string]func(ctx context.Context) error{
				"/login": func(ctx context.Context) error { return errOf(s.web.SignIn(ctx, markedUser, jo)) },
				"/me":    func(ctx context.Context) error { return errOf(s.web.Get(ctx)) },
				"/visit": func(ctx context.Context) error {
					return errOf(s.web.Update(ctx, func(l *login) error { l.Visits++; return nil }))
				},
				"/flash":  func(ctx context.Context) error { return s.web.AddFlash(ctx, "a", "b") },
				"/sudo":   func(ctx context.Context) error { return errOf(s.web.Rotate(ctx, nil)) },
				"/csrf":   func(ctx context.Context) error { return s.web.CheckCSRF(ctx, "x") },
				"/others": func(ctx context.Context) error { return errOf(s.web.SignOutOthers(ctx)) },
				"/logout": s.web.SignOut,
				"/all":    s.web.SignOutEverywhere,
			} {
				pages[path] = func(ctx context.Context, w http.ResponseWriter) {
					tell(path, v(ctx))
					tell(path, w.Header())
				}
			}
			b := s.pages(pages)
			b.Do(get(t, "/login"))
			token := b.Cookie(hostID)
			for range 3 {
				s.srv.Advance(20 * time.Minute)
				b.Do(get(t, "/visit"))
			}
			secrets := append(spellings(t, session.Token(token), session.Token(b.Cookie(hostID))), marker)
			b.SetCookie(hostID, token)
			s.srv.InterceptAll(inject)
			for path := range pages {
				r := get(t, path)
				r.RemoteAddr, r.Header["User-Agent"] = "192.0.2.77:1", []string{"other"}
				b.Do(r)
				r.Header.Set("Sec-Fetch-Site", "cross-site")
				r.Method = http.MethodPost
				b.Do(r)
			}
			tell("web", s.web)
			tell("web", *s.web)
			text := sink.String()
			if !strings.Contains(text, "unavailable") || !strings.Contains(text, "forbidden") {
				t.Error("the sinks got nothing")
			}
			text = strings.ReplaceAll(text, `"UserID":"`+markedUser, "") // a hook is told the user
			text = strings.ReplaceAll(text, "UserID:"+markedUser, "")
			text = strings.ReplaceAll(text, `UserID:"`+markedUser, "")
			leaks(t, "a sink", text, secrets)
		})
	}
}

func TestS20EverythingThatHappensIsTold(t *testing.T) {
	t.Parallel()
	var kinds []string
	s := newShop(t, session.Options{OnEvent: func(_ context.Context, e session.Event) { kinds = append(kinds, e.Kind.String()) }}, session.WebOptions{})
	pages := s.usual()
	pages["/others"] = func(ctx context.Context, _ http.ResponseWriter) { ok(s.web.SignOutOthers(ctx))(t) }
	pages["/everywhere"] = func(ctx context.Context, _ http.ResponseWriter) { noErr(t, s.web.SignOutEverywhere(ctx)) }
	b := s.pages(pages)
	happened := func(path string, want ...string) {
		t.Helper()
		kinds = []string{}
		b.Do(get(t, path))
		check(t, path, append([]string{}, want...), kinds)
	}
	happened("/me")
	happened("/guest", "created")
	happened("/login", "rotated")
	old := due(t, s, b)
	happened("/me", "renewed")
	renewed := b.Cookie(hostID)
	s.srv.Advance(grace)
	b.SetCookie(hostID, old)
	happened("/me", "reused")
	b.SetCookie(hostID, renewed)
	happened("/login", "rotated")
	fresh := b.Cookie(hostID)
	b.SetCookie(hostID, renewed)
	happened("/me", "moved")
	b.SetCookie(hostID, fresh)
	happened("/others", "destroyed others")
	happened("/logout", "destroyed")
	happened("/login", "created")
	happened("/everywhere", "destroyed all")
	b.SetCookie(hostID, "forged")
	happened("/me", "refused")
	happened("/login", "refused", "created")
	s.srv.Advance(12 * time.Hour)
	happened("/me", "expired")
}

// TestS22ForeignPostsAreRefused by what the browser says of them, before the
// session is asked for.
func TestS22ForeignPostsAreRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{TrustedOrigins: []string{"https://pay.example"}})
	h := s.handler(func(context.Context, http.ResponseWriter) {})
	for _, c := range []struct {
		method, site, origin string
		want                 int
	}{
		{"POST", "same-origin", "", 200},
		{"POST", "none", "", 200},
		{"POST", "cross-site", "", 403},
		{"POST", "same-site", "", 403},
		{"POST", "cross-site", "https://pay.example", 200},
		{"POST", "", sessiontest.Origin, 200},
		{"POST", "", "https://evil.example", 403},
		{"POST", "", "null", 403},
		{"POST", "", "", 200}, // no browser
		{"DELETE", "cross-site", "", 403},
		{"GET", "cross-site", "https://evil.example", 200},
		{"HEAD", "cross-site", "", 200},
		{"OPTIONS", "cross-site", "", 200},
	} {
		r, w := get(t, "/"), httptest.NewRecorder()
		r.Method = c.method
		for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		h.ServeHTTP(w, r)
		check(t, fmt.Sprint(c), c.want, w.Code)
	}
	check(t, "round trips", 0, s.srv.Meter().RoundTrips)
	_, m := newManager(t, session.Options{})
	if _, err := session.NewWeb(m, session.WebOptions{TrustedOrigins: []string{"pay.example"}}); err == nil {
		t.Error("a trusted origin without a scheme was accepted")
	}
}

func TestS22CSRFTokensBelongToOneSession(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	var forms int
	mux := http.NewServeMux()
	for path, v := range s.usual() {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { v(r.Context(), w) })
	}
	mux.HandleFunc("/form", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, ok(s.web.CSRFToken(r.Context()))(t))
	})
	mux.HandleFunc("/order", func(http.ResponseWriter, *http.Request) { forms++ })
	h := s.web.Handler(s.web.Protect(mux))
	form := func(b *sessiontest.Browser) string {
		t.Helper()
		return b.Do(get(t, "/form")).Body
	}
	jos, eves := sessiontest.NewBrowser(h), sessiontest.NewBrowser(h)
	order := func(b *sessiontest.Browser, token string) int {
		return b.PostForm("/order", url.Values{session.CSRFField: {token}}).Status
	}
	check(t, "without a session there is nothing to protect", 200, order(jos, ""))
	jos.Do(get(t, "/guest"))
	eves.Do(get(t, "/login"))
	first, second, eve := form(jos), form(jos), form(eves)
	check(t, "masked anew each time", true, first != second && first[22:] != second[22:])
	check(t, "own", []int{200, 200}, []int{order(jos, first), order(jos, second)})
	check(t, "another session's", []int{403, 403}, []int{order(jos, eve), order(eves, first)})
	for name, bad := range map[string]string{
		"none": "", "short": first[1:], "long": first + "A", "not base64": strings.Repeat("!", len(first)),
		"zeros": strings.Repeat("A", len(first)), "halves": first[:21] + second[21:],
	} {
		check(t, name, 403, order(jos, bad))
	}
	r := post(t, "/order")
	r.Header.Set(session.CSRFHeader, first)
	check(t, "in a header", 200, jos.Do(r).Status)
	check(t, "in the query", 403, jos.Do(post(t, "/order?"+session.CSRFField+"="+first)).Status)
	check(t, "GET needs none", 200, jos.Do(get(t, "/order")).Status)
	check(t, "HEAD needs none", 200, func() int { r := get(t, "/order"); r.Method = http.MethodHead; return jos.Do(r).Status }())

	jos.Do(get(t, "/login"))
	check(t, "of before the sign-in", 403, order(jos, first))
	mine := form(jos)
	old := jos.Cookie(hostID)
	for range 3 {
		s.srv.Advance(20 * time.Minute)
		jos.Do(get(t, "/me"))
	}
	check(t, "renewed", true, jos.Cookie(hostID) != old)
	check(t, "of before a renewal", 200, order(jos, mine))
	jos.Do(get(t, "/logout")) // Protect lets GET through
	jos.Do(get(t, "/login"))
	check(t, "of before the sign-out", 403, order(jos, mine))
	check(t, "orders that got through", 7, forms)
}

func TestS23AFailingStoreIs503AndNobodyAStranger(t *testing.T) {
	t.Parallel()
	for fault, inject := range faults {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			var causes []error
			s := newShop(t, session.Options{}, session.WebOptions{})
			told := shopOver(t, s.srv, s.srv.Client(), session.Options{}, session.WebOptions{
				Unavailable: func(w http.ResponseWriter, _ *http.Request, err error) {
					causes = append(causes, err)
					w.WriteHeader(http.StatusBadGateway)
				},
			})
			careless := func(do func(ctx context.Context, s *shop)) func(s *shop) visit {
				return func(s *shop) visit {
					return func(ctx context.Context, w http.ResponseWriter) {
						do(ctx, s)
						w.Header().Set("Location", "/login")
						w.Header().Set("Content-Length", "8")
						w.WriteHeader(http.StatusSeeOther) // to the sign-in, as if nobody were there
						_, _ = io.WriteString(w, "stranger")
						_, _ = io.Copy(w, strings.NewReader("stranger"))
						_ = http.NewResponseController(w).Flush()
					}
				}
			}
			signed := s.pages(s.usual())
			signed.Do(get(t, "/login"))
			s.srv.InterceptAll(inject)
			for name, do := range map[string]func(ctx context.Context, s *shop){
				"Get":               func(ctx context.Context, s *shop) { _, _ = s.web.Get(ctx) },
				"Update":            func(ctx context.Context, s *shop) { _, _ = s.web.Update(ctx, func(*login) error { return nil }) },
				"SignIn":            func(ctx context.Context, s *shop) { _, _ = s.web.SignIn(ctx, "u", jo) },
				"Begin":             func(ctx context.Context, s *shop) { _, _ = s.web.Begin(ctx, jo) },
				"Rotate":            func(ctx context.Context, s *shop) { _, _ = s.web.Rotate(ctx, nil) },
				"SignOut":           func(ctx context.Context, s *shop) { _ = s.web.SignOut(ctx) },
				"SignOutEverywhere": func(ctx context.Context, s *shop) { _ = s.web.SignOutEverywhere(ctx) },
				"SignOutOthers":     func(ctx context.Context, s *shop) { _, _ = s.web.SignOutOthers(ctx) },
				"TakeFlash":         func(ctx context.Context, s *shop) { _, _, _ = s.web.TakeFlash(ctx, "x") },
				"CSRFToken":         func(ctx context.Context, s *shop) { _, _ = s.web.CSRFToken(ctx) },
			} {
				b := s.browser(careless(do)(s))
				b.SetCookie(hostID, signed.Cookie(hostID))
				res := b.Do(get(t, "/"))
				body := res.Body
				check(t, name, []any{503, "", "no-store", 0, "The service is not available at the moment.\n"},
					[]any{res.Status, res.Header.Get("Location"), res.Header.Get("Cache-Control"), len(res.Cookies()), body})
				b = told.browser(careless(do)(told))
				b.SetCookie(hostID, signed.Cookie(hostID))
				check(t, name+", by a hook", http.StatusBadGateway, b.Do(get(t, "/")).Status)
				quiet := s.browser(func(ctx context.Context, _ http.ResponseWriter) { do(ctx, s) })
				quiet.SetCookie(hostID, signed.Cookie(hostID))
				check(t, name+", and nothing written", 503, quiet.Do(get(t, "/")).Status)
			}
			for _, err := range causes {
				fails(t, "the hook", session.ErrUnavailable, err)
			}
			check(t, "causes", 10, len(causes))
			b := s.browser(func(ctx context.Context, w http.ResponseWriter) { s.me(ctx, w) })
			check(t, "without a cookie there is nothing to ask", 401, b.Do(get(t, "/")).Status)
		})
	}
}

// TestS24AFloodOfGuessesCostsNothing: 100,000 cookies that were forged, altered,
// issued by others or have expired.
func TestS24AFloodOfGuessesCostsNothing(t *testing.T) {
	t.Parallel()
	refused := map[session.EventKind]int{}
	s := newShop(t, session.Options{OnEvent: func(_ context.Context, e session.Event) { refused[e.Kind]++ }}, session.WebOptions{})
	expired := string(ok(s.m.Create(t.Context(), "u", jo))(t).Token())
	s.srv.Advance(12 * time.Hour)
	foreign := string(ok(managerOver[login](t, s.srv, s.srv.Client(), session.Options{Secret: keyB}).Create(t.Context(), "u", jo))(t).Token())
	live := string(ok(s.m.Create(t.Context(), "u", jo))(t).Token())
	h := s.handler(s.me)
	s.srv.Reset()
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	forged := []byte(live)
	r := get(t, "/")
	for i := range 100_000 {
		cookie := expired
		switch i % 4 {
		case 1:
			cookie = foreign
		case 2: // another letter in one place
			at := 1 + i/4%98
			was := forged[at]
			forged[at] = letters[(strings.IndexByte(letters, was)+1+i/400%62)%64]
			cookie = string(forged)
			forged[at] = was
		case 3:
			cookie = fmt.Sprintf("%0100x", i)
		}
		r.Header.Set("Cookie", hostID+"="+cookie)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized {
			t.Fatalf("cookie %d: status %d", i, w.Code)
		}
	}
	m := s.srv.Meter()
	check(t, "round trips, billed commands", []int{0, 0}, []int{m.RoundTrips, m.Commands})
	check(t, "counted", []int{75_000, 25_000}, []int{refused[session.Refused], refused[session.Expired]})
	r.Header.Set("Cookie", hostID+"="+live)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	check(t, "the live one", 200, w.Code)
}

// TestS25AnotherDeviceIsToldAndNotLockedOut.
func TestS25AnotherDeviceIsToldAndNotLockedOut(t *testing.T) {
	t.Parallel()
	var changes []session.DeviceChange
	var web *session.Web[login]
	strict := false
	s := newShop(t, session.Options{}, session.WebOptions{OnDeviceChange: func(ctx context.Context, c session.DeviceChange) {
		changes = append(changes, c)
		if strict {
			noErr(t, web.SignOut(ctx))
		}
	}})
	web = s.web
	b := s.pages(s.usual())
	from := func(path, addr, agent string) *http.Request {
		r := get(t, path)
		r.RemoteAddr = addr
		r.Header.Set("User-Agent", agent)
		return r
	}
	b.Do(from("/login", "192.0.2.1:4711", "Firefox"))
	id := ok(s.m.List(t.Context(), "u"))(t)[0].ID
	home := session.Device{UserAgent: "Firefox", IP: "192.0.2.1"}
	for _, c := range []struct {
		addr, agent string
		to          *session.Device
	}{
		{"192.0.2.1:9", "Firefox", nil},
		{"192.0.2.1", "Firefox", nil}, // some servers give no port
		{"[::ffff:192.0.2.1]:9", "Firefox", nil},
		{"[2001:db8::1]:9", "Firefox", &session.Device{UserAgent: "Firefox", IP: "2001:db8::1"}},
		{"2001:db8::1", "Firefox", &session.Device{UserAgent: "Firefox", IP: "2001:db8::1"}},
		{"192.0.2.1:9", "curl", &session.Device{UserAgent: "curl", IP: "192.0.2.1"}},
		{"@", strings.Repeat("é", 300), &session.Device{UserAgent: strings.Repeat("é", 256)}},
	} {
		changes = nil
		check(t, c.addr, 200, b.Do(from("/me", c.addr, c.agent)).Status)
		var want []session.DeviceChange
		if c.to != nil {
			want = []session.DeviceChange{{ID: id, UserID: "u", From: home, To: *c.to}}
		}
		check(t, c.addr, want, changes)
	}
	strict = true
	check(t, "a hook may end the session", 401, b.Do(from("/me", "192.0.2.9:1", "curl")).Status)
	check(t, "sessions", 0, ok(s.m.Count(t.Context(), "u"))(t))
}

// TestS23AnUnreadableSessionIsNoStranger either; signing in replaces it.
func TestS23AnUnreadableSessionIsNoStranger(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{EncryptionKeys: []session.Key{keyA}}, session.WebOptions{})
	b := s.pages(s.usual())
	b.Do(get(t, "/login"))
	other := shopOver(t, s.srv, s.srv.Client(), session.Options{EncryptionKeys: []session.Key{keyB}}, session.WebOptions{})
	c := other.pages(other.usual())
	c.SetCookie(hostID, b.Cookie(hostID))
	check(t, "unreadable", 503, c.Do(get(t, "/me")).Status)
	check(t, "sign-in", 200, c.Do(get(t, "/login")).Status)
	check(t, "signed in", 200, c.Do(get(t, "/me")).Status)
	check(t, "the old one", 401, b.Do(get(t, "/me")).Status)
}
