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

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

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
	switch e.rng.IntN(18) {
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
	case 15, 16:
		got, err := m.Renew(ctx, s, modelRenewal, modelGrace)
		e.result(t, got, err)
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
