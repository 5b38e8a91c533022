package session

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Manager keeps sessions whose payload is a T: any type with a JSON form. It is
// safe for concurrent use; make one and share it.
type Manager[T any] struct {
	doer    upstash.Doer
	opts    Options
	ring    ring
	scripts scripts
}

// New makes a manager over d, a client for example. It does no I/O.
func New[T any](d upstash.Doer, o Options) (*Manager[T], error) {
	o, err := o.complete(d)
	if err != nil {
		return nil, err
	}
	ring, err := newRing(o.EncryptionKeys, o.AllowUnencrypted)
	if err != nil {
		return nil, err
	}
	o.Secret = bytes.Clone(o.Secret)
	return &Manager[T]{doer: d, opts: o, ring: ring, scripts: shipped}, nil
}

// Format prints the type, whatever the verb.
func (m Manager[T]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenManager) }

// LogValue is the type, so that a logger shows no more.
func (m Manager[T]) LogValue() slog.Value { return slog.StringValue(hiddenManager) }

const hiddenManager = "session.Manager{}"

func (m *Manager[T]) now() time.Time { return m.opts.Clock() }
