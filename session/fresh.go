package session

import "time"

// RequireFresh returns [ErrNotFresh] unless the user of s signed in within the
// last so much time: ask for the password again before anything grave, and
// [Manager.Rotate]. It does no I/O.
func (m *Manager[T]) RequireFresh(s *Session[T], within time.Duration) error {
	if s.Authenticated.IsZero() || m.now().Sub(s.Authenticated) > within {
		return ErrNotFresh
	}
	return nil
}
