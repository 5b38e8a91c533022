package scsstore

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Store is what scs calls scs.CtxStore and scs.IterableCtxStore. It is safe for
// concurrent use.
type Store struct {
	doer upstash.Doer
	opts Options
	ring ring
}

var (
	_ scs.CtxStore         = (*Store)(nil)
	_ scs.IterableStore    = (*Store)(nil)
	_ scs.IterableCtxStore = (*Store)(nil)
)

// New makes a store over d, a client for example. It does no I/O.
func New(d upstash.Doer, o Options) (*Store, error) {
	if d == nil {
		return nil, errors.New("scsstore: there is no client: give an upstash.Client or another Doer")
	}
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	ring, err := newRing(o.TokenKeys)
	if err != nil {
		return nil, err
	}
	return &Store{doer: d, opts: o, ring: ring}, nil
}

// key names a session's record. The digest leads nobody back to a token of scs,
// which has 256 random bits.
func (s *Store) key(token string) string {
	sum := sha256.Sum256([]byte("upstash-go scs token\x00" + token))
	return s.prefix() + base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s *Store) prefix() string { return s.opts.Namespace + ":scs:" }

// FindCtx returns the data of a session. Found is false for a token that has no
// session, that has ended, or that nobody ever issued. An error says nothing
// about that: the store failed. One round trip, 1 billed command.
func (s *Store) FindCtx(ctx context.Context, token string) (b []byte, found bool, err error) {
	if token == "" {
		return nil, false, nil
	}
	stored, err := upstash.Exec(ctx, s.doer, command.Get(s.key(token)))
	switch {
	case errors.Is(err, upstash.ErrNil):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("scsstore: find: %w", err)
	}
	_, data, ok := cut(stored)
	if !ok {
		return nil, false, fmt.Errorf("scsstore: find: %w", errForeign)
	}
	return data, true, nil
}

// CommitCtx stores the data of a session until expiry, in the place of what was
// there. One round trip, 1 billed command. The server counts the time that is
// left, so that its clock need not agree with that of this program. With an
// expiry that has passed the session is deleted.
func (s *Store) CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error {
	left := time.Until(expiry)
	if left <= 0 {
		return s.DeleteCtx(ctx, token)
	}
	if token == "" {
		return errors.New("scsstore: commit: the token is empty")
	}
	key := s.key(token)
	set := command.SetWith(key, s.ring.join(key, token, b), command.SetOptions{TTL: left})
	if _, err := upstash.Exec(ctx, s.doer, set); err != nil {
		return fmt.Errorf("scsstore: commit: %w", err)
	}
	return nil
}

// DeleteCtx ends a session; one that is not there is none to end. One round
// trip, 1 billed command.
func (s *Store) DeleteCtx(ctx context.Context, token string) error {
	if token == "" { // a session that was never stored
		return nil
	}
	if _, err := upstash.Exec(ctx, s.doer, command.Del(s.key(token))); err != nil {
		return fmt.Errorf("scsstore: delete: %w", err)
	}
	return nil
}

// Find is [Store.FindCtx] without a context.
func (s *Store) Find(token string) (b []byte, found bool, err error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is [Store.CommitCtx] without a context.
func (s *Store) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete is [Store.DeleteCtx] without a context.
func (s *Store) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
