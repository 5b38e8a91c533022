package session

import (
	"fmt"
	"io"
	"log/slog"
)

// Key is secret bytes. It does not print them.
type Key []byte

const hiddenKey = "session.Key{hidden}"

// Format prints the type, whatever the verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenKey) }

// LogValue is the type, so that a logger shows no more.
func (Key) LogValue() slog.Value { return slog.StringValue(hiddenKey) }

// MarshalText writes the type, so that a configuration that is dumped as JSON
// shows no more.
func (Key) MarshalText() ([]byte, error) { return []byte(hiddenKey), nil }
