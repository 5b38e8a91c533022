package session_test

import (
	"errors"

	"github.com/seed-9937a0e6/upstash-go/session"
)

var sentinels = []error{
	session.ErrNotFound, session.ErrExpired, session.ErrMoved, session.ErrUnavailable, session.ErrUnsupported,
	session.ErrUnreadable, session.ErrConflict, session.ErrTooLarge, session.ErrNotFresh,
}

func isOnly(err, want error) bool {
	for _, s := range sentinels {
		alsoMeant := errors.Is(want, session.ErrUnsupported) && errors.Is(s, session.ErrUnavailable)
		if errors.Is(err, s) != (errors.Is(want, s) || alsoMeant) {
			return false
		}
	}
	return true
}
