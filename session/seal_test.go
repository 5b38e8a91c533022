package session_test

import (
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// TestSealedPayloadsStayWhereTheyBelong: who can write to the database cannot
// move a payload to another session, user or field, nor alter it.
func TestSealedPayloadsStayWhereTheyBelong(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{EncryptionKeys: []session.Key{keyA}})
	rdb := srv.Client()
	s, beside := ok(m.Create(ctx, "u", login{Role: "user"}))(t), ok(m.Create(ctx, "u", jo))(t)
	other := ok(m.Create(ctx, "v", jo))(t)
	mine := ok(rdb.HGet(ctx, m.Key("u"), s.ID+"#d"))(t)
	for name, payload := range map[string]string{
		"of another session": ok(rdb.HGet(ctx, m.Key("u"), beside.ID+"#d"))(t),
		"of another user":    ok(rdb.HGet(ctx, m.Key("v"), other.ID+"#d"))(t),
		"of another field":   ok(rdb.HGet(ctx, m.Key("u"), s.ID+"#m"))(t),
		"altered":            mine[:len(mine)-6] + strings.Map(func(r rune) rune { return r ^ 1 }, mine[len(mine)-6:len(mine)-5]) + mine[len(mine)-5:],
		"cut":                mine[:20],
		"not base64":         mine[:11] + "?" + mine[12:],
		"without a key":      "e." + mine[10:],
		"unknown key":        "e.00000000" + mine[10:],
		"unknown form":       "z" + mine[1:],
		"in clear":           `j.{"user":"u","data":{"role":"admin"}}`,
		"empty":              "",
	} {
		ok(rdb.HSetEx(ctx, m.Key("u"), map[string]any{s.ID + "#d": payload}, keepTTL))(t)
		fails(t, name, session.ErrUnreadable, errOf(m.Get(ctx, s.Token())))
	}
	ok(rdb.HSetEx(ctx, m.Key("u"), map[string]any{s.ID + "#d": mine}, keepTTL))(t)
	noErr(t, errOf(m.Get(ctx, s.Token())))
	for field, text := range map[string]string{"": "1:1:2:3:4", "#m": "j.{}"} {
		before := ok(rdb.HGet(ctx, m.Key("u"), s.ID+field))(t)
		ok(rdb.HSetEx(ctx, m.Key("u"), map[string]any{s.ID + field: text}, keepTTL))(t)
		fails(t, "field "+field, session.ErrUnreadable, errOf(m.Get(ctx, s.Token())))
		fails(t, "list with field "+field, session.ErrUnreadable, errOf(m.List(ctx, "u")))
		ok(rdb.HSetEx(ctx, m.Key("u"), map[string]any{s.ID + field: before}, keepTTL))(t)
	}
}

func TestKeyRing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv := newServer(t)
	with := func(allow bool, keys ...session.Key) *session.Manager[login] {
		return managerOver[login](t, srv, srv.Client(), session.Options{EncryptionKeys: keys, AllowUnencrypted: allow})
	}
	plain := ok(with(false).Create(ctx, "u", jo, session.On(phone)))(t)
	old := ok(with(false, keyA).Create(ctx, "u", jo))(t)

	fails(t, "before encryption", session.ErrUnreadable, errOf(with(false, keyA).Get(ctx, plain.Token())))
	noErr(t, errOf(with(true, keyA).Get(ctx, plain.Token())))
	fails(t, "without its key", session.ErrUnreadable, errOf(with(true, keyB).Get(ctx, old.Token())))
	fails(t, "without any", session.ErrUnreadable, errOf(with(false).Get(ctx, old.Token())))

	ring := with(true, keyB, keyA)
	s := ok(ring.Get(ctx, old.Token()))(t)
	ok(ring.Update(ctx, s, func(l *login) error { l.Visits++; return nil }))(t)
	stored := ok(srv.Client().HGet(ctx, ring.Key("u"), old.ID+"#d"))(t)
	fresh := ok(with(false, keyB).Create(ctx, "u", jo))(t)
	newest := ok(srv.Client().HGet(ctx, ring.Key("u"), fresh.ID+"#d"))(t)
	check(t, "sealed with the first key", newest[:11], stored[:11])
	check(t, "a device sealed before is still read", 3, len(ok(ring.List(ctx, "u"))(t)))
}
