package scsstore

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Options configures a [Store]. Namespace is required.
type Options struct {
	// Namespace is the first part of every key, so that several programs share
	// a database: ASCII letters, digits, '-', '_' and '.'.
	Namespace string

	// TokenKeys seal each session's token beside its data, which [Store.AllCtx]
	// needs and nothing else: 32 random bytes each. The first one seals, all of
	// them open, so that a key is replaced by adding the new one at the front.
	// Empty: All fails, and nothing stored leads to a token at all.
	TokenKeys [][]byte

	// Page is about how many keys of the database one round trip of All looks
	// at. Their data comes in one reply, so let it be smaller where sessions
	// are large. Default 250.
	Page int
}

const (
	defaultPage = 250
	tokenKey    = 32 // of AES-256
)

const (
	hiddenOptions = "scsstore.Options{hidden}"
	hiddenStore   = "scsstore.Store{}"
)

// Format prints the type, whatever the verb.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenOptions) }

// LogValue is the type, so that a logger shows no more.
func (o Options) LogValue() slog.Value { return slog.StringValue(hiddenOptions) }

// Format prints the type, whatever the verb.
func (s Store) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenStore) }

// LogValue is the type, so that a logger shows no more.
func (s Store) LogValue() slog.Value { return slog.StringValue(hiddenStore) }

// complete fills in the defaults and refuses what makes no sense. What a pattern
// of SCAN would take for more than itself is no namespace.
func (o Options) complete() (Options, error) {
	outside := func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-_.", r)
	}
	if o.Namespace == "" || strings.ContainsFunc(o.Namespace, outside) {
		return o, fmt.Errorf("scsstore: namespace %q: expected ASCII letters, digits, '-', '_' and '.'", o.Namespace)
	}
	if o.Page < 0 {
		return o, errors.New("scsstore: Page is negative: expected 0 for the default, or more")
	}
	if o.Page == 0 {
		o.Page = defaultPage
	}
	return o, nil
}
