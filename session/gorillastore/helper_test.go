package gorillastore_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/sessions"

	"github.com/seed-9937a0e6/upstash-go/session/gorillastore"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

var (
	hashA, blockA = bytes.Repeat([]byte("a"), 32), bytes.Repeat([]byte("b"), 32)
	hashB         = bytes.Repeat([]byte("c"), 64)
)

func newStore(t *testing.T, o gorillastore.Options) (*upstashtest.Server, *gorillastore.Store) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	return srv, storeOver(t, srv, o)
}

func storeOver(t *testing.T, srv *upstashtest.Server, o gorillastore.Options) *gorillastore.Store {
	t.Helper()
	o.Namespace = "shop"
	if o.KeyPairs == nil {
		o.KeyPairs = [][]byte{hashA, blockA}
	}
	s, err := gorillastore.New(srv.Client(), o)
	noErr(t, err)
	return s
}

// visitor sends the cookie that it was given last.
type visitor struct{ cookie *http.Cookie }

func (v *visitor) request(t *testing.T) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	if v.cookie != nil {
		r.AddCookie(v.cookie)
	}
	return r
}

// open is what New says of the visitor's session.
func (v *visitor) open(t *testing.T, s *gorillastore.Store) *sessions.Session {
	t.Helper()
	session, err := s.New(v.request(t), "session")
	noErr(t, err)
	return session
}

// save saves a session and takes the cookie.
func (v *visitor) save(t *testing.T, session *sessions.Session) {
	t.Helper()
	w := httptest.NewRecorder()
	noErr(t, session.Save(v.request(t), w))
	cookies := w.Result().Cookies()
	check(t, "cookies", 1, len(cookies))
	v.cookie = cookies[0]
	if v.cookie.MaxAge < 0 {
		v.cookie = nil
	}
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
