package session_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// TestModelNothingGivesAnythingAway does random operations, most of them under a
// fault, and after each of them scans every byte that somebody else may see for
// tokens, keys, user IDs and payloads: the whole database, the commands on their
// way, what the client reports of its round trips, its log, events, errors, and
// all results printed by every verb and logger.
//
// Without encryption payloads are stored as they are, and with them whose they
// are: there, and only there, the scan lets users and payloads pass.
//
// UPSTASH_LONG=1 runs the long form: 8,000 steps of each kind.
func TestModelNothingGivesAnythingAway(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]session.Options{
		"sealed":            {EncryptionKeys: []session.Key{newSecret(), newSecret()}},
		"sealed, throttled": {EncryptionKeys: []session.Key{newSecret()}, Throttle: time.Minute},
		"in clear":          {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEavesdropper(t, o)
			n := steps(150, 8_000)
			for range n {
				e.step(t)
			}
			t.Logf("%d steps, %d errors, %d bytes looked at, %d secrets", n, e.failed, e.bytes, e.secrets.count)
			for _, bad := range e.found {
				t.Error(bad)
			}
			if e.failed < n/4 || e.succeeded < n/4 {
				t.Error("hardly anything failed, or succeeded: the scan shows nothing")
			}
		})
	}
}

// TestModelOfSecrecyCatches plants leaks, which is what makes its silence mean
// something.
func TestModelOfSecrecyCatches(t *testing.T) {
	t.Parallel()
	for name, leak := range map[string]func(t *testing.T, e *eavesdropper, s *session.Session[login]){
		"a token in the database": func(t *testing.T, e *eavesdropper, s *session.Session[login]) {
			t.Helper()
			noErr(t, e.srv.Client().Set(t.Context(), "k", string(s.Token())))
		},
		"a token in the name of a key": func(t *testing.T, e *eavesdropper, s *session.Session[login]) {
			t.Helper()
			noErr(t, e.srv.Client().Set(t.Context(), "session:"+string(s.Token()), "x"))
		},
		"a token in an error": func(_ *testing.T, e *eavesdropper, s *session.Session[login]) {
			e.say(fmt.Errorf("session %s: not found", string(s.Token())))
		},
		"the secret part of a token, in hexadecimal": func(t *testing.T, e *eavesdropper, s *session.Session[login]) {
			t.Helper()
			b := ok(base64.RawURLEncoding.DecodeString(string(s.Token())))(t)
			e.log.Info("x", "id", hex.EncodeToString(b[27:59]))
		},
		"a key": func(_ *testing.T, e *eavesdropper, _ *session.Session[login]) {
			e.say([]byte(e.options.Secret))
		},
		"a user in a field": func(t *testing.T, e *eavesdropper, s *session.Session[login]) {
			t.Helper()
			ok(e.srv.Client().HSetField(t.Context(), "h", s.UserID, "x"))(t)
		},
		"a payload": func(_ *testing.T, e *eavesdropper, s *session.Session[login]) { e.say(s.Data) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEavesdropper(t, session.Options{EncryptionKeys: []session.Key{newSecret()}})
			s := ok(e.m.Create(t.Context(), e.users[0], login{Email: e.payload}))(t)
			e.know(t, s)
			e.scan(t)
			check(t, "before", 0, len(e.found))
			leak(t, e, s)
			e.scan(t)
			if len(e.found) == 0 {
				t.Error("not caught")
			}
		})
	}
}
