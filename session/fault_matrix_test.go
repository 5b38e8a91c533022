package session_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestFaultMatrix has every accident happen to every request of every operation.
// Nothing half done is left, what is sent again is recognized and done once, what
// was ended stays so when copies arrive later, and "sign out everywhere" finds
// everything.
func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	for name, o := range matrixOptions {
		for _, op := range slices.Sorted(maps.Keys(changes)) {
			t.Run(name+", "+op, func(t *testing.T) {
				t.Parallel()
				r := newRoad(t, o, shipped)
				if bad := r.everyAccident(t, op); bad != "" {
					t.Error(bad)
				}
			})
		}
	}
}

var matrixOptions = map[string]session.Options{
	"with a cap":          {Cap: 3},
	"throttled, no limit": {Cap: -1, Throttle: idle / 2},
}

// TestFaultMatrixCatches plants faults that only show with an accident.
func TestFaultMatrixCatches(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"the repeat of a rotation is not noticed", "the repeat of a create is not noticed", "the repeat of an update is not noticed",
		"an update creates", "a rotation leaves the old payload", "Destroy leaves the payload",
		"Destroy does not follow a renewal", "an update loses the session that was renewed",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoad(t, matrixOptions["with a cap"], planted[name])
			for op := range changes {
				if bad := r.everyAccident(t, op); bad != "" {
					t.Log(bad)
					return
				}
			}
			t.Error("not caught")
		})
	}
}

// road is a server that two processes use, and one of them has accidents.
type road struct {
	srv       *upstashtest.Server
	line      *accidental
	m, tested manager
	o         session.Options
	renewed   bool // the session was, before the operation, which knows it as it was
}

// everyAccident has them happen to an operation, on a session that was renewed
// before as well where that makes a difference. It returns what is wrong first.
func (r *road) everyAccident(t *testing.T, op string) (bad string) {
	t.Helper()
	for _, r.renewed = range []bool{false, true} {
		if r.renewed && !slices.Contains(following, op) {
			continue
		}
		for _, what := range accidents {
			for k, happened := 1, true; happened; k++ {
				if bad, happened = r.accidentAt(t, changes[op], what, k); bad != "" {
					return fmt.Sprintf("%s, request %d, %s, renewed before: %v: %s", op, k, what, r.renewed, bad)
				}
			}
		}
	}
	return ""
}

func newRoad(t *testing.T, o session.Options, of system) *road {
	t.Helper()
	ctx := t.Context()
	srv := newServer(t)
	o.Namespace, o.Clock = "n", srv.Now
	r := &road{srv: srv, line: &accidental{Doer: srv.Client()}, o: o}
	r.m, r.tested = shipped(t, srv.Client(), o), of(t, r.line, o)
	for _, m := range []manager{r.m, r.tested} { // so that the server knows the scripts
		s := ok(m.Create(ctx, "u", 0))(t)
		_, _ = m.Rotate(ctx, s, "u", nil)
		_, _ = m.UpdateAll(ctx, "u", plusOne)
		_, _ = m.DestroyOthers(ctx, s)
	}
	return r
}

// accidentAt is one cell of the matrix. It returns what is wrong then, and
// whether there was a k-th request.
func (r *road) accidentAt(t *testing.T, c change, what accident, k int) (bad string, happened bool) {
	t.Helper()
	ctx, m, line := t.Context(), r.m, r.line
	r.srv.Flush()
	ok(m.Create(ctx, "u", 0))(t)
	r.srv.Advance(time.Millisecond)
	ok(m.Create(ctx, "u", 0))(t)
	r.srv.Advance(time.Millisecond)
	s := ok(m.Create(ctx, "u", 5))(t)
	r.srv.Advance(r.o.Throttle + time.Millisecond)
	if r.renewed {
		ok(m.Renew(ctx, s, week, grace))(t)
	}

	*line = accidental{Doer: r.srv.Client(), what: what, k: k}
	got, err := c.run(ctx, r.tested, s)
	if line.n < k {
		return "", false
	}
	if line.dead != (err != nil) || err != nil && !errors.Is(err, errCrash) {
		return fmt.Sprintf("the error is %v", err), true
	}
	if bad := whole(t, r.srv, m, r.o); bad != "" {
		return bad, true
	}
	after, gone := m.GetStrong(ctx, s.Token())
	switch {
	case err == nil && c.ends && !session.SignedOut(gone):
		return fmt.Sprintf("the session is still there: %v", gone), true
	case err == nil && !c.ends && gone == nil && after.Data != 5+c.adds: // done once, and not twice
		return fmt.Sprintf("the payload is %d, want %d", after.Data, 5+c.adds), true
	case err != nil && gone == nil && after.Data != 5 && after.Data != 5+c.adds:
		return fmt.Sprintf("the payload is %d", after.Data), true
	}
	if err == nil && got != nil {
		now, err := m.GetStrong(ctx, got.Token())
		if err != nil || now.Data != got.Data || c.ends && got.Data != 5+c.adds {
			return fmt.Sprintf("what was returned is not what is stored: %v", err), true
		}
		want := 3
		if r.o.Cap < 0 && got.Data == 0 { // one more began
			want = 4
		}
		if n := ok(m.Count(ctx, "u"))(t); got.UserID == "u" && n != want {
			return fmt.Sprintf("%d sessions are there, want %d", n, want), true
		}
	}
	return r.laterOn(t, got), true
}

// laterOn ends everything. What then arrives on the line brings nothing back.
func (r *road) laterOn(t *testing.T, got single) (bad string) {
	t.Helper()
	ctx, m := t.Context(), r.m
	noErr(t, m.DestroyAll(ctx, "u"))
	if got != nil {
		noErr(t, m.Destroy(ctx, got.Token()))
	}
	if r.line.late != nil {
		r.line.late()
	}
	if bad := whole(t, r.srv, m, r.o); bad != "" {
		return bad
	}
	if n := ok(m.Count(ctx, "u"))(t); n != 0 {
		return fmt.Sprintf("%d sessions are there after all were ended", n)
	}
	if got != nil {
		if _, err := m.GetStrong(ctx, got.Token()); !session.SignedOut(err) {
			return fmt.Sprintf("a late copy revived the session: %v", err)
		}
	}
	return ""
}
