package gorillastore

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// New reads the session that the cookie of a name speaks of, and returns a new
// one, with IsNew, where there is none: no cookie, or a session that has ended.
// It never returns nil. With an error the session is new too, and nobody knows
// whether there was one: the cookie is not of this store, or the store failed,
// which is an [upstash.Error]. Do not Save it then, or the visitor loses the
// session that they may have.
//
// One round trip, 1 billed command, a read; nothing without a cookie, and
// nothing for a forged one.
func (s *Store) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := *s.Options
	session.Options = &options
	session.IsNew = true
	cookie, err := r.Cookie(name)
	if err != nil {
		return session, nil //nolint:nilerr // without a cookie the session is new
	}
	var id string
	if err := securecookie.DecodeMulti(name, cookie.Value, &id, s.cookies...); err != nil {
		return session, fmt.Errorf("gorillastore: the cookie: %w", err)
	}
	return session, s.load(r.Context(), session, id)
}

// load fills in a session that is there.
func (s *Store) load(ctx context.Context, session *sessions.Session, id string) error {
	key := s.key(id)
	stored, err := upstash.Exec(ctx, s.doer, command.Get(key))
	switch {
	case errors.Is(err, upstash.ErrNil):
		return nil
	case err != nil:
		return fmt.Errorf("gorillastore: load: %w", err)
	}
	values := map[any]any{}
	if err := securecookie.DecodeMulti(place(session.Name(), key), stored, &values, s.values...); err != nil {
		return fmt.Errorf("gorillastore: load: the stored values: %w", err)
	}
	session.ID, session.Values, session.IsNew = id, values, false
	return nil
}

// place is where values belong, and is signed with them.
func place(name, key string) string { return name + "\x00" + key }
