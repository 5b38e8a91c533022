package lock

import (
	"errors"
	"fmt"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

var (
	// ErrNotAcquired says that the caller does not have the lock: another holder
	// has it. When the caller's context ended, its cause is in the error too.
	ErrNotAcquired = errors.New("lock: not acquired")

	// ErrLost says that a lease ended before it was released: its TTL passed, as
	// far as its holder can tell, or the lock is somebody else's, was evicted or
	// was broken. A lost lease stays lost. It is also the cause of contexts that
	// end with the lease.
	ErrLost = errors.New("lock: the lease is lost")

	// ErrNotHeld says that there was nothing to release, because the lock was no
	// longer the lease's, or that the lease was released before.
	ErrNotHeld = errors.New("lock: the lease does not hold the lock")
)

// errTooSlow is not the end: who asks again learns that the lock is its own.
var errTooSlow = fmt.Errorf("%w: requests take more than half of the TTL: choose a longer one", ErrNotAcquired)

var errNotFenced = errors.New("lock: the lease has no fencing token: set Options.Fenced")

// unclear reports whether the request may have run although nothing certain came
// back: asking again is the way to find out. What a foreign Doer returns is
// taken for that, because it cannot say otherwise.
func unclear(err error) bool {
	var e *upstash.Error
	return err != nil && (!errors.As(err, &e) || upstash.OutcomeUnknown(err))
}
