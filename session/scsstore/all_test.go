package scsstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/session/scsstore"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestAll(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, scsstore.Options{TokenKeys: [][]byte{keyA}, Page: 7})
	ctx := t.Context()
	empty, err := s.AllCtx(ctx)
	noErr(t, err)
	check(t, "none: an empty map, not nil", map[string][]byte{}, empty)

	want := map[string][]byte{}
	for i := range 40 {
		token, data := fmt.Sprintf("token-%d", i), fmt.Appendf(nil, "data %d \xff", i)
		want[token] = data
		noErr(t, s.CommitCtx(ctx, token, data, time.Now().Add(time.Hour)))
	}
	noErr(t, s.CommitCtx(ctx, "ended", []byte("x"), time.Now().Add(time.Minute)))
	noErr(t, s.CommitCtx(ctx, "deleted", []byte("x"), time.Now().Add(time.Hour)))
	noErr(t, s.DeleteCtx(ctx, "deleted"))
	for i := range 20 { // what else is in the database
		noErr(t, srv.Client().Set(ctx, fmt.Sprint("shop:other:", i), "x"))
	}
	srv.Advance(time.Minute)
	all, err := s.AllCtx(ctx)
	noErr(t, err)
	check(t, "all", want, all)
	all, err = s.All()
	noErr(t, err)
	check(t, "all, without a context", want, all)
}

func TestAllNeedsTheTokens(t *testing.T) {
	t.Parallel()
	srv, plain := newStore(t, scsstore.Options{})
	ctx, later := t.Context(), time.Now().Add(time.Hour)
	with := func(keys ...[]byte) *scsstore.Store { return storeOver(t, srv, scsstore.Options{TokenKeys: keys}) }
	fails := func(what string, s *scsstore.Store) {
		t.Helper()
		if all, err := s.AllCtx(ctx); err == nil || all != nil {
			t.Errorf("%s: %d sessions, %v", what, len(all), err)
		}
	}
	fails("no keys", plain)
	noErr(t, plain.CommitCtx(ctx, "token", []byte("x"), later))
	fails("stored without", with(keyA))
	check(t, "it is found all the same", "data x", find(t, with(keyA), "token"))

	noErr(t, with(keyA).CommitCtx(ctx, "token", []byte("x"), later))
	fails("another key", with(keyB))
	all, err := with(keyB, keyA).AllCtx(ctx)
	noErr(t, err)
	check(t, "a key that was replaced", map[string][]byte{"token": []byte("x")}, all)

	// Who can write to the database cannot have a session listed as another one.
	keys, err := srv.Client().Keys(ctx, "*")
	noErr(t, err)
	value, err := srv.Client().Get(ctx, keys[0])
	noErr(t, err)
	noErr(t, srv.Client().Set(ctx, "shop:scs:elsewhere", value))
	fails("a value that was copied", with(keyA))
}

// TestAllReads what comes between the pages: a session that ends there is left
// out, and one reply too few is an error.
func TestAllBetweenPages(t *testing.T) {
	t.Parallel()
	srv, s := newStore(t, scsstore.Options{TokenKeys: [][]byte{keyA}})
	ctx := t.Context()
	noErr(t, s.CommitCtx(ctx, "stays", []byte("x"), time.Now().Add(time.Hour)))
	noErr(t, s.CommitCtx(ctx, "ends", []byte("x"), time.Now().Add(time.Hour)))
	over := func(f func(b upstash.Batch, replies []command.Reply) []command.Reply) *scsstore.Store {
		d := upstash.DoerFunc(func(ctx context.Context, b upstash.Batch) ([]command.Reply, error) {
			replies, err := srv.Client().Do(ctx, b)
			if err != nil {
				return nil, err
			}
			return f(b, replies), nil
		})
		s, err := scsstore.New(d, scsstore.Options{Namespace: "shop", TokenKeys: [][]byte{keyA}})
		noErr(t, err)
		return s
	}
	all, err := over(func(b upstash.Batch, replies []command.Reply) []command.Reply {
		if b.Commands[0].Name() == "SCAN" {
			noErr(t, s.DeleteCtx(ctx, "ends"))
		}
		return replies
	}).AllCtx(ctx)
	noErr(t, err)
	check(t, "all", map[string][]byte{"stays": []byte("x")}, all)
	if _, err := over(func(upstash.Batch, []command.Reply) []command.Reply { return nil }).AllCtx(ctx); err == nil {
		t.Error("no replies: no error")
	}
}
