package lock

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	// shortestPause and longestPause bound what lies between two polls. Both are
	// choices: a poll is a billed command, and a second is long enough for a
	// crowd and short enough for one who waits alone.
	shortestPause = 20 * time.Millisecond
	longestPause  = time.Second
)

// pollPause is how long to wait after a poll that found the lock taken: a random
// part of a bound that doubles with every poll (full jitter), but never less
// than a round trip took, so that who is far away does not poll all the time.
func pollPause(poll int, roundTrip time.Duration) time.Duration {
	least := min(max(shortestPause, roundTrip), longestPause)
	most := longestPause
	if shift := poll; shift < 16 && least<<shift < longestPause {
		most = least << shift
	}
	return least + rand.N(max(most-least, 1)) //nolint:gosec // jitter is not a secret
}

// sleep waits for d and reports whether ctx lived that long.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
