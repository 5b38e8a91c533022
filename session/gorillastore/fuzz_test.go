package gorillastore_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"unicode/utf8"

	"github.com/gorilla/sessions"

	"github.com/seed-9937a0e6/upstash-go/session/gorillastore"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// FuzzNew: whatever a visitor sends as a cookie, and whatever stands in the
// database under a good one, New gives no values that were not saved.
func FuzzNew(f *testing.F) {
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.Close)
	s, err := gorillastore.New(srv.Client(), gorillastore.Options{Namespace: "n", KeyPairs: [][]byte{hashA, blockA}})
	if err != nil {
		f.Fatal(err)
	}
	w := httptest.NewRecorder()
	session := sessions.NewSession(s, "session")
	session.Options.MaxAge = 3600
	if err := session.Save(httptest.NewRequestWithContext(f.Context(), http.MethodGet, "/", nil), w); err != nil {
		f.Fatal(err)
	}
	good := w.Result().Cookies()[0].Value
	keys, err := srv.Client().Keys(f.Context(), "*")
	if err != nil {
		f.Fatal(err)
	}
	stored, err := srv.Client().Get(f.Context(), keys[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good[:50], stored[1:])
	f.Add("", "")
	f.Add(good+"x", "MTIz")
	f.Fuzz(func(t *testing.T, cookie, value string) {
		if cookie != good {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.AddCookie(&http.Cookie{Name: "session", Value: cookie})
			sent, err := r.Cookie("session")
			if err == nil && sent.Value == good { // what a cookie cannot hold was left out
				return
			}
			if got, _ := s.New(r, "session"); got == nil || !got.IsNew {
				t.Error("a cookie that was not issued opened a session")
			}
		}
		if value == stored || !utf8.ValidString(value) {
			return
		}
		noErr(t, srv.Client().Set(t.Context(), keys[0], value))
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: "session", Value: good})
		if got, err := s.New(r, "session"); err == nil || got == nil || !got.IsNew {
			t.Error("values that were not saved were read")
		}
	})
}
