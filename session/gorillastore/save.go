package gorillastore

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// Save stores a session and sets its cookie, so call it before anything is
// written to w. A new session gets its ID here; one with an ID is replaced, and
// is [ErrEnded] when it has ended since it was read. With a MaxAge below 0 the
// session ends in the store and its cookie is deleted.
//
// With an error no cookie is set. One round trip, 1 billed command.
func (s *Store) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		if err := s.end(r.Context(), session); err != nil {
			return err
		}
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	id, condition := session.ID, command.Present
	if id == "" {
		id, condition = newID(), command.Condition{}
	}
	cookie, err := securecookie.EncodeMulti(session.Name(), id, s.cookies...)
	if err != nil {
		return fmt.Errorf("gorillastore: save: the cookie: %w", err)
	}
	if err := s.store(r.Context(), session, id, condition); err != nil {
		return err
	}
	session.ID = id
	http.SetCookie(w, sessions.NewCookie(session.Name(), cookie, session.Options))
	return nil
}

func (s *Store) store(ctx context.Context, session *sessions.Session, id string, condition command.Condition) error {
	key := s.key(id)
	text, err := securecookie.EncodeMulti(place(session.Name(), key), session.Values, s.values...)
	if err != nil {
		return fmt.Errorf("gorillastore: save: the values: %w", err)
	}
	ttl := time.Duration(session.Options.MaxAge) * time.Second
	if ttl == 0 {
		ttl = s.opts.BrowserSession
	}
	written, err := upstash.Exec(ctx, s.doer, command.SetWith(key, text, command.SetOptions{If: condition, TTL: ttl}))
	switch {
	case err != nil:
		return fmt.Errorf("gorillastore: save: %w", err)
	case !written:
		return ErrEnded
	}
	return nil
}

// end deletes a session, which has no ID afterwards.
func (s *Store) end(ctx context.Context, session *sessions.Session) error {
	if session.ID == "" { // it was never stored
		return nil
	}
	if _, err := upstash.Exec(ctx, s.doer, command.Del(s.key(session.ID))); err != nil {
		return fmt.Errorf("gorillastore: end: %w", err)
	}
	session.ID, session.IsNew = "", true
	return nil
}
