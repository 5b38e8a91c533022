package session_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

const (
	marker     = "tell-nobody"
	markedUser = "user-" + marker
)

// spellings are the texts that give a token away: it, its secret in the usual
// writings, and any long part of it.
func spellings(t *testing.T, tokens ...session.Token) []string {
	t.Helper()
	var list []string
	for _, token := range tokens {
		b := ok(base64.RawURLEncoding.DecodeString(string(token)))(t)
		hidden := b[27:59]
		list = append(list, string(token), string(token)[36:78], string(hidden), hex.EncodeToString(hidden),
			base64.RawURLEncoding.EncodeToString(hidden), base64.StdEncoding.EncodeToString(hidden))
	}
	return list
}

func leaks(t *testing.T, where, text string, secrets []string) {
	t.Helper()
	for i, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("%s: secret %d is in it", where, i)
		}
	}
}

// TestNothingStoredGivesAToken scans every byte of the database.
func TestNothingStoredGivesAToken(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]session.Key{"in clear": nil, "sealed": {keyA}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			srv, m := newManager(t, session.Options{EncryptionKeys: keys})
			data := login{Email: marker, Role: marker, Metadata: map[string]string{marker: marker}}
			guest := ok(m.Create(ctx, "", data, session.On(session.Device{Name: marker})))(t)
			s := ok(m.Rotate(ctx, guest, markedUser, nil))(t)
			s = ok(m.AddFlash(ctx, s, marker, marker))(t)
			other := ok(m.Create(ctx, markedUser, data))(t)
			secrets := spellings(t, guest.Token(), s.Token(), other.Token())
			inKeys := []string{marker}
			for key, fields := range stored(t, srv) {
				leaks(t, "key", key, append(inKeys, secrets...))
				for field, value := range fields {
					leaks(t, "field", field, append(inKeys, secrets...))
					leaks(t, "value", value, secrets)
					if keys != nil {
						leaks(t, "value", value, inKeys)
					}
				}
			}
			for _, r := range srv.Requests() { // what MONITOR and a slow log would show
				for _, words := range r.Commands {
					leaks(t, "command", strings.Join(words, " "), secrets)
				}
			}
		})
	}
}

// TestNothingPrintedGivesAnythingAway: errors of every operation under every
// fault, every type by every verb, and loggers.
func TestNothingPrintedGivesAnythingAway(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	data := login{Email: marker, Role: marker, Metadata: map[string]string{marker: marker}}
	o := session.Options{
		Namespace: "shop", Secret: session.Key(strings.Repeat(marker, 3)), EncryptionKeys: []session.Key{session.Key((marker + marker + marker)[:32])},
	}
	for _, throttle := range []time.Duration{0, time.Minute} {
		o.Throttle = throttle
		for fault, inject := range faults {
			srv, m := newManager(t, o)
			s := ok(m.Create(ctx, "u", data))(t)
			secrets := append(spellings(t, s.Token()), marker)
			cancel := srv.InterceptAll(inject)
			for op, run := range operations(ctx, m, s) {
				printed(t, fault+", "+op, run(), secrets)
			}
			cancel()
			srv.InterceptAll(echo)
			for op, run := range operations(ctx, m, s) {
				printed(t, "echo, "+op, run(), secrets)
			}
		}
	}
	o.Throttle = 0
	srv, m := newManager(t, o)
	s := ok(m.Create(ctx, markedUser, data, session.On(session.Device{IP: marker})))(t)
	secrets := append(spellings(t, s.Token()), marker)
	for _, err := range []error{
		errOf(m.Create(ctx, markedUser+"\xff", data)),
		errOf(m.Create(ctx, markedUser, data, session.Limits(1, 1))),
		errOf(m.Create(ctx, markedUser, login{Email: strings.Repeat(marker, 5000)})),
		errOf(m.Get(ctx, session.Token(marker))),
		errOf(managerOver[func()](t, srv, srv.Client(), o).Create(ctx, markedUser, nil)),
		errOf(managerOver[int](t, srv, srv.Client(), o).Get(ctx, s.Token())),
		errOf(managerOver[refusing](t, srv, srv.Client(), o).Create(ctx, markedUser, refusing{})),
		errOf(s.Token().MarshalText()),
	} {
		if err == nil {
			t.Error("no error to look at")
		}
		printed(t, "error", err, secrets)
	}
	for _, v := range []any{s, *s, s.Token(), m, *m, o, &o, o.Secret, struct{ T session.Token }{s.Token()}} {
		printed(t, fmt.Sprintf("%T", v), v, secrets)
	}
	if _, err := json.Marshal(map[string]any{"token": s.Token()}); err == nil {
		t.Error("a token became JSON")
	}
	text := ok(json.Marshal(struct{ K session.Key }{o.Secret}))(t)
	leaks(t, "JSON of a key", string(text), secrets)
	check(t, "summary", "session.Session{"+s.ID+"}", fmt.Sprint(s))
}

// refusing has a JSON form that fails, with what it holds in the error.
type refusing struct{}

func (refusing) MarshalJSON() ([]byte, error) { return nil, fmt.Errorf("cannot write %s", marker) }

// echo answers with an error that repeats the command, as servers do.
func echo(x *upstashtest.Exchange) {
	text, _ := json.Marshal(map[string]string{"error": "ERR unknown command '" + x.Commands[0][0] + "', with args beginning with: '" + strings.Join(x.Commands[0][1:], "' '") + "'"})
	x.Answer(400, nil, string(text))
}

func printed(t *testing.T, what string, v any, secrets []string) {
	t.Helper()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text := fmt.Sprintf(verb, v)
		leaks(t, what+" by "+verb, text, secrets)
		leaks(t, what+" in hexadecimal by "+verb, strings.ToLower(text), []string{fmt.Sprintf("%x", marker)})
	}
	var log bytes.Buffer
	level := &slog.HandlerOptions{Level: slog.LevelDebug}
	for _, h := range []slog.Handler{slog.NewTextHandler(&log, level), slog.NewJSONHandler(&log, level)} {
		slog.New(h).LogAttrs(context.Background(), slog.LevelInfo, "x", slog.Any("v", v)) //nolint:usetesting // a logger takes any
	}
	leaks(t, what+" in a log", log.String(), secrets)
}
