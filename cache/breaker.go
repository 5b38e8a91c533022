package cache

import (
	"errors"
	"sync"
	"time"
)

// errBroken is the error of a look that was not made.
var errBroken = errors.New("cache: Redis failed several times in a row and is not asked for the moment")

// breaker keeps calls from waiting for a Redis that is down. After a number of
// looks in a row that failed it lets one through at a time, to find out.
type breaker struct {
	mu     sync.Mutex
	failed int       // looks in a row
	until  time.Time // no look before
}

// allows reports whether a look may be made.
func (b *breaker) allows(o Options) bool {
	if o.BreakAfter < 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed < o.BreakAfter {
		return true
	}
	now := time.Now()
	if now.Before(b.until) {
		return false
	}
	b.until = wall(o.BreakFor) // for everybody but the one who asks now
	return true
}

// learn takes what became of a look.
func (b *breaker) learn(o Options, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err == nil {
		b.failed = 0
		return
	}
	if b.failed++; b.failed == o.BreakAfter {
		b.until = wall(o.BreakFor)
	}
}
