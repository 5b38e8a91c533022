package session

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Errors that say that there is no session: see [SignedOut].
var (
	// ErrNotFound: the session was never there, was destroyed, was idle for too
	// long, or made room for newer ones; or the token is not one of this
	// manager's, which no round trip is made for.
	ErrNotFound = errors.New("session: not found")
	// ErrExpired: the session's absolute lifetime is over.
	ErrExpired = errors.New("session: expired")
	// ErrMoved: the session was rotated moments ago and lives on under another
	// token, which the client is about to get. Neither set nor clear its cookie.
	ErrMoved = errors.New("session: moved to another token")
)

// Errors that say nothing about whether somebody is signed in.
var (
	// ErrUnavailable: the store did not answer, refused, or answered what nobody
	// understands. The cause, an [*upstash.Error] as a rule, is wrapped beside
	// it; [upstash.OutcomeUnknown] tells whether a write may have been made.
	ErrUnavailable = errors.New("session: the store is unavailable")
	// ErrUnsupported: the server has no expiry of hash fields. It matches
	// ErrUnavailable too.
	ErrUnsupported = errors.New("the server lacks a command that sessions need")
	// ErrUnreadable: the stored session cannot be read: it is sealed with a key
	// that is not in the ring, was altered, or is not JSON of the payload's type.
	ErrUnreadable = errors.New("session: the stored session is unreadable")
	// ErrConflict: others changed the session again and again meanwhile.
	ErrConflict = errors.New("session: too many concurrent changes")
	// ErrTooLarge: the payload is larger than Options.MaxPayload.
	ErrTooLarge = errors.New("session: payload too large")
	// ErrNotFresh: the last sign-in is longer ago than was asked for.
	ErrNotFresh = errors.New("session: the last sign-in is too long ago")
)

// SignedOut reports whether err says that there is no session. With any other
// error nobody knows: answer that the service is unavailable, and never treat
// the user as a stranger.
func SignedOut(err error) bool {
	return errors.Is(err, ErrNotFound) || errors.Is(err, ErrExpired) || errors.Is(err, ErrMoved)
}

// storeError marks an error as the store's, and says what is missing of a
// server that does not know the commands.
func storeError(err error) error {
	if command, missing := lacks(err); missing {
		return fmt.Errorf("%w: %w: %s, the expiry of hash fields, which Upstash and Redis 8.0 have: %w",
			ErrUnavailable, ErrUnsupported, command, err)
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// lacks recognizes how servers word that they do not know a command, also from
// within a script.
func lacks(err error) (command string, missing bool) {
	var e *upstash.Error
	if !errors.As(err, &e) || !strings.Contains(strings.ToLower(e.Message), "unknown") ||
		!strings.Contains(strings.ToLower(e.Message), "command") {
		return "", false
	}
	switch e.Op {
	case "HGETEX", "HSETEX":
		return e.Op, true
	case "EVAL", "EVALSHA":
		return "HSETEX", true
	}
	return "", false
}

// stateError is what a script's word for a session that is not there means.
func stateError(state string) error {
	switch state {
	case stateGone:
		return ErrNotFound
	case stateMoved:
		return ErrMoved
	}
	return storeError(errors.New("a script gave an answer that is none of its own"))
}
