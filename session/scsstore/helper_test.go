package scsstore_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/session/scsstore"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

var (
	keyA = bytes.Repeat([]byte("a"), 32)
	keyB = bytes.Repeat([]byte("b"), 32)
)

func newStore(t *testing.T, o scsstore.Options) (*upstashtest.Server, *scsstore.Store) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	return srv, storeOver(t, srv, o)
}

func storeOver(t *testing.T, srv *upstashtest.Server, o scsstore.Options) *scsstore.Store {
	t.Helper()
	o.Namespace = "shop"
	s, err := scsstore.New(srv.Client(), o)
	noErr(t, err)
	return s
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// find is what Find says, as texts: the data, or why there is none.
func find(t *testing.T, s *scsstore.Store, token string) string {
	t.Helper()
	b, found, err := s.FindCtx(t.Context(), token)
	noErr(t, err)
	if !found {
		check(t, "data of what is not found", 0, len(b))
		return "not found"
	}
	return "data " + string(b)
}
