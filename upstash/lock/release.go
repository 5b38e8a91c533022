package lock

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// releaseTimeout bounds what runs although its caller's context ended. It is a
// choice: a few round trips, and less than what a platform waits at the end.
const releaseTimeout = 2 * time.Second

// release is what Release remembers.
type release struct {
	began  bool
	held   bool // when it began, as far as the holder could tell
	asked  bool // a request of it may have deleted the lock
	done   bool
	result error
}

// Release gives the lock back, if it is still the lease's, and never another
// holder's: one round trip and one billed command, repeated when its reply is
// lost. It works also when ctx has ended, for at most 2 seconds then. It is
// [ErrNotHeld] when the lock was no longer the lease's. After any other error
// the lock stays until its TTL has passed; Release may be called again. Calling
// it again after it succeeded does nothing and returns the same.
//
// The lease is over as soon as Release is called.
func (l *Lease) Release(ctx context.Context) error {
	l.releasing.Lock()
	defer l.releasing.Unlock()
	r := &l.release
	if r.done {
		return r.result
	}
	l.finishFor(r)
	gone, lost, err := l.locker.drop(ctx, l.key, l.value)
	r.asked = r.asked || lost
	if err != nil {
		return fmt.Errorf("lock: release: %w", err)
	}
	// When a reply was lost, its request may have been the one that deleted it.
	if r.done = true; !gone && (!r.asked || !r.held) {
		r.result = ErrNotHeld
	}
	return r.result
}

// finishFor ends the lease before the server is asked: from then on somebody
// else may have the lock.
func (l *Lease) finishFor(r *release) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !r.began {
		r.began, r.held = true, l.state() == nil
		l.finish(ErrNotHeld)
	}
}

// drop deletes the lock if it holds value, and reports whether it did, and
// whether a request before was without a certain answer.
func (k *Locker) drop(ctx context.Context, key, value string) (gone, lost bool, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	for n := 1; ; n++ {
		gone, err = upstash.Exec(ctx, k.doer, command.DelEx(k.lockKey(key), command.Equals(value)))
		if err == nil {
			return gone, lost, nil
		}
		lost = lost || unclear(err)
		if !unclear(err) || n == maxUnclear || !sleep(ctx, pollPause(0, 0)) {
			return false, lost, err
		}
	}
}
