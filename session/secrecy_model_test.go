package session_test

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
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

// eavesdropper sees everything that somebody else may see.
type eavesdropper struct {
	srv     *upstashtest.Server
	m       *session.Manager[login]
	options session.Options
	rng     *rand.Rand
	log     *slog.Logger
	shown   strings.Builder // since the last scan
	tokens  []*session.Session[login]
	users   []string
	payload string
	secrets finder // what nobody may see
	inClear finder // what nobody may see but in payloads that are not sealed
	found   []string

	failed, succeeded, bytes int
}

func newSecret() session.Key {
	b := make(session.Key, 32)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

func newEavesdropper(t *testing.T, o session.Options) *eavesdropper {
	t.Helper()
	e := &eavesdropper{srv: newServer(t), rng: rand.New(rand.NewPCG(5, uint64(len(o.EncryptionKeys))))}
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	e.log = slog.New(slog.NewJSONHandler(&e.shown, level))
	co := e.srv.ClientOptions()
	co.Retry.Attempts = 1
	toLog := upstash.LogTo(slog.New(slog.NewTextHandler(&e.shown, level)))
	co.Observe = func(ctx context.Context, rt upstash.RoundTrip) { toLog(ctx, rt); e.say(rt) }
	o.Secret = newSecret()
	o.Cap = 3
	o.OnEvent = func(_ context.Context, event session.Event) { e.say(event) }
	e.m = managerOver[login](t, e.srv, ok(upstash.New(co))(t), o)
	e.options = o
	e.payload = "payload-" + marker
	e.secrets.add(e.srv.Token)
	for _, key := range append([]session.Key{o.Secret}, o.EncryptionKeys...) {
		e.secrets.add(string(key), fmt.Sprintf("%d", []byte(key)), hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key))
	}
	for i := range 3 {
		e.users = append(e.users, fmt.Sprintf("%s-%d@example.com", markedUser, i))
	}
	e.inClear.add(append([]string{e.payload}, e.users...)...)
	return e
}

// say shows a value in every way.
func (e *eavesdropper) say(v any) {
	for _, verb := range []string{"%v\n", "%+v\n", "%#v\n", "%s\n", "%q\n", "%x\n"} {
		fmt.Fprintf(&e.shown, verb, v)
	}
	e.log.Info("said", "value", v)
}

// know adds a session to those whose tokens nobody may see.
func (e *eavesdropper) know(t *testing.T, s *session.Session[login]) {
	t.Helper()
	e.tokens = append(e.tokens, s)
	e.secrets.add(spellings(t, s.Token())...)
}

// step does one operation, under a fault or without.
func (e *eavesdropper) step(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	if e.rng.IntN(8) == 0 {
		e.srv.Advance(jumps[e.rng.IntN(len(jumps))])
	}
	user := append([]string{""}, e.users...)[e.rng.IntN(4)]
	cancel := func() bool { return false }
	if e.rng.IntN(2) == 0 {
		names := append(slices.Sorted(maps.Keys(faults)), "echo")
		name := names[e.rng.IntN(len(names))]
		inject := faults[name]
		if name == "echo" {
			inject = echo
		}
		cancel = e.srv.Intercept(inject)
	}
	data := login{Email: e.payload, Role: e.payload, Metadata: map[string]string{e.payload: e.payload}}
	if len(e.tokens) == 0 || e.rng.IntN(4) == 0 {
		s, err := e.m.Create(ctx, user, data, session.On(session.Device{Name: e.payload, UserAgent: e.payload, IP: e.payload}))
		e.result(t, s, err)
	} else {
		e.operate(t, user, e.tokens[len(e.tokens)-1-e.rng.IntN(min(len(e.tokens), 12))])
	}
	cancel()
	e.scan(t)
}

// operate is one operation on a session, or on those of a user.
func (e *eavesdropper) operate(t *testing.T, user string, s *session.Session[login]) {
	t.Helper()
	ctx, m := t.Context(), e.m
	change := func(l *login) error { l.Visits++; return nil }
	text := func(n int, err error) { e.say(n); e.result(t, nil, err) }
	switch e.rng.IntN(16) {
	case 0, 1, 2:
		got, err := m.Get(ctx, s.Token())
		e.result(t, got, err)
	case 3:
		got, err := m.GetStrong(ctx, s.Token())
		e.result(t, got, err)
	case 4:
		got, err := m.Peek(ctx, s.Token())
		e.result(t, got, err)
	case 5, 6:
		got, err := m.Update(ctx, s, change)
		e.result(t, got, err)
	case 7, 8:
		got, err := m.Rotate(ctx, s, user, change)
		e.result(t, got, err)
	case 9:
		got, err := m.AddFlash(ctx, s, e.payload, e.payload)
		e.result(t, got, err)
	case 10:
		_, _, got, err := m.TakeFlash(ctx, s, e.payload)
		e.result(t, got, err)
	case 11:
		text(m.UpdateAll(ctx, user, change))
	case 12:
		text(m.DestroyOthers(ctx, s))
	case 13:
		text(m.Count(ctx, user))
	case 14:
		list, err := m.List(ctx, user) // devices are shown to their users
		text(len(list), err)
	default:
		_, err := m.Get(ctx, s.Token()[1:]+"A")
		e.result(t, nil, err)
		e.result(t, nil, m.DestroyByID(ctx, user, s.ID))
		e.result(t, nil, m.Destroy(ctx, s.Token()))
		if e.rng.IntN(3) == 0 {
			e.result(t, nil, m.DestroyAll(ctx, user))
		}
	}
}

// result shows what an operation returned.
func (e *eavesdropper) result(t *testing.T, s *session.Session[login], err error) {
	t.Helper()
	e.say(err)
	if err != nil {
		e.failed++
		return
	}
	e.succeeded++
	if s != nil {
		e.know(t, s)
		e.say(s)
		e.say(*s)
		e.say(s.Token())
		e.say(struct{ T session.Token }{s.Token()})
	}
	e.say(e.m)
	e.say(e.options)
}

// scan looks through everything since the last scan, and the whole database.
func (e *eavesdropper) scan(t *testing.T) {
	t.Helper()
	e.look("printed or logged", e.shown.String(), true)
	e.shown.Reset()
	sealed := len(e.options.EncryptionKeys) > 0
	for _, r := range e.srv.Requests() {
		for _, words := range r.Commands {
			for _, word := range words {
				e.look("a command", word, sealed || !strings.HasPrefix(word, "j."))
			}
		}
	}
	everyText(t, e.srv, func(text string) { e.look("the database", text, sealed || !strings.HasPrefix(text, "j.")) })
	e.srv.Reset()
}

func (e *eavesdropper) look(where, text string, all bool) {
	e.bytes += len(text)
	bad := e.secrets.in(text)
	if all {
		bad = bad || e.inClear.in(text)
	}
	if bad && len(e.found) < 5 {
		e.found = append(e.found, where+" gives something away")
	}
}
