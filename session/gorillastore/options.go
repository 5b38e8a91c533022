package gorillastore

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
)

// Options configures a [Store]. Namespace and KeyPairs are required.
type Options struct {
	// Namespace is the first part of every key, so that several programs share
	// a database. It holds no colon.
	Namespace string

	// KeyPairs are those of securecookie: a hash key of 32 or more random
	// bytes, then a block key of 16, 24 or 32, which may be nil, and so on. The
	// first pair signs and encrypts, all of them are accepted: add a new pair at
	// the front, and drop the old one after the longest MaxAge.
	KeyPairs [][]byte

	// BrowserSession is how long the store keeps a session whose cookie ends
	// with the browser (MaxAge 0), counted from its last Save. At least 1ms;
	// default 12 hours.
	BrowserSession time.Duration

	// MaxLength bounds the encoded values, in bytes. Default 32 KiB. The
	// cookie, which holds no values, is bound by the 4,096 of securecookie.
	MaxLength int
}

const (
	defaultBrowserSession = 12 * time.Hour
	defaultMaxLength      = 32 << 10
	leastHashKey          = 32
)

const (
	hiddenOptions = "gorillastore.Options{hidden}"
	hiddenStore   = "gorillastore.Store{}"
)

// Format prints the type, whatever the verb.
func (o Options) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenOptions) }

// LogValue is the type, so that a logger shows no more.
func (o Options) LogValue() slog.Value { return slog.StringValue(hiddenOptions) }

// Format prints the type, whatever the verb.
func (s Store) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenStore) }

// LogValue is the type, so that a logger shows no more.
func (s Store) LogValue() slog.Value { return slog.StringValue(hiddenStore) }

// complete fills in the defaults and refuses what makes no sense.
func (o Options) complete() (Options, error) {
	if o.Namespace == "" || strings.Contains(o.Namespace, ":") {
		return o, fmt.Errorf("gorillastore: namespace %q: expected a name without a colon", o.Namespace)
	}
	if len(o.KeyPairs) == 0 {
		return o, errors.New("gorillastore: there are no KeyPairs: give a hash key of 32 random bytes at least")
	}
	for i, key := range o.KeyPairs {
		switch {
		case i%2 == 0 && len(key) < leastHashKey:
			return o, fmt.Errorf("gorillastore: hash key %d has %d bytes: expected at least %d random ones", i/2+1, len(key), leastHashKey)
		case i%2 == 1 && key != nil && len(key) != 16 && len(key) != 24 && len(key) != 32:
			return o, fmt.Errorf("gorillastore: block key %d has %d bytes: expected 16, 24 or 32 random ones, or nil", i/2+1, len(key))
		}
	}
	if o.BrowserSession < 0 || o.BrowserSession > 0 && o.BrowserSession < time.Millisecond {
		return o, fmt.Errorf("gorillastore: BrowserSession of %v: expected at least 1ms", o.BrowserSession)
	}
	if o.MaxLength < 0 {
		return o, errors.New("gorillastore: MaxLength is negative: expected 0 for the default, or more")
	}
	if o.BrowserSession == 0 {
		o.BrowserSession = defaultBrowserSession
	}
	if o.MaxLength == 0 {
		o.MaxLength = defaultMaxLength
	}
	return o, nil
}
