package session_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// TestS8AllSessionsEndInOneCall, also one that begins at the same time: it is
// gone, or the next call ends it.
func TestS8AllSessionsEndInOneCall(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for name, before := range map[string]bool{"just before": true, "just after": false} {
		t.Run("a session begins "+name, func(t *testing.T) {
			t.Parallel()
			srv, m := newManager(t, session.Options{})
			var all []*session.Session[login]
			for range 20 {
				all = append(all, ok(m.Create(ctx, "u", jo))(t))
			}
			bystander := ok(m.Create(ctx, "v", jo))(t)
			var racer *session.Session[login]
			racing := managerOver[login](t, srv, upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
				if before {
					racer = ok(m.Create(ctx, "u", jo))(t)
				}
				replies, err := srv.Client().Do(ctx, b)
				if !before {
					racer = ok(m.Create(ctx, "u", jo))(t)
				}
				return replies, err
			}), session.Options{})
			noErr(t, racing.DestroyAll(ctx, "u"))
			for _, s := range all {
				fails(t, "Get", session.ErrNotFound, errOf(m.Get(ctx, s.Token())))
			}
			if before {
				fails(t, "the one that began before", session.ErrNotFound, errOf(m.Get(ctx, racer.Token())))
			} else {
				check(t, "the one that began after is listed", []string{racer.ID}, ids(ok(m.List(ctx, "u"))(t)))
			}
			check(t, "cost", cost{1, 1}, costOf(t, srv, func() error { return m.DestroyAll(ctx, "u") }))
			fails(t, "then", session.ErrNotFound, errOf(m.Get(ctx, racer.Token())))
			noErr(t, errOf(m.Get(ctx, bystander.Token())))
		})
	}
}

// TestS9AllOthersEnd, after a change of the password for example.
func TestS9AllOthersEnd(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	srv, m := newManager(t, session.Options{})
	var others []*session.Session[login]
	for range 5 {
		others = append(others, ok(m.Create(ctx, "u", jo))(t))
	}
	here := ok(m.Rotate(ctx, ok(m.Create(ctx, "u", jo))(t), "u", nil))(t)
	bystander := ok(m.Create(ctx, "v", jo))(t)
	check(t, "ended", 5, ok(m.DestroyOthers(ctx, here))(t))
	for _, s := range others {
		fails(t, "another one", session.ErrNotFound, errOf(m.Get(ctx, s.Token())))
	}
	noErr(t, errOf(m.Get(ctx, here.Token())))
	noErr(t, errOf(m.Get(ctx, bystander.Token())))
	check(t, "fields that are left, and the mark of the rotation", 4+1, len(stored(t, srv)[m.Key("u")]))
	srv.Advance(grace)
	check(t, "fields that are left", 4, len(stored(t, srv)[m.Key("u")]))
}

// TestS10ListsShowNoTokens, a public ID lets nobody in, and nobody ends another
// user's session with it.
func TestS10ListsShowNoTokens(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	_, m := newManager(t, session.Options{})
	var tokens []session.Token
	for range 4 {
		tokens = append(tokens, ok(m.Create(ctx, "u", jo, session.On(phone)))(t).Token())
	}
	list := ok(m.List(ctx, "u"))(t)
	check(t, "listed", 4, len(list))
	printed(t, "the list", list, spellings(t, tokens...))
	for _, info := range list {
		fails(t, "a public ID as a token", session.ErrNotFound, errOf(m.Get(ctx, session.Token(info.ID))))
		noErr(t, m.DestroyByID(ctx, "v", info.ID))
	}
	check(t, "count: v ended none of them", 4, ok(m.Count(ctx, "u"))(t))
	noErr(t, m.DestroyByID(ctx, "u", list[1].ID))
	alive := 0
	for _, token := range tokens {
		if errOf(m.Peek(ctx, token)) == nil {
			alive++
		}
	}
	check(t, "alive after one was ended by its ID", 3, alive)
}

// TestS11TheNumberOfSessionsIsLimited: right after a session begins there are at
// most so many, and those that ended are the oldest.
func TestS11TheNumberOfSessionsIsLimited(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	rng := rand.New(rand.NewPCG(11, 1))
	for limit := 1; limit <= 5; limit++ {
		srv, m := newManager(t, session.Options{Cap: limit})
		var alive []string // the oldest first
		for range 40 {
			srv.Advance(time.Duration(1+rng.IntN(60)) * time.Second)
			switch {
			case len(alive) > 0 && rng.IntN(5) == 0:
				i := rng.IntN(len(alive))
				noErr(t, m.DestroyByID(ctx, "u", alive[i]))
				alive = append(alive[:i], alive[i+1:]...)
			case rng.IntN(3) == 0: // a sign-in in a session that nobody had
				s := ok(m.Rotate(ctx, ok(m.Create(ctx, "", login{}))(t), "u", nil))(t)
				alive = append(alive, s.ID)
			default:
				alive = append(alive, ok(m.Create(ctx, "u", jo))(t).ID)
			}
			alive = alive[max(0, len(alive)-limit):]
			check(t, "the newest", append([]string{}, alive...), ids(ok(m.List(ctx, "u"))(t)))
			check(t, "count", len(alive), ok(m.Count(ctx, "u"))(t))
		}
	}
}
