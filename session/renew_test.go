package session_test

import (
	"context"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
)

const grace = 30 * time.Second

func TestRenew(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]session.Options{
		"plain":     {Secret: secret},
		"sealed":    {EncryptionKeys: []session.Key{keyA}},
		"throttled": {Throttle: time.Minute, Cap: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			var events []session.Event
			o.OnEvent = func(_ context.Context, e session.Event) { events = append(events, e) }
			srv, m := newManager(t, o)
			old := ok(m.Create(ctx, "u", jo, session.On(phone)))(t)
			old = ok(m.AddFlash(ctx, old, "note", "hello"))(t)
			srv.Advance(10 * time.Minute)
			events = nil

			s := ok(m.Renew(ctx, old, time.Hour, grace))(t)
			check(t, "payload, device, user", []any{old.Data, phone, "u"}, []any{s.Data, s.Device, s.UserID})
			check(t, "flash", old.Flash(), s.Flash())
			check(t, "sign-in and limit", []time.Time{old.Authenticated, old.Expires}, []time.Time{s.Authenticated, s.Expires})
			check(t, "age", start.Add(10*time.Minute).Local(), s.Created)
			if s.Token() == old.Token() || s.ID == old.ID {
				t.Fatal("the token is the one from before")
			}
			check(t, "events", []session.Event{{Kind: session.Renewed, ID: s.ID, From: old.ID}}, events)
			check(t, "list", []string{s.ID}, ids(ok(m.List(ctx, "u"))(t)))

			other := managerOver[login](t, srv, strangerTo(t, srv), o) // another process
			for name, read := range map[string]func(context.Context, session.Token) (*session.Session[login], error){
				"Get": other.Get, "GetStrong": other.GetStrong, "Peek": other.Peek,
			} {
				got := ok(read(ctx, old.Token()))(t)
				check(t, name, []any{s.Token() == got.Token(), s.ID, s.Data}, []any{true, got.ID, got.Data})
			}
			again := ok(other.Renew(ctx, old, time.Hour, grace))(t)
			check(t, "a second renewal is the first", true, again.Token() == s.Token())

			next := ok(m.Update(ctx, old, func(l *login) error { l.Visits++; return nil }))(t)
			check(t, "Update follows", []any{s.ID, 1}, []any{next.ID, next.Data.Visits})
			check(t, "UpdateAll", 1, ok(m.UpdateAll(ctx, "u", func(l *login) error { l.Visits++; return nil }))(t))
			check(t, "DestroyOthers keeps it", 0, ok(m.DestroyOthers(ctx, old))(t))
			check(t, "Get", 2, ok(m.Get(ctx, s.Token()))(t).Data.Visits)

			srv.Advance(grace)
			events = nil
			fails(t, "after the grace", session.ErrNotFound, errOf(m.Get(ctx, old.Token())))
			check(t, "events", []session.Event{{Kind: session.Reused, ID: old.ID}}, events)
			noErr(t, errOf(m.Get(ctx, s.Token())))
			noErr(t, m.DestroyByID(ctx, "u", old.ID)) // from a list that somebody still looks at
			fails(t, "destroyed by the ID of before", session.ErrNotFound, errOf(m.Get(ctx, s.Token())))
			fails(t, "renewed after its end", session.ErrNotFound, errOf(m.Renew(ctx, s, time.Hour, grace)))
			fails(t, "renewed after its end", session.ErrNotFound, errOf(m.Renew(ctx, old, time.Hour, grace)))
		})
	}
}

// TestRenewIsNoRotation: a rotation ends what a renewal left behind.
func TestRenewIsNoRotation(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, m := newManager(t, session.Options{})
	old := ok(m.Create(ctx, "u", jo))(t)
	s := ok(m.Renew(ctx, old, time.Hour, grace))(t)
	next := ok(m.Rotate(ctx, old, "u", nil))(t) // of the session as it was before the renewal
	for name, token := range map[string]session.Token{"old": old.Token(), "renewed": s.Token()} {
		fails(t, name, session.ErrMoved, errOf(m.Get(ctx, token)))
	}
	fails(t, "renewed after a rotation", session.ErrMoved, errOf(m.Renew(ctx, old, time.Hour, grace)))
	noErr(t, errOf(m.Get(ctx, next.Token())))
	check(t, "sessions", 1, ok(m.Count(ctx, "u"))(t))

	last := ok(m.Renew(ctx, next, time.Hour, grace))(t)
	noErr(t, m.Destroy(ctx, next.Token())) // a sign-out with the cookie of before
	fails(t, "signed out", session.ErrNotFound, errOf(m.Get(ctx, last.Token())))
	fails(t, "signed out", session.ErrNotFound, errOf(m.Get(ctx, next.Token())))
}

// TestRenewTakesChangesAlong: UpdateAll read the session before its renewal.
func TestRenewTakesChangesAlong(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, m := newManager(t, session.Options{EncryptionKeys: []session.Key{keyA}})
	old := ok(m.Create(ctx, "u", jo))(t)
	ok(m.Update(ctx, old, func(l *login) error { l.Visits = 7; return nil }))(t)
	s := ok(m.Renew(ctx, old, time.Hour, grace))(t)
	check(t, "what was written meanwhile", 7, s.Data.Visits)
	var once bool
	demote := func(l *login) error {
		if !once { // the sessions are read by now
			once = true
			s = ok(m.Renew(ctx, s, time.Hour, grace))(t)
			s = ok(m.Renew(ctx, s, time.Hour, grace))(t)
		}
		l.Role = "reader"
		return nil
	}
	check(t, "changed", 1, ok(m.UpdateAll(ctx, "u", demote))(t))
	check(t, "role", "reader", ok(m.Get(ctx, s.Token()))(t).Data.Role)
}

// TestRenewalIsFoundByNobodyElse: neither the database nor an old token leads to
// the new one.
func TestRenewalIsFoundByNobodyElse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	old := ok(m.Create(ctx, "u", jo))(t)
	s := ok(m.Renew(ctx, old, time.Hour, grace))(t)
	twin := ok(m.Renew(ctx, ok(m.Create(ctx, "u", jo))(t), time.Hour, grace))(t)
	secrets := spellings(t, old.Token(), s.Token(), twin.Token())
	for key, fields := range stored(t, srv) {
		for field, value := range fields {
			leaks(t, "the database", key+field+value, secrets)
		}
	}
	// Somebody who can write to the database leads the old token elsewhere.
	key := m.Key("u")
	rdb := srv.Client()
	mark := ok(rdb.HGet(ctx, key, old.ID+"#x"))(t)
	ok(rdb.HSetEx(ctx, key, map[string]any{old.ID + "#x": mark[:len(mark)-43] + twin.ID}, keepTTL))(t)
	fails(t, "Get", session.ErrUnreadable, errOf(m.Get(ctx, old.Token())))
	fails(t, "Update", session.ErrNotFound, errOf(m.Update(ctx, old, func(l *login) error { l.Visits++; return nil })))
}

// FuzzMark: what is accepted is canonical.
func FuzzMark(f *testing.F) {
	f.Add("1793621530000")
	f.Add("1793621530000:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("01:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB:x")
	f.Fuzz(func(t *testing.T, text string) {
		if again, accepted := session.CanonicalMark(text); accepted && again != text {
			t.Error("a mark that is not canonical was accepted")
		}
	})
}
