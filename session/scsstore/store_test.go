package scsstore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session/scsstore"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// TestContract is what the documentation of scs.Store asks of a store.
func TestContract(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]scsstore.Options{"digests only": {}, "with tokens": {TokenKeys: [][]byte{keyA}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, s := newStore(t, o)
			ctx := t.Context()
			in := func(d time.Duration) time.Time { return time.Now().Add(d) }

			check(t, "missing", "not found", find(t, s, "missing"))
			noErr(t, s.CommitCtx(ctx, "token", []byte("data"), in(time.Minute)))
			check(t, "found", "data data", find(t, s, "token"))
			for _, other := range []string{"toke", "token ", "Token", "", "\xff", "shop:scs:token", strings.Repeat("x", 10_000)} {
				check(t, "malformed", "not found", find(t, s, other))
			}

			binary := "\x00\xff\xfe\r\n\"1"
			noErr(t, s.CommitCtx(ctx, "token", []byte(binary), in(time.Hour)))
			check(t, "overwritten", "data "+binary, find(t, s, "token"))
			srv.Advance(time.Minute)
			check(t, "the end is overwritten too", "data "+binary, find(t, s, "token"))
			noErr(t, s.CommitCtx(ctx, "token", nil, in(time.Minute)))
			check(t, "empty", "data ", find(t, s, "token"))
			srv.Advance(time.Minute)
			check(t, "expired", "not found", find(t, s, "token"))

			noErr(t, s.CommitCtx(ctx, "token", []byte("a"), in(time.Hour)))
			noErr(t, s.CommitCtx(ctx, "token", []byte("b"), in(-time.Second)))
			check(t, "committed after its end", "not found", find(t, s, "token"))

			noErr(t, s.CommitCtx(ctx, "token", []byte("c"), in(time.Hour)))
			noErr(t, s.CommitCtx(ctx, "beside", []byte("d"), in(time.Hour)))
			noErr(t, s.DeleteCtx(ctx, "token"))
			noErr(t, s.DeleteCtx(ctx, "token"))
			noErr(t, s.DeleteCtx(ctx, "never there"))
			check(t, "deleted", "not found", find(t, s, "token"))
			check(t, "the one beside it", "data d", find(t, s, "beside"))

			// The forms without a context are the same.
			noErr(t, s.Commit("token", []byte("e"), in(time.Hour)))
			b, found, err := s.Find("token")
			check(t, "Find", []any{"e", true, error(nil)}, []any{string(b), found, err})
			noErr(t, s.Delete("token"))
			check(t, "deleted", "not found", find(t, s, "token"))
		})
	}
}

// TestTheServerCountsTheLifetime: its clock is a year away from the program's.
func TestTheServerCountsTheLifetime(t *testing.T) {
	t.Parallel()
	start := time.Now().AddDate(-1, 0, 0)
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, Clock: func() time.Time { return start }})
	s := storeOver(t, srv, scsstore.Options{})
	noErr(t, s.CommitCtx(t.Context(), "token", []byte("x"), time.Now().Add(time.Hour)))
	srv.Advance(time.Hour - time.Minute)
	check(t, "shortly before", "data x", find(t, s, "token"))
	srv.Advance(time.Minute)
	check(t, "then", "not found", find(t, s, "token"))
}

func TestCost(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, scsstore.Options{TokenKeys: [][]byte{keyA}, Page: 1000})
	ctx := t.Context()
	later := time.Now().Add(time.Hour)
	find := func(token string) func() error {
		return func() error { _, _, err := s.FindCtx(ctx, token); return err }
	}
	for _, op := range []struct {
		name string
		want upstashtest.Cost
		run  func() error
	}{
		{"All, of none", upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() error { _, err := s.AllCtx(ctx); return err }},
		{"Commit", upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() error { return s.CommitCtx(ctx, "a", []byte("x"), later) }},
		{"Commit again", upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() error { return s.CommitCtx(ctx, "a", []byte("x"), later) }},
		{"All, of one page", upstashtest.Cost{RoundTrips: 2, Commands: 2}, func() error { _, err := s.AllCtx(ctx); return err }},
		{"Find", upstashtest.Cost{RoundTrips: 1, Commands: 1}, find("a")},
		{"Find, missing", upstashtest.Cost{RoundTrips: 1, Commands: 1}, find("b")},
		{"Find, empty", upstashtest.Cost{}, find("")},
		{"Delete", upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() error { return s.DeleteCtx(ctx, "a") }},
		{"Delete, empty", upstashtest.Cost{}, func() error { return s.DeleteCtx(ctx, "") }},
		{"Commit after its end", upstashtest.Cost{RoundTrips: 1, Commands: 1}, func() error { return s.CommitCtx(ctx, "a", nil, time.Time{}) }},
	} {
		t.Log(op.name)
		upstashtest.AssertCost(t, srv, op.want, func() { noErr(t, op.run()) })
	}
}

// TestNothingStoredGivesAToken scans keys, values, the log of commands, errors
// under every fault, and what is printed.
func TestNothingStoredGivesAToken(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]scsstore.Options{"digests only": {}, "with tokens": {TokenKeys: [][]byte{keyA}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, s := newStore(t, o)
			ctx := t.Context()
			const token = "a-very-secret-token-of-43-characters-000000"
			noErr(t, s.CommitCtx(ctx, token, []byte("x"), time.Now().Add(time.Hour)))
			keys, err := srv.Client().Keys(ctx, "*")
			noErr(t, err)
			value, err := srv.Client().Get(ctx, keys[0])
			noErr(t, err)
			var shown strings.Builder
			show := func(things ...any) {
				for _, v := range things {
					fmt.Fprintf(&shown, "%v %+v %#v %s", v, v, v, v)
				}
			}
			show(keys, value)
			show(s, *s, o, &o)
			for _, fault := range []func(*upstashtest.Exchange){
				upstashtest.DropBefore, upstashtest.ExecuteThenDrop, upstashtest.Status(http.StatusInternalServerError),
				upstashtest.HTMLBody, upstashtest.CutBody(3), upstashtest.WrongBase64, echo,
			} {
				stop := srv.InterceptAll(fault)
				_, found, err := s.FindCtx(ctx, token)
				if found {
					t.Error("found in a reply that failed")
				}
				show(err, s.CommitCtx(ctx, token, []byte("x"), time.Now().Add(time.Hour)), s.DeleteCtx(ctx, token))
				_, err = s.AllCtx(ctx)
				show(err)
				stop()
			}
			for _, r := range srv.Requests() {
				show(r.Commands)
			}
			for _, secret := range []string{token, token[5:30], string(keyA), fmt.Sprintf("%d", keyA)} {
				if strings.Contains(shown.String(), secret) {
					t.Error("a secret is in it")
				}
			}
		})
	}
}

// echo answers with an error that repeats the command, as servers do.
func echo(x *upstashtest.Exchange) {
	x.Answer(http.StatusBadRequest, nil, fmt.Sprintf(`{"error":"ERR unknown command %s"}`, strings.ReplaceAll(fmt.Sprintf("%q", x.Commands), `"`, "'")))
}

// TestFailuresAreErrors: that the store failed is never "not found".
func TestFailuresAreErrors(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, scsstore.Options{})
	ctx := t.Context()
	noErr(t, s.CommitCtx(ctx, "token", []byte("x"), time.Now().Add(time.Hour)))
	stop := srv.InterceptAll(upstashtest.DropBefore)
	for name, err := range map[string]error{
		"find":   func() error { _, _, err := s.FindCtx(ctx, "token"); return err }(),
		"commit": s.CommitCtx(ctx, "token", nil, time.Now().Add(time.Hour)),
		"delete": s.DeleteCtx(ctx, "token"),
	} {
		if !upstash.OutcomeUnknown(err) || !strings.HasPrefix(err.Error(), "scsstore: "+name+": ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	stop()
	keys, err := srv.Client().Keys(ctx, "*")
	noErr(t, err)
	noErr(t, srv.Client().Set(ctx, keys[0], "written by somebody else"))
	if _, found, err := s.FindCtx(ctx, "token"); found || err == nil {
		t.Errorf("somebody else's value: found %v, %v", found, err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := s.FindCtx(ended, "token"); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
	if err := s.CommitCtx(ctx, "", nil, time.Now().Add(time.Hour)); err == nil {
		t.Error("a session without a token was committed")
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	for name, o := range map[string]scsstore.Options{
		"no namespace":  {},
		"colon":         {Namespace: "a:b"},
		"pattern":       {Namespace: "a*"},
		"short key":     {Namespace: "a", TokenKeys: [][]byte{keyA[:16]}},
		"negative page": {Namespace: "a", Page: -1},
	} {
		if s, err := scsstore.New(srv.Client(), o); err == nil || s != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := scsstore.New(nil, scsstore.Options{Namespace: "a"}); err == nil {
		t.Error("no client: no error")
	}
}
