package scsstore_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/seed-9937a0e6/upstash-go/session/scsstore"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// site is a program that uses scs as its documentation says.
func site(sessions *scs.SessionManager) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/put", func(_ http.ResponseWriter, r *http.Request) { sessions.Put(r.Context(), "message", r.FormValue("v")) })
	mux.HandleFunc("/get", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "<"+sessions.GetString(r.Context(), "message")+">")
	})
	mux.HandleFunc("/renew", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.RenewToken(r.Context()); err != nil {
			http.Error(w, "renew", http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("/destroy", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.Destroy(r.Context()); err != nil {
			http.Error(w, "destroy", http.StatusInternalServerError)
		}
	})
	return sessions.LoadAndSave(mux)
}

// browser keeps cookies, and visits a site.
type browser struct {
	http.Client

	base string
}

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	noErr(t, err)
	return &browser{http.Client{Jar: jar}, base}
}

func (b *browser) visit(t *testing.T, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base+path, nil)
	noErr(t, err)
	resp, err := b.Do(req)
	noErr(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	noErr(t, err)
	return fmt.Sprint(resp.StatusCode, " ", strings.TrimSpace(string(body)))
}

func (b *browser) token(t *testing.T) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.base, nil)
	noErr(t, err)
	for _, c := range b.Jar.Cookies(req.URL) {
		return c.Value
	}
	return ""
}

func TestSessionManagerEndToEnd(t *testing.T) {
	t.Parallel()
	srv, store := newStore(t, scsstore.Options{TokenKeys: [][]byte{keyA}})
	sessions := scs.New()
	sessions.Store = store
	sessions.IdleTimeout = 20 * time.Minute
	web := httptest.NewServer(site(sessions))
	defer web.Close()
	jo, al := newBrowser(t, web.URL), newBrowser(t, web.URL)

	check(t, "before", "200 <>", jo.visit(t, "/get"))
	check(t, "round trips for who has no session", 0, srv.Meter().RoundTrips)
	check(t, "put", "200 ", jo.visit(t, "/put?v=hello"))
	check(t, "get", "200 <hello>", jo.visit(t, "/get"))
	check(t, "of another browser", "200 <>", al.visit(t, "/get"))
	al.visit(t, "/put?v=of+al")

	before := jo.token(t)
	check(t, "renew", "200 ", jo.visit(t, "/renew"))
	if jo.token(t) == before {
		t.Error("the token is the one from before")
	}
	check(t, "after renewal", "200 <hello>", jo.visit(t, "/get"))
	check(t, "the old token", "not found", find(t, store, before))

	seen := map[string]string{}
	noErr(t, sessions.Iterate(t.Context(), func(ctx context.Context) error {
		seen[sessions.Token(ctx)] = sessions.GetString(ctx, "message")
		if sessions.GetString(ctx, "message") == "of al" {
			return sessions.Destroy(ctx)
		}
		return nil
	}))
	check(t, "all", map[string]string{jo.token(t): "hello", al.token(t): "of al"}, seen)
	check(t, "al, whose session ended", "200 <>", al.visit(t, "/get"))

	// Use moves the end, and without use it comes.
	for range 3 {
		srv.Advance(15 * time.Minute)
		check(t, "in use", "200 <hello>", jo.visit(t, "/get"))
	}
	stop := srv.InterceptAll(upstashtest.Status(http.StatusServiceUnavailable))
	check(t, "a store that fails", "500 Internal Server Error", jo.visit(t, "/get"))
	stop()
	check(t, "has not signed anybody out", "200 <hello>", jo.visit(t, "/get"))
	check(t, "destroy", "200 ", jo.visit(t, "/destroy"))
	check(t, "destroyed", "200 <>", jo.visit(t, "/get"))

	jo.visit(t, "/put?v=again")
	srv.Advance(20 * time.Minute)
	check(t, "idle for too long", "200 <>", jo.visit(t, "/get"))
	keys, err := srv.Client().Keys(t.Context(), "*")
	noErr(t, err)
	check(t, "keys", 0, len(keys))
}
