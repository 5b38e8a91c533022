package lock

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Options describes a kind of locks. The zero value is ready to use.
type Options struct {
	// Prefix is the first part of every key. Default "lock".
	Prefix string

	// TTL is how long a lock lasts after its holder crashed, and how long a
	// lease lasts that is not extended. Default 10s, at least 100ms. A TTL of
	// less than two round trips cannot be acquired.
	TTL time.Duration

	// Fenced gives each lease a fencing token, for [Lease.Fence] and
	// [Lease.GuardedSet]. It costs a counter that never expires for each key,
	// and a script in the place of one command.
	Fenced bool

	// MaxHold has [Locker.With] extend the lease while its function runs, for
	// at most this long in all, so that one that hangs does not hold for ever.
	// Default 0: With does not extend, and its function has one TTL.
	MaxHold time.Duration

	// Note is what [Locker.Peek] shows others of the holder: a host, a request
	// ID. At most 256 bytes of UTF-8. It is stored in the clear.
	Note string

	// OnError is told of failures of Redis that a caller did not get as an
	// error: a lock that could not be given back and stays for the rest of its
	// TTL. It must be safe for concurrent use.
	OnError func(ctx context.Context, err error)
}

const (
	defaultPrefix = "lock"
	defaultTTL    = 10 * time.Second
	minTTL        = 100 * time.Millisecond
	maxNote       = 256
)

// Locker acquires locks of one kind. It is safe for concurrent use and holds
// nothing: make one and share it, or several that differ in their options.
type Locker struct {
	doer upstash.Doer
	opts Options
	now  func() instant
	take *upstash.Script
}

// New makes a Locker over d, a client for example. It does no I/O. All who
// contend for a lock must agree on Prefix and Fenced.
func New(d upstash.Doer, o Options) (*Locker, error) {
	if o.Prefix == "" {
		o.Prefix = defaultPrefix
	}
	if o.TTL == 0 {
		o.TTL = defaultTTL
	}
	switch {
	case d == nil:
		return nil, errors.New("lock: there is no client: give an upstash.Client or another Doer")
	case o.TTL < minTTL:
		return nil, fmt.Errorf("lock: TTL %v: expected %v or more", o.TTL, minTTL)
	case o.MaxHold < 0:
		return nil, errors.New("lock: MaxHold is negative: expected 0 for none, or more")
	case len(o.Note) > maxNote || !utf8.ValidString(o.Note):
		return nil, fmt.Errorf("lock: note of %d bytes: expected at most %d bytes of UTF-8", len(o.Note), maxNote)
	}
	return &Locker{doer: d, opts: o, now: thisInstant, take: take}, nil
}

// String names the type and shows nothing of the options.
func (k *Locker) String() string { return "lock.Locker" }

// GoString is [Locker.String], so that %#v shows nothing either.
func (k *Locker) GoString() string { return k.String() }

func (k *Locker) check(key string) error {
	switch {
	case k.doer == nil:
		return errors.New("lock: the Locker was not made by New")
	case key == "":
		return errors.New("lock: the key is empty")
	}
	return nil
}

// The braces keep the two keys of a lock together where keys are spread over
// servers by what is in braces.

func (k *Locker) lockKey(key string) string { return k.opts.Prefix + ":{" + key + "}" }

func (k *Locker) fenceKey(key string) string { return k.lockKey(key) + ":fence" }

func (k *Locker) report(ctx context.Context, err error) {
	if err != nil && k.opts.OnError != nil {
		k.opts.OnError(ctx, err)
	}
}
