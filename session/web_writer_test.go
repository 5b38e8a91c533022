package session_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/session/sessiontest"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// bare can do no more than it must, as adapters to other servers can.
type bare struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (b *bare) Header() http.Header         { return b.header }
func (b *bare) Write(p []byte) (int, error) { return b.body.Write(p) }
func (b *bare) WriteHeader(code int)        { b.code = code }

type flushing struct {
	*bare

	flushes int
}

func (f *flushing) Flush() { f.flushes++ }

type hijacking struct{ *bare }

func (hijacking) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return nil, nil, errors.New("hijacked")
}

type everything struct {
	flushing
	hijacking
}

func (e *everything) Header() http.Header                 { return e.flushing.Header() }
func (e *everything) Write(p []byte) (int, error)         { return e.flushing.Write(p) }
func (e *everything) WriteHeader(code int)                { e.flushing.WriteHeader(code) }
func (e *everything) ReadFrom(r io.Reader) (int64, error) { return e.flushing.body.ReadFrom(r) }
func (e *everything) outer() http.ResponseWriter          { return wrapping{e} }

// wrapping is what another middleware puts around a writer.
type wrapping struct{ http.ResponseWriter }

func (w wrapping) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// TestWhatAWriterCan: the handler's writer can what the server's can, and no
// more.
func TestWhatAWriterCan(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	all := &everything{flushing{bare: &bare{}}, hijacking{}}
	for name, c := range map[string]struct {
		w                http.ResponseWriter
		flushes, hijacks bool
	}{
		"bare":       {&bare{}, false, false},
		"flusher":    {&flushing{bare: &bare{}}, true, false},
		"hijacker":   {hijacking{&bare{}}, false, true},
		"everything": {all, true, true},
		"wrapped":    {all.outer(), true, true},
	} {
		h := s.handler(func(_ context.Context, w http.ResponseWriter) {
			f, flushes := w.(http.Flusher)
			hj, hijacks := w.(http.Hijacker)
			_, reads := w.(io.ReaderFrom)
			check(t, name, []bool{c.flushes, c.hijacks, true}, []bool{flushes, hijacks, reads})
			rc := http.NewResponseController(w)
			check(t, name+": controller flushes", c.flushes, rc.Flush() == nil)
			if flushes {
				f.Flush()
			}
			if hijacks {
				_, _, err := hj.Hijack()
				check(t, name, "hijacked", err.Error())
			}
		})
		switch w := c.w.(type) {
		case *bare:
			w.header = http.Header{}
		case *flushing:
			w.header = http.Header{}
		case hijacking:
			w.header = http.Header{}
		default:
			all.flushing.header = http.Header{}
		}
		h.ServeHTTP(c.w, get(t, "/"))
	}
	check(t, "flushes", 4, all.flushes)
}

// TestABareWriter gets cookies, pages and failures: another server may have no
// more than this.
func TestABareWriter(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	serve := func(token string, do visit) *bare {
		w := &bare{header: http.Header{}}
		r := get(t, "/")
		r.AddCookie(&http.Cookie{Name: hostID, Value: token})
		s.handler(do).ServeHTTP(w, r)
		return w
	}
	in := serve("", func(ctx context.Context, w http.ResponseWriter) {
		ok(s.web.SignIn(ctx, "u", jo))(t)
		_, _ = io.Copy(w, struct{ io.Reader }{strings.NewReader("welcome")})
	})
	check(t, "sign-in", []any{"welcome", 1}, []any{in.body.String(), len(in.header.Values("Set-Cookie"))})
	cookie, err := http.ParseSetCookie(in.header.Get("Set-Cookie"))
	noErr(t, err)
	me := serve(cookie.Value, s.me)
	check(t, "page", []any{"u", "Cookie"}, []any{me.body.String(), me.header.Get("Vary")})
	silent := serve(cookie.Value, func(ctx context.Context, _ http.ResponseWriter) { ok(s.web.Rotate(ctx, nil))(t) })
	check(t, "nothing written", []any{0, 1}, []any{silent.code, len(silent.header.Values("Set-Cookie"))})
	s.srv.InterceptAll(upstashtest.DropBefore)
	check(t, "failure", 503, serve(cookie.Value, s.me).code)
}

// TestServerSentEvents: what is flushed arrives, with the cookie, while the
// handler goes on.
func TestServerSentEvents(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	read := make(chan struct{})
	srv := httptest.NewServer(s.handler(func(ctx context.Context, w http.ResponseWriter) {
		ok(s.web.SignIn(ctx, "u", jo))(t)
		rc := http.NewResponseController(w)
		_, _ = io.WriteString(w, "data: one\n\n")
		noErr(t, rc.Flush())
		<-read
		check(t, "too late", true, errors.Is(errOf(s.web.SignIn(ctx, "u", jo)), session.ErrResponseBegun))
		_, _ = io.WriteString(w, "data: two\n\n")
	}))
	t.Cleanup(srv.Close)
	r := ok(http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody))(t)
	res, err := srv.Client().Do(r)
	noErr(t, err)
	defer res.Body.Close()
	check(t, "cookies", 1, len(res.Cookies()))
	lines := bufio.NewReader(res.Body)
	check(t, "first event", "data: one\n", ok(lines.ReadString('\n'))(t))
	close(read)
	rest := ok(io.ReadAll(lines))(t)
	check(t, "the rest", "\ndata: two\n\n", string(rest))
}

// TestHijack: a connection that is taken over, and one that is not when the
// store failed.
func TestHijack(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	b := s.pages(s.usual())
	b.Do(get(t, "/login"))
	srv := httptest.NewServer(s.handler(func(ctx context.Context, w http.ResponseWriter) {
		_, _ = s.web.Get(ctx)
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			check(t, "error", true, errors.Is(err, session.ErrUnavailable))
			return
		}
		defer conn.Close()
		check(t, "too late", true, errors.Is(s.web.SignOut(ctx), session.ErrResponseBegun))
		_, _ = buf.WriteString("HTTP/1.1 204 No Content\r\nConnection: close\r\nX-By: hijacker\r\n\r\n")
		_ = buf.Flush()
	}))
	t.Cleanup(srv.Close)
	ask := func() (status int, by string) {
		r := ok(http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody))(t)
		r.AddCookie(&http.Cookie{Name: hostID, Value: b.Cookie(hostID)})
		res, err := srv.Client().Do(r)
		noErr(t, err)
		defer res.Body.Close()
		return res.StatusCode, res.Header.Get("X-By")
	}
	_, by := ask()
	check(t, "by", "hijacker", by)
	s.srv.InterceptAll(upstashtest.DropBefore)
	status, _ := ask()
	check(t, "status", 503, status)
}

// TestEarlyHints do not begin the response.
func TestEarlyHints(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	srv := httptest.NewServer(s.handler(func(ctx context.Context, w http.ResponseWriter) {
		w.WriteHeader(http.StatusEarlyHints)
		ok(s.web.SignIn(ctx, "u", jo))(t)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(srv.Close)
	r := ok(http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, http.NoBody))(t)
	res, err := srv.Client().Do(r)
	noErr(t, err)
	defer res.Body.Close()
	check(t, "status, cookies", []int{201, 1}, []int{res.StatusCode, len(res.Cookies())})
}

// TestAPanicLosesNoCookie: whoever recovers from it sends the new token along,
// as the old one is dead.
func TestAPanicLosesNoCookie(t *testing.T) {
	t.Parallel()
	s := newShop(t, session.Options{}, session.WebOptions{})
	pages := s.usual()
	pages["/sudo"] = func(ctx context.Context, _ http.ResponseWriter) {
		ok(s.web.Rotate(ctx, nil))(t)
		panic("by plan")
	}
	mux := http.NewServeMux()
	for path, v := range pages {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { v(r.Context(), w) })
	}
	inner := s.web.Handler(mux)
	b := sessiontest.NewBrowser(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		inner.ServeHTTP(w, r)
	}))
	b.Do(get(t, "/login"))
	check(t, "status", 500, b.Do(get(t, "/sudo")).Status)
	check(t, "signed in", 200, b.Do(get(t, "/me")).Status)
}
