package session

import (
	"fmt"
	"io"
	"log/slog"
	"maps"
	"time"
)

// Session is a session as it was at one moment. It is a value to read: what is
// done to Data here does not reach the store, [Manager.Update] does that. Safe
// for concurrent reading. It does not print its content.
type Session[T any] struct {
	// ID is public: it names the session in device lists and logs, and nobody
	// gets in with it.
	ID string
	// UserID is whose session it is; empty when nobody has signed in.
	UserID string
	// Data is the payload.
	Data T
	// Device is what was said of the client when the session began.
	Device Device
	// Created is when the session, under this token, began.
	Created time.Time
	// Authenticated is when the user last proved who they are; zero when nobody
	// has signed in.
	Authenticated time.Time
	// Expires is when the absolute lifetime ends. Without use, it ends earlier.
	Expires time.Time

	claims claims
	entry  entry
}

// Token is what the client must keep. Put string(s.Token()) into a cookie.
func (s *Session[T]) Token() Token { return s.entry.token }

// Flash returns the flash values that are waiting, without taking them.
func (s *Session[T]) Flash() map[string]string { return maps.Clone(s.entry.doc.Flash) }

// Format prints the type and the public ID, whatever the verb.
func (s Session[T]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.summary()) }

// LogValue is the public ID, so that a logger shows no more.
func (s Session[T]) LogValue() slog.Value { return slog.StringValue(s.summary()) }

func (s Session[T]) summary() string { return "session.Session{" + s.ID + "}" }

// Device is what a list of a user's sessions shows of each. All of it is up to
// the caller, and stored as it is given.
type Device struct {
	Name      string `json:"name,omitempty"`
	UserAgent string `json:"userAgent,omitempty"`
	IP        string `json:"ip,omitempty"`
}

// Info is a session in a list.
type Info struct {
	ID            string
	Device        Device
	Created       time.Time
	Authenticated time.Time // zero when nobody has signed in
	Expires       time.Time // the absolute limit
}
