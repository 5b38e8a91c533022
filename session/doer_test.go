package session_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/session"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// between is a Doer that has something happen right after a command.
type between struct {
	upstash.Doer

	name string
	do   func()
}

func (b between) Do(ctx context.Context, batch upstash.Batch) ([]command.Reply, error) {
	replies, err := b.Doer.Do(ctx, batch)
	if batch.Commands[0].Name() == b.name {
		b.do()
	}
	return replies, err
}

// strangerTo is a client that has no sync token yet.
func strangerTo(t *testing.T, srv *upstashtest.Server) *upstash.Client {
	t.Helper()
	rdb, err := upstash.New(srv.ClientOptions())
	if err != nil {
		t.Fatal(err)
	}
	return rdb
}

// reissue changes the claims of a token and makes its check right again, as
// anybody can when there is no Secret.
func reissue(t *testing.T, token session.Token, forge func([]byte)) session.Token {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(string(token))
	if err != nil {
		t.Fatal(err)
	}
	forge(b)
	sum := sha256.Sum256(append([]byte("upstash-go session token\x00"), b[:len(b)-16]...))
	copy(b[len(b)-16:], sum[:])
	return session.Token(base64.RawURLEncoding.EncodeToString(b))
}
