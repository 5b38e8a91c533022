package session_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// FuzzToken: no text but a token that was issued gets past the check, and none
// makes it panic.
func FuzzToken(f *testing.F) {
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.Close)
	own := make([]byte, 32) // of this process: the token of another one was not issued here
	_, _ = rand.Read(own)
	m, err := session.New[int](srv.Client(), session.Options{Namespace: "n", Secret: own})
	if err != nil {
		f.Fatal(err)
	}
	s, err := m.Create(f.Context(), "u", 1)
	if err != nil {
		f.Fatal(err)
	}
	token := string(s.Token())
	for _, seed := range []string{"", token[:99], token + "\n", strings.ToUpper(token), strings.Repeat("A", 100)} {
		f.Add(seed, 0, byte(0))
	}
	f.Add(token, 40, byte(1))
	f.Fuzz(func(t *testing.T, text string, at int, flip byte) {
		if text == "" {
			text = token
		}
		if b := []byte(text); len(b) > 0 { // so that the search finds tokens that are nearly right
			b[((at%len(b))+len(b))%len(b)] ^= flip
			text = string(b)
		}
		if _, _, accepted := m.ID(session.Token(text)); accepted && text != token {
			t.Error("a token that was not issued was accepted")
		}
	})
}

// FuzzUnkeyedToken: without a Secret everything that is accepted is canonical:
// two texts never name one session.
func FuzzUnkeyedToken(f *testing.F) {
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.Close)
	m, err := session.New[int](srv.Client(), session.Options{Namespace: "n"})
	if err != nil {
		f.Fatal(err)
	}
	seen := map[string]string{}
	for range 3 {
		s, err := m.Create(f.Context(), "u", 1)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(s.Token()), "\n")
		seen[s.ID] = string(s.Token())
	}
	f.Fuzz(func(t *testing.T, text, tail string) {
		for _, text := range []string{text, text + tail, tail + text} {
			_, id, accepted := m.ID(session.Token(text))
			if first, known := seen[id]; accepted && known && first != text {
				t.Error("two texts name one session")
			}
			if accepted && len(id) != 43 {
				t.Errorf("ID of %d characters", len(id))
			}
		}
	})
}

// FuzzStored reads whatever may stand in the database: never a panic, and no
// payload from under encryption that was not sealed there.
func FuzzStored(f *testing.F) {
	srv, err := upstashtest.NewServer(upstashtest.Options{InProcess: true})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(srv.Close)
	var managers []*session.Manager[login]
	for _, keys := range [][]session.Key{nil, {keyA}} {
		m, err := session.New[login](srv.Client(), session.Options{Namespace: "n", EncryptionKeys: keys})
		if err != nil {
			f.Fatal(err)
		}
		managers = append(managers, m)
	}
	f.Add(`1:1:2:3:4:x`, `j.{"data":{"email":"x"}}`)
	f.Add(`1:9223372036854775807:0:0:9223372036854775807:`, `j.{"data":null,"flash":{"a":"b"}}`)
	f.Add(`1:01:2:3:4:x`, `e.01234567.AAAAAAAAAAAAAAAAAAAA`)
	f.Add(`2:1:2:3:4:x`, `j.{"data":1,"data":{}}`)
	f.Fuzz(func(t *testing.T, header, payload string) {
		if again, accepted := session.CanonicalHeader(header); accepted && again != header {
			t.Errorf("a header that is not canonical was accepted")
		}
		if _, err := managers[1].OpenPayload("key", "id", payload); err == nil {
			t.Error("a payload that was not sealed was opened")
		}
		_, _ = managers[0].OpenPayload("key", "id", payload)
		if !utf8.ValidString(header + payload) {
			return // no request can carry it
		}
		ctx, m := t.Context(), managers[0]
		s := ok(m.Create(ctx, "u", jo))(t)
		ok(srv.Client().HSetEx(ctx, m.Key("u"), map[string]any{s.ID: header, s.ID + "#d": payload}, keepTTL))(t)
		got, err := m.Get(ctx, s.Token())
		if err == nil && got.Expires.Before(time.Now()) {
			t.Error("an expired session was returned")
		}
		_, _ = m.List(ctx, "u")
		_, _ = m.UpdateAll(ctx, "u", func(l *login) error { l.Visits++; return nil })
		noErr(t, m.DestroyAll(ctx, "u"))
	})
}
