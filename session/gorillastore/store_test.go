package gorillastore_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gorilla/sessions"

	"github.com/seed-9937a0e6/upstash-go/session/gorillastore"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestContract is what the documentation of sessions.Store and of the stores
// that gorilla brings along asks for.
func TestContract(t *testing.T) {
	t.Parallel()
	for name, pairs := range map[string][][]byte{"signed": {hashA}, "encrypted": {hashA, blockA}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, s := newStore(t, gorillastore.Options{KeyPairs: pairs})
			v := &visitor{}
			session := v.open(t, s)
			check(t, "a first visit", []any{true, "", "session", 0}, []any{session.IsNew, session.ID, session.Name(), len(session.Values)})
			session.Values["user"], session.Values[7] = "jo", []byte("\x00\xff")
			session.AddFlash("welcome")
			v.save(t, session)
			id := session.ID
			check(t, "length of the ID", 43, len(id))

			again := v.open(t, s)
			check(t, "IsNew, ID", []any{false, id}, []any{again.IsNew, again.ID})
			check(t, "values", map[any]any{"user": "jo", 7: []byte("\x00\xff"), "_flash": []any{"welcome"}}, again.Values)
			check(t, "flashes", []any{"welcome"}, again.Flashes())
			again.Values["user"] = "al"
			v.save(t, again)
			check(t, "overwritten", map[any]any{"user": "al", 7: []byte("\x00\xff")}, v.open(t, s).Values)
			check(t, "the same ID", id, v.open(t, s).ID)
			check(t, "another visitor", true, (&visitor{}).open(t, s).IsNew)

			kept := *v
			again.Options.MaxAge = -1
			v.save(t, again)
			check(t, "the cookie is gone", (*http.Cookie)(nil), v.cookie)
			ended := kept.open(t, s)
			check(t, "the old cookie: new, without ID and values", []any{true, "", 0}, []any{ended.IsNew, ended.ID, len(ended.Values)})
			keys, err := srv.Client().Keys(t.Context(), "*")
			noErr(t, err)
			check(t, "keys", 0, len(keys))
			kept.save(t, ended)
			if ended.ID == id {
				t.Error("an ID that had ended was taken up again")
			}
		})
	}
}

// TestGetIsTheSameForARequest and saves all sessions of it.
func TestGetIsTheSameForARequest(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, gorillastore.Options{})
	v := &visitor{}
	r := v.request(t)
	first, err := s.Get(r, "session")
	noErr(t, err)
	second, err := s.Get(r, "session")
	noErr(t, err)
	if first != second {
		t.Error("two sessions of one name in a request")
	}
	other, err := s.Get(r, "other")
	noErr(t, err)
	first.Values["a"], other.Values["b"] = 1, 2
	w := httptest.NewRecorder()
	srv.Reset()
	noErr(t, sessions.Save(r, w))
	check(t, "round trips", 2, srv.Meter().RoundTrips)
	r = v.request(t)
	for _, c := range w.Result().Cookies() {
		r.AddCookie(c)
	}
	for name, want := range map[string]map[any]any{"session": {"a": 1}, "other": {"b": 2}} {
		got, err := s.Get(r, name)
		noErr(t, err)
		check(t, name, want, got.Values)
	}
	if _, err := s.Get(r, "not a cookie name;"); err == nil {
		t.Error("a name that no cookie can have: no error")
	}
}

func TestCookieAndOptions(t *testing.T) {
	t.Parallel()
	_, s := newStore(t, gorillastore.Options{})
	v := &visitor{}
	session := v.open(t, s)
	s.Options.Path = "/elsewhere"
	check(t, "a session has options of its own", "/", session.Options.Path)
	v.save(t, session)
	c := *v.cookie
	check(t, "cookie", []any{"/", 30 * 24 * 60 * 60, true, true, http.SameSiteLaxMode},
		[]any{c.Path, c.MaxAge, c.Secure, c.HttpOnly, c.SameSite})
	if len(c.Value) > 400 {
		t.Errorf("a cookie of %d bytes", len(c.Value))
	}
}

func TestLifetime(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		maxAge int
		lasts  time.Duration
	}{
		"of a cookie with an age":       {3600, time.Hour},
		"of a cookie of the browser's":  {0, 2 * time.Hour},
		"longer than securecookie asks": {400 * 24 * 3600, 400 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			start := time.Now()
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: func() time.Time { return start }})
			s := storeOver(t, srv, gorillastore.Options{BrowserSession: 2 * time.Hour})
			v := &visitor{}
			session := v.open(t, s)
			session.Options.MaxAge = tt.maxAge
			v.save(t, session)
			check(t, "age of the cookie", tt.maxAge, v.cookie.MaxAge)
			srv.Advance(tt.lasts - time.Millisecond)
			session = v.open(t, s)
			check(t, "shortly before", false, session.IsNew)
			session.Options.MaxAge = tt.maxAge
			v.save(t, session)
			srv.Advance(tt.lasts - time.Millisecond)
			check(t, "Save begins it again", false, v.open(t, s).IsNew)
			srv.Advance(time.Millisecond)
			check(t, "then", true, v.open(t, s).IsNew)
		})
	}
}

// TestSaveRevivesNothing: the session ends while another request works on it.
func TestSaveRevivesNothing(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, gorillastore.Options{})
	v := &visitor{}
	v.save(t, v.open(t, s))
	slow, out := v.open(t, s), v.open(t, s)
	kept := *v
	out.Options.MaxAge = -1
	v.save(t, out)
	w := httptest.NewRecorder()
	if err := slow.Save(kept.request(t), w); !errors.Is(err, gorillastore.ErrEnded) {
		t.Errorf("error = %v, want %v", err, gorillastore.ErrEnded)
	}
	check(t, "cookies", 0, len(w.Result().Cookies()))
	check(t, "IsNew", true, kept.open(t, s).IsNew)
	// Twice in one request is as good as once.
	fresh := kept.open(t, s)
	kept.save(t, fresh)
	kept.save(t, fresh)
	n, err := srv.Client().DBSize(t.Context())
	noErr(t, err)
	check(t, "keys", int64(1), n)
}

func TestSizeLimit(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, gorillastore.Options{MaxLength: 1000})
	v := &visitor{}
	session := v.open(t, s)
	session.Values["big"] = bytes.Repeat([]byte("x"), 1000)
	srv.Reset()
	w := httptest.NewRecorder()
	if err := session.Save(v.request(t), w); err == nil {
		t.Error("values beyond MaxLength were saved")
	}
	check(t, "round trips, cookies", []int{0, 0}, []int{srv.Meter().RoundTrips, len(w.Result().Cookies())})
	session.Values["big"] = bytes.Repeat([]byte("x"), 300)
	v.save(t, session)
	larger := storeOver(t, srv, gorillastore.Options{}) // 32 KiB
	session, err := larger.New(v.request(t), "session")
	noErr(t, err)
	session.Values["big"] = bytes.Repeat([]byte("x"), 10_000)
	v.save(t, session)
	check(t, "bytes", 10_000, len(v.open(t, larger).Values["big"].([]byte))) //nolint:errcheck // a panic says enough
}

func TestKeyRotation(t *testing.T) {
	t.Parallel()
	srv, old := newStore(t, gorillastore.Options{KeyPairs: [][]byte{hashA, blockA}})
	v := &visitor{}
	session := v.open(t, old)
	session.Values["user"] = "jo"
	v.save(t, session)

	newOnly := storeOver(t, srv, gorillastore.Options{KeyPairs: [][]byte{hashB, nil}})
	both := storeOver(t, srv, gorillastore.Options{KeyPairs: [][]byte{hashB, nil, hashA, blockA}})
	if got, err := newOnly.New(v.request(t), "session"); err == nil || !got.IsNew || got.ID != "" {
		t.Errorf("a cookie of other keys: %v", err)
	}
	session = v.open(t, both)
	check(t, "by the old pair", "jo", session.Values["user"])
	v.save(t, session)
	check(t, "saved by the new pair", "jo", v.open(t, newOnly).Values["user"])
}

// TestForgeries: a forged cookie costs nothing, and what is stored cannot be
// moved to another session.
func TestForgeries(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, gorillastore.Options{})
	a, b := &visitor{}, &visitor{}
	for name, v := range map[string]*visitor{"a": a, "b": b} {
		session := v.open(t, s)
		session.Values["user"] = name
		v.save(t, session)
	}
	srv.Reset()
	for name, value := range map[string]string{
		"empty": "", "rubbish": "x", "cut": a.cookie.Value[:20], "altered": "x" + a.cookie.Value[1:], "an ID": "AAAA",
	} {
		forged := &visitor{&http.Cookie{Name: "session", Value: value}}
		session, err := s.New(forged.request(t), "session")
		if err == nil || !session.IsNew || session.ID != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := *a.cookie
	other.Name = "other"
	r := (&visitor{&other}).request(t)
	if _, err := s.New(r, "other"); err == nil {
		t.Error("the cookie of another name was accepted")
	}
	check(t, "round trips", 0, srv.Meter().RoundTrips)

	keys, err := srv.Client().Keys(t.Context(), "*")
	noErr(t, err)
	one, err := srv.Client().Get(t.Context(), keys[0])
	noErr(t, err)
	noErr(t, srv.Client().Set(t.Context(), keys[1], one))
	failed := 0
	for _, v := range []*visitor{a, b} {
		if session, err := s.New(v.request(t), "session"); err != nil {
			failed++
			check(t, "IsNew, values", []any{true, 0}, []any{session.IsNew, len(session.Values)})
		}
	}
	check(t, "sessions whose values are another one's", 1, failed)
}

func TestFailuresAreErrors(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, gorillastore.Options{})
	v := &visitor{}
	session := v.open(t, s)
	v.save(t, session)
	session.Options.MaxAge = -1
	end := srv.InterceptAll(upstashtest.DropBefore)
	got, err := s.New(v.request(t), "session")
	if !upstash.OutcomeUnknown(err) || got == nil || !got.IsNew || got.ID != "" {
		t.Errorf("New: %v", err)
	}
	if _, err := s.Get(v.request(t), "session"); !upstash.OutcomeUnknown(err) {
		t.Errorf("Get: %v", err)
	}
	for name, session := range map[string]*sessions.Session{"Save": (&visitor{}).open(t, s), "Save of an end": session} {
		w := httptest.NewRecorder()
		if err := session.Save(v.request(t), w); !upstash.OutcomeUnknown(err) || len(w.Result().Cookies()) > 0 {
			t.Errorf("%s: %v, %d cookies", name, err, len(w.Result().Cookies()))
		}
	}
	end()
	check(t, "nobody was signed out", false, v.open(t, s).IsNew)
	type unregistered struct{ A int }
	session = v.open(t, s)
	session.Values["x"] = unregistered{1}
	if err := session.Save(v.request(t), httptest.NewRecorder()); err == nil {
		t.Error("a value that gob does not know was saved")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	pair := [][]byte{hashA, blockA}
	for name, o := range map[string]gorillastore.Options{
		"no namespace":            {KeyPairs: pair},
		"colon":                   {Namespace: "a:b", KeyPairs: pair},
		"no keys":                 {Namespace: "a"},
		"short hash key":          {Namespace: "a", KeyPairs: [][]byte{hashA[:31]}},
		"block key of 20 bytes":   {Namespace: "a", KeyPairs: [][]byte{hashA, blockA[:20]}},
		"second hash key, short":  {Namespace: "a", KeyPairs: [][]byte{hashA, nil, hashB[:3]}},
		"negative browser":        {Namespace: "a", KeyPairs: pair, BrowserSession: -1},
		"browser for nanoseconds": {Namespace: "a", KeyPairs: pair, BrowserSession: 5},
		"negative length":         {Namespace: "a", KeyPairs: pair, MaxLength: -1},
	} {
		if s, err := gorillastore.New(srv.Client(), o); err == nil || s != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := gorillastore.New(nil, gorillastore.Options{Namespace: "a", KeyPairs: pair}); err == nil {
		t.Error("no client: no error")
	}
}
