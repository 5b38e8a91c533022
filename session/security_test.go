package session_test

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
)

// The security requirements of a session store, each with a test of its name
// here, in the files of the same beginning, and in token_test.go. Those of
// cookies and pages are tested with the middleware.

// TestS4TheStoreDecides: what a token says of itself may only refuse. The record
// decides, whatever the token claims.
func TestS4TheStoreDecides(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{}) // without a Secret anybody can make the check right
	s := ok(m.Create(ctx, "u", jo))(t)
	longer := reissue(t, s.Token(), func(b []byte) { b[17]++ }) // some days on
	fails(t, "a later end", session.ErrNotFound, errOf(m.Get(ctx, longer)))
	srv.Advance(absolute)
	fails(t, "the token's end", session.ErrExpired, errOf(m.Get(ctx, s.Token())))
	fails(t, "a later end, then", session.ErrNotFound, errOf(m.Get(ctx, longer)))

	// The record ends before the token says.
	s = ok(m.Create(ctx, "u", jo))(t)
	header := strings.Split(ok(srv.Client().HGet(ctx, m.Key("u"), s.ID))(t), ":")
	header[4] = "1"
	ok(srv.Client().HSetEx(ctx, m.Key("u"), map[string]any{s.ID: strings.Join(header, ":")}, keepTTL))(t)
	for name, err := range map[string]error{
		"Get": errOf(m.Get(ctx, s.Token())), "Peek": errOf(m.Peek(ctx, s.Token())), "GetStrong": errOf(m.GetStrong(ctx, s.Token())),
	} {
		fails(t, name, session.ErrExpired, err)
	}
	check(t, "listed", 0, len(ok(m.List(ctx, "u"))(t)))

	// A token that is right in all parts, of a session that is not there.
	keyed := managerOver[login](t, srv, srv.Client(), session.Options{Secret: secret})
	s = ok(keyed.Create(ctx, "u", jo))(t)
	srv.Flush()
	srv.Reset()
	fails(t, "no record", session.ErrNotFound, errOf(keyed.Get(ctx, s.Token())))
	check(t, "round trips: the store was asked", 1, srv.Meter().RoundTrips)
}

// TestS18OnlyDigestsAreStored: no byte of the database and of the commands leads
// to a token, and a lookup does the same work whoever asks.
func TestS18OnlyDigestsAreStored(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Cap: 5})
	var tokens []session.Token
	for range 6 {
		s := ok(m.Create(ctx, "u", jo))(t)
		next := ok(m.Rotate(ctx, s, "u", nil))(t)
		tokens = append(tokens, s.Token(), next.Token())
	}
	secrets := spellings(t, tokens...)
	leaks(t, "the database", dump(t, srv), secrets)
	for _, r := range srv.Requests() {
		leaks(t, "a command", strings.Join(slices.Concat(r.Commands...), " "), secrets)
	}
	leaks(t, "a dump that holds one", dump(t, srv)+string(tokens[0]), nil)
	if !strings.Contains(dump(t, srv), m.Key("u")) {
		t.Error("the dump is not one of the database")
	}

	// Known, unknown and nearly right: one command of one form, and no search.
	shape := func(token session.Token) []int {
		srv.Reset()
		_, _ = m.Get(ctx, token)
		var lengths []int
		for _, r := range srv.Requests() {
			for _, word := range slices.Concat(r.Commands...) {
				lengths = append(lengths, len(word))
			}
		}
		return lengths
	}
	known := shape(tokens[len(tokens)-1])
	check(t, "words", 11, len(known))
	for name, at := range map[string]int{"first byte of the secret": 27, "last byte of the secret": 58, "handle": 3} {
		wrong := reissue(t, tokens[len(tokens)-1], func(b []byte) { b[at] ^= 1 })
		check(t, name, known, shape(wrong))
	}
}

// TestS21SealedPayloads: AES-GCM with a nonce of its own for each write, bound to
// user, session and field; keys are replaced without anybody noticing.
func TestS21SealedPayloads(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv := newServer(t)
	rdb := srv.Client()
	with := func(keys ...session.Key) *session.Manager[login] {
		return managerOver[login](t, srv, rdb, session.Options{EncryptionKeys: keys})
	}
	m := with(keyA)
	marked := login{Email: marker, Role: marker}
	a, b := ok(m.Create(ctx, "u", marked))(t), ok(m.Create(ctx, "u", marked))(t)
	c := ok(m.Create(ctx, "v", marked))(t)
	payloads := map[string]string{}
	for _, s := range []*session.Session[login]{a, b, c} {
		payloads[s.ID] = ok(rdb.HGet(ctx, m.Key(s.UserID), s.ID+"#d"))(t)
		leaks(t, "the payload", payloads[s.ID], []string{marker, base64.StdEncoding.EncodeToString([]byte(marker))[:12]})
	}
	if len(slices.Compact(slices.Sorted(maps.Values(payloads)))) != 3 {
		t.Error("equal payloads look equal")
	}
	for name, other := range map[string]*session.Session[login]{"of the same user": b, "of another user": c} {
		ok(rdb.HSetEx(ctx, m.Key("u"), map[string]any{a.ID + "#d": payloads[other.ID]}, keepTTL))(t)
		fails(t, "a payload "+name, session.ErrUnreadable, errOf(m.Get(ctx, a.Token())))
	}
	ok(rdb.HSetEx(ctx, m.Key("u"), map[string]any{a.ID + "#d": payloads[a.ID]}, keepTTL))(t)

	fails(t, "without its key", session.ErrUnreadable, errOf(with(keyB).Get(ctx, a.Token())))
	ring := with(keyB, keyA)
	s := ok(ring.Get(ctx, a.Token()))(t)
	check(t, "a read leaves it as it is", payloads[a.ID], ok(rdb.HGet(ctx, m.Key("u"), a.ID+"#d"))(t))
	ok(ring.Update(ctx, s, func(l *login) error { l.Visits++; return nil }))(t)
	fresh := ok(ring.Create(ctx, "u", marked))(t)
	keyName := func(id string) string { return ok(rdb.HGet(ctx, m.Key("u"), id+"#d"))(t)[:10] }
	check(t, "a write seals with the first key", keyName(fresh.ID), keyName(a.ID))
}
