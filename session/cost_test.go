package session_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// cost is what an operation takes.
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

// TestCost holds the package to the table in its documentation.
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
	old := ok(m.Create(ctx, "r", jo))(t)
	check(t, "a renewal", cost{1, 5}, costOf(t, srv, func() error { return errOf(m.Renew(ctx, old, time.Hour, time.Hour)) }))

	promised := promises(t)
	measured := map[string]bool{}
	for _, op := range []struct {
		name string // the row of the table
		run  func() error
	}{
		{"Get", func() error { return errOf(m.Get(ctx, s.Token())) }},
		{"GetStrong", func() error { return errOf(m.GetStrong(ctx, s.Token())) }},
		{"Peek", func() error { return errOf(m.Peek(ctx, s.Token())) }},
		{"Get with a Throttle", func() error { return errOf(throttled.Get(ctx, s.Token())) }},
		{"Get with a Throttle, once in Throttle", func() error { srv.Advance(time.Minute); return errOf(throttled.Get(ctx, s.Token())) }},
		{"GetStrong with a Throttle", func() error { return errOf(throttled.GetStrong(ctx, s.Token())) }},
		{"List, Count", func() error { return errOf(m.List(ctx, "u")) }},
		{"List, Count", func() error { return errOf(m.Count(ctx, "u")) }},
		{"Create", func() error { return errOf(m.Create(ctx, "u", jo)) }},
		{"Create without a cap, or for nobody", func() error { return errOf(m.Create(ctx, "", jo)) }},
		{"Create when the oldest makes room", func() error { return errOf(m.Create(ctx, "u", jo)) }},
		{"Create without a cap, or for nobody", func() error { return errOf(unlimited.Create(ctx, "w", jo)) }},
		{"Update, AddFlash, TakeFlash", func() error { return errOf(m.Update(ctx, other, visit)) }},
		{"Update that changes nothing", func() error { return errOf(m.Update(ctx, other, func(*login) error { return nil })) }},
		{"Update with one conflict", func() error { return errOf(m.Update(ctx, other, visit)) }},
		{"UpdateAll", func() error { return errOf(m.UpdateAll(ctx, "u", visit)) }},
		{"Rotate with one conflict", func() (err error) { other, err = m.Rotate(ctx, other, "u", nil); return err }},
		{"Rotate", func() (err error) { other, err = m.Rotate(ctx, other, "u", nil); return err }},
		{"Rotate without a cap", func() (err error) { other, err = unlimited.Rotate(ctx, other, "u", nil); return err }},
		{"Update, AddFlash, TakeFlash", func() (err error) { other, err = m.AddFlash(ctx, other, "a", "b"); return err }},
		{"Update, AddFlash, TakeFlash", func() (err error) { _, _, other, err = m.TakeFlash(ctx, other, "a"); return err }},
		{"Destroy, DestroyByID", func() error { return m.DestroyByID(ctx, "w", third.ID) }},
		{"DestroyOthers", func() error { return errOf(m.DestroyOthers(ctx, other)) }},
		{"Destroy, DestroyByID", func() error { return m.Destroy(ctx, other.Token()) }},
		{"Destroy, DestroyByID of what is not there", func() error { return m.DestroyByID(ctx, "w", third.ID) }},
		{"Destroy, DestroyByID of what is not there", func() error { return m.Destroy(ctx, s.Token()) }},
		{"DestroyOthers without others", func() error { return errOf(m.DestroyOthers(ctx, other)) }},
		{"Get, the token of before a renewal", func() error { return errOf(m.Get(ctx, old.Token())) }},
		{"Update, the token of before a renewal", func() error { return errOf(m.Update(ctx, old, visit)) }},
		{"Destroy, the token of before a renewal", func() error { return m.Destroy(ctx, old.Token()) }},
		{"DestroyAll", func() error { return m.DestroyAll(ctx, "u") }},
		{"RequireFresh", func() error { return m.RequireFresh(other, time.Hour) }},
		{"a malformed, forged or expired token", func() error { return isRefused(errOf(m.Get(ctx, "forged"))) }},
		{"a malformed, forged or expired token", func() error { srv.Advance(absolute); return isRefused(errOf(m.Get(ctx, other.Token()))) }},
	} {
		srv.Advance(time.Millisecond) // who is the oldest depends on it
		want, listed := promised[op.name]
		if !listed {
			t.Errorf("%s: it is not in the table", op.name)
		}
		measured[op.name] = true
		check(t, op.name, want, costOf(t, srv, op.run))
	}
	for name := range promised {
		if !measured[name] {
			t.Errorf("%s: it is in the table, and was not measured", name)
		}
	}
}

func isRefused(err error) error {
	if session.SignedOut(err) {
		return nil
	}
	return fmt.Errorf("it was not refused: %w", err)
}

// promises is the table in the package documentation.
func promises(t *testing.T) map[string]cost {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	noErr(t, err)
	_, table, found := strings.Cut(string(text), "\n// # Cost\n")
	table, _, _ = strings.Cut(table, "\n// Of a Web,") // whose table TestWebCost keeps
	if !found {
		t.Fatal("doc.go has no table of costs")
	}
	rows := map[string]cost{}
	for _, row := range regexp.MustCompile(`(?m)^//\t(\S.*?)\s{2,}(\d+)\s+(\d+)$`).FindAllStringSubmatch(table, -1) {
		trips, err := strconv.Atoi(row[2])
		noErr(t, err)
		commands, err := strconv.Atoi(row[3])
		noErr(t, err)
		rows[row[1]] = cost{trips, commands}
		t.Logf("%-40s %d round trips, %d billed commands", row[1], trips, commands)
	}
	return rows
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
