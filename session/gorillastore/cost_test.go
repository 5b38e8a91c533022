package gorillastore_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/securecookie"

	"github.com/seed-9937a0e6/upstash-go/session/gorillastore"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestCost(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, gorillastore.Options{})
	v := &visitor{}
	session := v.open(t, s)
	one := upstashtest.Cost{RoundTrips: 1, Commands: 1}
	for _, op := range []struct {
		name string
		want upstashtest.Cost
		run  func()
	}{
		{"New without a cookie", upstashtest.Cost{}, func() { (&visitor{}).open(t, s) }},
		{"Save of a new session", one, func() { v.save(t, session) }},
		{"New", one, func() { v.open(t, s) }},
		{"Get twice", one, func() {
			r := v.request(t)
			for range 2 {
				_, err := s.Get(r, "session")
				noErr(t, err)
			}
		}},
		{"Save", one, func() { v.save(t, session) }},
		{"Save of an end", one, func() { session.Options.MaxAge = -1; v.save(t, session) }},
		{"Save of an end of nothing", upstashtest.Cost{}, func() { v.save(t, session) }},
	} {
		t.Log(op.name)
		upstashtest.AssertCost(t, srv, op.want, op.run)
	}
}

// TestNothingStoredGivesAnID scans keys, values, the log of commands, errors
// under every fault, and what is printed.
func TestNothingStoredGivesAnID(t *testing.T) {
	t.Parallel()
	for name, pairs := range map[string][][]byte{"signed": {hashA}, "encrypted": {hashA, blockA}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := gorillastore.Options{KeyPairs: pairs}
			srv, s := newStore(t, o)
			ctx := t.Context()
			v := &visitor{}
			session := v.open(t, s)
			session.Values["user"] = "tell-nobody"
			v.save(t, session)
			var shown strings.Builder
			show := func(things ...any) {
				for _, v := range things {
					fmt.Fprintf(&shown, "%v %+v %#v %s", v, v, v, v)
				}
			}
			show(s, *s, o, &o)
			for _, fault := range []func(*upstashtest.Exchange){
				upstashtest.DropBefore, upstashtest.ExecuteThenDrop, upstashtest.Status(http.StatusInternalServerError),
				upstashtest.HTMLBody, upstashtest.CutBody(3), upstashtest.WrongBase64, echo,
			} {
				stop := srv.InterceptAll(fault)
				_, err := s.New(v.request(t), "session")
				show(err, session.Save(v.request(t), httptest.NewRecorder()))
				stop()
			}
			keys, err := srv.Client().Keys(ctx, "*")
			noErr(t, err)
			value, err := srv.Client().Get(ctx, keys[0])
			noErr(t, err)
			show(keys, value)
			for _, r := range srv.Requests() {
				show(r.Commands)
			}
			secrets := []string{session.ID, session.ID[5:30], v.cookie.Value, string(hashA), fmt.Sprintf("%d", hashA), "tell-nobody"}
			for i, secret := range secrets {
				if strings.Contains(shown.String(), secret) {
					t.Errorf("secret %d is in it", i)
				}
			}
			// Without a block key the values can be read, as gorilla's own are.
			open := map[any]any{}
			place := "session\x00" + keys[0]
			noErr(t, securecookie.DecodeMulti(place, value, &open, securecookie.CodecsFromPairs(pairs...)...))
			check(t, "values", map[any]any{"user": "tell-nobody"}, open)
		})
	}
}

// echo answers with an error that repeats the command, as servers do.
func echo(x *upstashtest.Exchange) {
	x.Answer(http.StatusBadRequest, nil, fmt.Sprintf(`{"error":"ERR unknown command %s"}`, strings.ReplaceAll(fmt.Sprintf("%q", x.Commands), `"`, "'")))
}
