package session_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/seed-9937a0e6/upstash-go/session"
)

var visible = cmpopts.IgnoreUnexported(session.Session[login]{})

func TestLifeOfASession(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]session.Options{
		"as it is":        {},
		"with a secret":   {Secret: secret},
		"without a cap":   {Secret: secret, Cap: -1},
		"with encryption": {Secret: secret, EncryptionKeys: []session.Key{keyA}},
		"throttled":       {Secret: secret, Throttle: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			srv, m := newManager(t, o)
			s := ok(m.Create(ctx, "u1", jo, session.On(phone)))(t)
			want := &session.Session[login]{
				ID: s.ID, UserID: "u1", Data: jo, Device: phone,
				Created: start.Local(), Authenticated: start.Local(), Expires: start.Add(12 * time.Hour).Local(),
			}
			check := func(what string, got *session.Session[login]) {
				t.Helper()
				if diff := cmp.Diff(want, got, visible); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			check("Create", s)
			check("Get", ok(m.Get(ctx, s.Token()))(t))
			check("GetStrong", ok(m.GetStrong(ctx, s.Token()))(t))
			check("Peek", ok(m.Peek(ctx, s.Token()))(t))

			srv.Advance(time.Minute)
			after := ok(m.Update(ctx, s, func(l *login) error { l.Visits++; l.Metadata["plan"] = "free"; return nil }))(t)
			if s.Data.Visits != 0 || s.Data.Metadata["plan"] != "pro" {
				t.Error("Update changed the session it was given")
			}
			want.Data = login{Email: jo.Email, Role: jo.Role, Visits: 1, Metadata: map[string]string{"plan": "free"}}
			check("Update", after)
			check("Get after Update", ok(m.Get(ctx, s.Token()))(t))
			if after.Token() != s.Token() {
				t.Error("Update changed the token")
			}

			noErr(t, m.Destroy(ctx, s.Token()))
			for name, err := range map[string]error{
				"Get": errOf(m.Get(ctx, s.Token())), "GetStrong": errOf(m.GetStrong(ctx, s.Token())), "Peek": errOf(m.Peek(ctx, s.Token())),
				"Update": errOf(m.Update(ctx, after, func(l *login) error { l.Visits++; return nil })),
				"Rotate": errOf(m.Rotate(ctx, after, "u1", nil)),
			} {
				fails(t, name+" after Destroy", session.ErrNotFound, err)
			}
			noErr(t, m.Destroy(ctx, s.Token()))
			if got := stored(t, srv); len(got) != 0 {
				t.Errorf("%d keys are left", len(got))
			}
		})
	}
}

func TestPayloadsOfAnyType(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv := newServer(t)
	texts := managerOver[string](t, srv, srv.Client(), session.Options{Namespace: "a"})
	for _, v := range []string{"", "12", "null", `{"a":1}`, "\x00 \u2028<&", strings.Repeat("x", 1000)} {
		s := ok(texts.Create(ctx, "u", v))(t)
		check(t, "text", v, ok(texts.Get(ctx, s.Token()))(t).Data)
	}
	numbers := managerOver[int64](t, srv, srv.Client(), session.Options{Namespace: "b"})
	n := ok(numbers.Create(ctx, "u", 1<<62+1))(t)
	check(t, "number", int64(1<<62+1), ok(numbers.Get(ctx, n.Token()))(t).Data)
	pointers := managerOver[*login](t, srv, srv.Client(), session.Options{Namespace: "c"})
	p := ok(pointers.Create(ctx, "u", nil))(t)
	check(t, "nil", (*login)(nil), ok(pointers.Get(ctx, p.Token()))(t).Data)
	maps := managerOver[map[string]any](t, srv, srv.Client(), session.Options{Namespace: "d"})
	q := ok(maps.Create(ctx, "u", map[string]any{"a": []any{1.5, "x"}}))(t)
	check(t, "map", map[string]any{"a": []any{1.5, "x"}}, ok(maps.Get(ctx, q.Token()))(t).Data)
	broken := managerOver[chan int](t, srv, srv.Client(), session.Options{Namespace: "e"})
	if _, err := broken.Create(ctx, "u", nil); err == nil || !strings.Contains(err.Error(), "no JSON form") {
		t.Errorf("a channel: %v", err)
	}
}

// TestUserIDsDoNotCollide: whatever a user ID holds, it is that user's.
func TestUserIDsDoNotCollide(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	names := []string{"a", "a:b", "a:", ":a", "a}", "{a}", " a", "a\x00", "A", strings.Repeat("a", 5000), "ä", "*"}
	for _, name := range names {
		ok(m.Create(ctx, name, jo))(t)
	}
	for _, name := range names {
		check(t, "sessions of "+strconv.Quote(name), 1, ok(m.Count(ctx, name))(t))
	}
	for key := range stored(t, srv) {
		if len(key) != len("shop:s:{}")+22 {
			t.Errorf("key of %d bytes", len(key))
		}
	}
	other := managerOver[login](t, srv, srv.Client(), session.Options{Namespace: "other"})
	check(t, "in another namespace", 0, ok(other.Count(ctx, "a"))(t))
	for name, err := range map[string]error{
		"Create": errOf(m.Create(ctx, "\xff", jo)), "List": errOf(m.List(ctx, "\xff")), "Count": errOf(m.Count(ctx, "")),
		"DestroyAll": m.DestroyAll(ctx, ""), "UpdateAll": errOf(m.UpdateAll(ctx, "", func(*login) error { return nil })),
		"DestroyByID": m.DestroyByID(ctx, "a", "b"), "DestroyByID of nobody": m.DestroyByID(ctx, "", strings.Repeat("A", 43)),
		"List of nobody": errOf(m.List(ctx, "")),
	} {
		if err == nil || session.SignedOut(err) || errors.Is(err, session.ErrUnavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestListCountAndDestroy(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{EncryptionKeys: []session.Key{keyA}})
	check(t, "nothing yet", []session.Info{}, ok(m.List(ctx, "u"))(t))
	var all []*session.Session[login]
	var want []session.Info
	for i := range 4 {
		device := session.Device{Name: strconv.Itoa(i)}
		s := ok(m.Create(ctx, "u", jo, session.On(device)))(t)
		all = append(all, s)
		want = append(want, session.Info{ID: s.ID, Device: device, Created: s.Created, Authenticated: s.Authenticated, Expires: s.Expires})
		srv.Advance(time.Second)
	}
	bystander := ok(m.Create(ctx, "v", jo))(t)
	check(t, "list", want, ok(m.List(ctx, "u"))(t))
	check(t, "count", 4, ok(m.Count(ctx, "u"))(t))

	noErr(t, m.DestroyByID(ctx, "u", all[1].ID))
	noErr(t, m.DestroyByID(ctx, "v", all[2].ID)) // not a session of v: nothing happens
	fails(t, "destroyed by ID", session.ErrNotFound, errOf(m.Get(ctx, all[1].Token())))
	check(t, "list", []string{all[0].ID, all[2].ID, all[3].ID}, ids(ok(m.List(ctx, "u"))(t)))

	check(t, "others", 2, ok(m.DestroyOthers(ctx, all[2]))(t))
	check(t, "list", []string{all[2].ID}, ids(ok(m.List(ctx, "u"))(t)))
	noErr(t, errOf(m.Get(ctx, all[2].Token())))
	check(t, "no others", 0, ok(m.DestroyOthers(ctx, all[2]))(t))

	ok(m.Create(ctx, "u", jo))(t)
	noErr(t, m.DestroyAll(ctx, "u"))
	noErr(t, m.DestroyAll(ctx, "u"))
	check(t, "count", 0, ok(m.Count(ctx, "u"))(t))
	fails(t, "after DestroyAll", session.ErrNotFound, errOf(m.Get(ctx, all[2].Token())))
	noErr(t, errOf(m.Get(ctx, bystander.Token())))
}

func TestDestroyNeedsNoReadablePayload(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	ok(srv.Client().HSetField(ctx, m.Key("u"), s.ID+"#d", "rubbish"))(t)
	fails(t, "Get", session.ErrUnreadable, errOf(m.Get(ctx, s.Token())))
	noErr(t, m.Destroy(ctx, s.Token()))
	fails(t, "Get", session.ErrNotFound, errOf(m.Get(ctx, s.Token())))
}

func TestCapEndsTheOldest(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	var evicted []string
	o := session.Options{Cap: 2}
	o.OnEvent = recordKind(session.Evicted, &evicted)
	srv, m := newManager(t, o)
	var all []*session.Session[login]
	for i := range 5 {
		all = append(all, ok(m.Create(ctx, "u", jo))(t))
		srv.Advance(time.Second)
		check(t, "count", min(i+1, 2), ok(m.Count(ctx, "u"))(t))
	}
	check(t, "the newest stay", []string{all[3].ID, all[4].ID}, ids(ok(m.List(ctx, "u"))(t)))
	check(t, "events", []string{all[0].ID, all[1].ID, all[2].ID}, evicted)
	fails(t, "the oldest", session.ErrNotFound, errOf(m.Get(ctx, all[2].Token())))

	// A rotation takes the place of its own session, not of another one.
	next := ok(m.Rotate(ctx, all[3], "u", nil))(t)
	check(t, "after Rotate", []string{all[4].ID, next.ID}, ids(ok(m.List(ctx, "u"))(t)))
	// One that comes from nobody's takes the place of the oldest.
	guest := ok(m.Create(ctx, "", login{}))(t)
	srv.Advance(time.Second)
	signedIn := ok(m.Rotate(ctx, guest, "u", nil))(t)
	check(t, "after sign-in", []string{next.ID, signedIn.ID}, ids(ok(m.List(ctx, "u"))(t)))

	lower := managerOver[login](t, srv, srv.Client(), session.Options{Cap: 1})
	last := ok(lower.Create(ctx, "u", jo))(t)
	check(t, "a lower cap", []string{last.ID}, ids(ok(lower.List(ctx, "u"))(t)))
	unlimited := managerOver[login](t, srv, srv.Client(), session.Options{Cap: -1})
	for range 30 {
		ok(unlimited.Create(ctx, "u", jo))(t)
	}
	check(t, "no cap", 31, ok(unlimited.Count(ctx, "u"))(t))
	ok(m.Create(ctx, "u", jo))(t)
	check(t, "and a cap again", 2, ok(m.Count(ctx, "u"))(t))
	if fields := ok(srv.Client().HKeys(ctx, m.Key("u")))(t); len(fields) > 2*4+1 {
		t.Errorf("%d fields are left for 2 sessions", len(fields))
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{MaxPayload: 200})
	s := ok(m.Create(ctx, "u", jo))(t)
	srv.Reset()
	long := login{Email: strings.Repeat("x", 300)}
	fails(t, "Create", session.ErrTooLarge, errOf(m.Create(ctx, "u", long)))
	fails(t, "Update", session.ErrTooLarge, errOf(m.Update(ctx, s, func(l *login) error { *l = long; return nil })))
	fails(t, "Rotate", session.ErrTooLarge, errOf(m.Rotate(ctx, s, "u", func(l *login) error { *l = long; return nil })))
	fails(t, "AddFlash", session.ErrTooLarge, errOf(m.AddFlash(ctx, s, "k", long.Email)))
	fails(t, "device", session.ErrTooLarge, errOf(m.Create(ctx, "u", jo, session.On(session.Device{UserAgent: strings.Repeat("x", 5000)}))))
	check(t, "round trips", 0, srv.Meter().RoundTrips)
	check(t, "unharmed", jo, ok(m.Get(ctx, s.Token()))(t).Data)
}

func TestFlashIsReadOnce(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	s = ok(m.AddFlash(ctx, s, "notice", "sent"))(t)
	s = ok(m.AddFlash(ctx, s, "error", "late"))(t)
	check(t, "waiting", map[string]string{"notice": "sent", "error": "late"}, s.Flash())

	here, there := ok(m.Get(ctx, s.Token()))(t), ok(m.Get(ctx, s.Token()))(t)
	text, found, after, err := m.TakeFlash(ctx, here, "notice")
	noErr(t, err)
	check(t, "the first", []any{"sent", true}, []any{text, found})
	check(t, "left", map[string]string{"error": "late"}, after.Flash())
	text, found, after, err = m.TakeFlash(ctx, there, "notice")
	noErr(t, err)
	check(t, "the second", []any{"", false}, []any{text, found})
	check(t, "left", map[string]string{"error": "late"}, after.Flash())

	srv.Reset()
	_, found, _, err = m.TakeFlash(ctx, after, "notice")
	noErr(t, err)
	check(t, "found, round trips", []any{false, 0}, []any{found, srv.Meter().RoundTrips})
	next := ok(m.Rotate(ctx, after, "u", nil))(t)
	check(t, "after Rotate", map[string]string{"error": "late"}, ok(m.Get(ctx, next.Token()))(t).Flash())
	noErr(t, m.Destroy(ctx, next.Token()))
	_, found, _, err = m.TakeFlash(ctx, next, "error")
	fails(t, "of a dead session", session.ErrNotFound, err)
	check(t, "found", false, found)
}

func TestRequireFresh(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	s := ok(m.Create(ctx, "u", jo))(t)
	srv.Advance(5 * time.Minute)
	s = ok(m.Update(ctx, ok(m.Get(ctx, s.Token()))(t), func(l *login) error { l.Visits++; return nil }))(t)
	noErr(t, m.RequireFresh(s, 5*time.Minute))
	srv.Advance(time.Millisecond)
	fails(t, "too old", session.ErrNotFresh, m.RequireFresh(s, 5*time.Minute))
	same := ok(m.Rotate(ctx, s, "u", nil, session.SameLogin()))(t)
	fails(t, "a rotation that is no sign-in", session.ErrNotFresh, m.RequireFresh(same, 5*time.Minute))
	again := ok(m.Rotate(ctx, same, "u", nil))(t)
	noErr(t, m.RequireFresh(again, time.Second))
	guest := ok(m.Create(ctx, "", login{}))(t)
	fails(t, "nobody", session.ErrNotFresh, m.RequireFresh(guest, time.Hour))
}

func TestUpdateAll(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{Cap: -1, EncryptionKeys: []session.Key{keyA}})
	demote := func(l *login) error { l.Role = "user"; return nil }
	check(t, "of nobody", 0, ok(m.UpdateAll(ctx, "u", demote))(t))
	var all []*session.Session[login]
	for range 300 { // more than one run of the script
		all = append(all, ok(m.Create(ctx, "u", jo))(t))
	}
	other := ok(m.Create(ctx, "v", jo))(t)
	check(t, "changed", 300, ok(m.UpdateAll(ctx, "u", demote))(t))
	for _, s := range all {
		check(t, "role", "user", ok(m.Get(ctx, s.Token()))(t).Data.Role)
	}
	check(t, "of another user", "admin", ok(m.Get(ctx, other.Token()))(t).Data.Role)
	check(t, "again", 0, ok(m.UpdateAll(ctx, "u", demote))(t))

	ok(srv.Client().HSetField(ctx, m.Key("u"), all[7].ID+"#d", "e.rubbish"))(t)
	n, err := m.UpdateAll(ctx, "u", func(l *login) error { l.Role = "guest"; return nil })
	fails(t, "one is unreadable", session.ErrUnreadable, err)
	check(t, "the others", 299, n)
	stop := errors.New("stop")
	if _, err := m.UpdateAll(ctx, "u", func(*login) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of change: %v", err)
	}
}
