package session_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// cost is what an operation takes: the promise of the package documentation.
type cost struct{ RoundTrips, Commands int }

func costOf(t *testing.T, srv *upstashtest.Server, operation func() error) cost {
	t.Helper()
	srv.Reset()
	if err := operation(); err != nil {
		t.Fatal(err)
	}
	m := srv.Meter()
	return cost{m.RoundTrips, m.Commands}
}

func TestCost(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	visit := func(l *login) error { l.Visits++; return nil }
	srv, m := newManager(t, session.Options{Cap: 3})
	unlimited := managerOver[login](t, srv, srv.Client(), session.Options{Cap: -1})
	throttled := managerOver[login](t, srv, srv.Client(), session.Options{Throttle: time.Minute})
	s := ok(m.Create(ctx, "u", jo))(t)
	ok(m.UpdateAll(ctx, "u", visit))(t)
	s = ok(m.Rotate(ctx, s, "u", nil))(t)
	ok(m.DestroyOthers(ctx, s))(t) // the server knows the scripts from here on
	srv.Advance(time.Millisecond)
	other := ok(m.Create(ctx, "u", jo))(t)
	third := ok(m.Create(ctx, "w", jo))(t)

	for _, op := range []struct {
		name string
		want cost
		run  func() error
	}{
		{"Get", cost{1, 1}, func() error { return errOf(m.Get(ctx, s.Token())) }},
		{"GetStrong", cost{1, 1}, func() error { return errOf(m.GetStrong(ctx, s.Token())) }},
		{"Peek", cost{1, 1}, func() error { return errOf(m.Peek(ctx, s.Token())) }},
		{"Get with a throttle", cost{1, 1}, func() error { return errOf(throttled.Get(ctx, s.Token())) }},
		{"GetStrong with a throttle", cost{1, 2}, func() error { return errOf(throttled.GetStrong(ctx, s.Token())) }},
		{"List", cost{1, 1}, func() error { return errOf(m.List(ctx, "u")) }},
		{"Count", cost{1, 1}, func() error { return errOf(m.Count(ctx, "u")) }},
		{"Create with room", cost{1, 3}, func() error { return errOf(m.Create(ctx, "u", jo)) }},
		{"Create for nobody", cost{1, 1}, func() error { return errOf(m.Create(ctx, "", jo)) }},
		{"Create when the oldest makes room", cost{1, 5}, func() error { return errOf(m.Create(ctx, "u", jo)) }},
		{"Create without a cap", cost{1, 1}, func() error { return errOf(unlimited.Create(ctx, "w", jo)) }},
		{"Update", cost{1, 3}, func() error { return errOf(m.Update(ctx, other, visit)) }},
		{"Update that changes nothing", cost{0, 0}, func() error { return errOf(m.Update(ctx, other, func(*login) error { return nil })) }},
		{"Update with one conflict", cost{2, 5}, func() error { return errOf(m.Update(ctx, other, visit)) }},
		{"UpdateAll", cost{2, 5}, func() error { return errOf(m.UpdateAll(ctx, "u", visit)) }},
		{"Rotate with one conflict", cost{2, 8}, func() (err error) { other, err = m.Rotate(ctx, other, "u", nil); return err }},
		{"Rotate", cost{1, 6}, func() (err error) { other, err = m.Rotate(ctx, other, "u", nil); return err }},
		{"Rotate without a cap", cost{1, 5}, func() (err error) { other, err = unlimited.Rotate(ctx, other, "u", nil); return err }},
		{"Renew", cost{1, 5}, func() (err error) { third, err = unlimited.Renew(ctx, third, time.Hour, time.Minute); return err }},
		{"DestroyByID", cost{1, 1}, func() error { return m.DestroyByID(ctx, "w", third.ID) }},
		{"DestroyByID of what is not there", cost{2, 2}, func() error { return m.DestroyByID(ctx, "w", third.ID) }},
		{"DestroyOthers", cost{1, 3}, func() error { return errOf(m.DestroyOthers(ctx, other)) }},
		{"DestroyOthers without others", cost{1, 2}, func() error { return errOf(m.DestroyOthers(ctx, other)) }},
		{"Destroy", cost{1, 1}, func() error { return m.Destroy(ctx, other.Token()) }},
		{"DestroyAll", cost{1, 1}, func() error { return m.DestroyAll(ctx, "u") }},
		{"RequireFresh", cost{0, 0}, func() error { return m.RequireFresh(other, time.Hour) }},
	} {
		srv.Advance(time.Millisecond) // who is the oldest depends on it
		check(t, op.name, op.want, costOf(t, srv, op.run))
	}
}

func TestForgedTokensCostNothing(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Secret: secret})
	token := string(ok(m.Create(ctx, "u", jo))(t).Token())
	foreign := managerOver[login](t, srv, srv.Client(), session.Options{Secret: keyB})
	another := string(ok(foreign.Create(ctx, "u", jo))(t).Token())
	srv.Reset()
	forged := []string{"", "x", token[1:], token + "A", token + "\n", "\n" + token, token[:99] + "\n", another, " " + token, token[:99] + "="}
	for i := range len(token) { // one letter is another
		letter := "A"
		if token[i] == 'A' {
			letter = "B"
		}
		forged = append(forged, token[:i]+letter+token[i+1:])
	}
	for _, f := range forged {
		fails(t, "Get", session.ErrNotFound, errOf(m.Get(ctx, session.Token(f))))
		fails(t, "Destroy", session.ErrNotFound, m.Destroy(ctx, session.Token(f)))
	}
	check(t, "round trips", 0, srv.Meter().RoundTrips)
	noErr(t, errOf(m.Get(ctx, session.Token(token))))
}

// TestForgedClaims: without a Secret anybody can compute the check. A token
// with limits of the forger's choice is of no session then, and leaves nothing.
func TestForgedClaims(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	before := stored(t, srv)
	for name, forge := range map[string]func([]byte){
		"expires": func(b []byte) { b[18]++ },
		"idle":    func(b []byte) { b[23]++ },
		"handle":  func(b []byte) { b[1]++ },
		"secret":  func(b []byte) { b[30]++ },
	} {
		fails(t, name, session.ErrNotFound, errOf(m.Get(ctx, reissue(t, s.Token(), forge))))
	}
	fails(t, "version", session.ErrNotFound, errOf(m.Get(ctx, reissue(t, s.Token(), func(b []byte) { b[0]++ }))))
	fails(t, "a public ID is no token", session.ErrNotFound, errOf(m.Get(ctx, session.Token(s.ID))))
	noErr(t, errOf(m.Get(ctx, reissue(t, s.Token(), func([]byte) {}))))
	check(t, "the database", before, stored(t, srv))
}
