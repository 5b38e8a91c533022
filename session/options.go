package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Options configures a [Manager]. Namespace is required; every other field may
// stay zero.
type Options struct {
	// Namespace is the first part of every key, so that several programs share
	// a database. It holds no colon.
	Namespace string

	// Secret makes the names of the users' hashes unguessable and lets a forged
	// token be refused without a round trip. At least 32 random bytes, the same
	// in every process, for good: with another secret all sessions are lost.
	// Without one the names are plain digests of the user IDs, and every
	// well-formed guess costs a round trip; it still finds nothing.
	Secret Key

	// EncryptionKeys seal payloads and device metadata with AES-256-GCM, bound
	// to user and session. 32 random bytes each. The first one seals, all of
	// them open: add a new key at the front, and drop the old one after the
	// longest Absolute. Empty: payloads are stored as they are.
	EncryptionKeys []Key

	// AllowUnencrypted makes a manager with EncryptionKeys accept what was
	// stored before there were any. Whoever can write to the database can
	// then write payloads: switch it off when the old sessions are over.
	AllowUnencrypted bool

	// Idle ends a session that is not used for so long. Whole seconds. Default
	// 30 minutes.
	Idle time.Duration

	// Absolute ends a session that long after its sign-in, used or not.
	// Default 12 hours.
	Absolute time.Duration

	// Throttle, when set, makes Get read without a write (HMGET, which a
	// replica may answer) and extend the idle time in a second request, only
	// when the last extension is that long ago. Idle is then as much as
	// Throttle shorter for who uses the session rarely. It pays on databases
	// with read regions, where a write is billed once for each. At most half
	// of Idle. Default 0: every Get extends, in its one command.
	Throttle time.Duration

	// Cap is how many sessions a user may have: a new one ends the oldest.
	// Default 20; negative for any number.
	Cap int

	// MaxPayload bounds the payload as JSON, flash values included, in bytes.
	// Default 32 KiB.
	MaxPayload int

	// Clock is the present time, by default [time.Now]. Idle times are measured
	// by the server alone. The absolute lifetime is set by this clock, so a
	// clock that is wrong by a minute moves it by a minute.
	Clock func() time.Time

	// OnEvent is told what became of sessions, for an audit log. It is called
	// before the operation returns and must be safe for concurrent use.
	OnEvent func(ctx context.Context, e Event)
}

const (
	defaultIdle       = 30 * time.Minute
	defaultAbsolute   = 12 * time.Hour
	defaultCap        = 20
	defaultMaxPayload = 32 << 10

	keySize = 32 // of AES-256, and of SHA-256

	// maxIdle is what fits into a token: 136 years.
	maxIdle = (1<<32 - 1) * time.Second
)

const hiddenOptions = "session.Options{hidden}"

// String names the type and shows nothing of the options.
func (o Options) String() string { return hiddenOptions }

// GoString is [Options.String], so that %#v shows no more.
func (o Options) GoString() string { return hiddenOptions }

// LogValue is [Options.String], so that a logger shows no more.
func (o Options) LogValue() slog.Value { return slog.StringValue(hiddenOptions) }

// complete fills in the defaults and refuses what makes no sense.
func (o Options) complete(d upstash.Doer) (Options, error) {
	if d == nil {
		return o, errors.New("session: there is no client: give an upstash.Client or another Doer")
	}
	if o.Namespace == "" || strings.Contains(o.Namespace, ":") {
		return o, fmt.Errorf("session: namespace %q: expected a name without a colon", o.Namespace)
	}
	if o.Secret != nil && len(o.Secret) < keySize {
		return o, fmt.Errorf("session: Secret has %d bytes: expected at least %d random ones", len(o.Secret), keySize)
	}
	if o.MaxPayload < 0 {
		return o, errors.New("session: MaxPayload is negative: expected 0 for the default, or more")
	}
	if o.Idle == 0 {
		o.Idle = defaultIdle
	}
	if o.Absolute == 0 {
		o.Absolute = defaultAbsolute
	}
	if err := checkLimits(o.Idle, o.Absolute); err != nil {
		return o, err
	}
	if o.Throttle < 0 || o.Throttle > o.Idle/2 {
		return o, fmt.Errorf("session: Throttle of %v: expected 0, or at most half of Idle, which is %v", o.Throttle, o.Idle)
	}
	if o.Cap == 0 {
		o.Cap = defaultCap
	}
	if o.MaxPayload == 0 {
		o.MaxPayload = defaultMaxPayload
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o, nil
}

func checkLimits(idle, absolute time.Duration) error {
	if idle < time.Second || idle%time.Second != 0 || idle > maxIdle {
		return fmt.Errorf("session: Idle of %v: expected whole seconds, at least one", idle)
	}
	if absolute < time.Second {
		return fmt.Errorf("session: Absolute of %v: expected at least one second", absolute)
	}
	return nil
}
