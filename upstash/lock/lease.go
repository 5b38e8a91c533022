package lock

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Lease is a lock that was acquired, until its TTL has passed or it is released.
// It is safe for concurrent use.
//
// A Lease counts its TTL from before the request that acquired or extended it,
// less a margin for clocks that differ, on the wall clock as well as on the
// monotonic one: it is over for its holder before it is over for the server,
// also when the process was frozen meanwhile.
type Lease struct {
	locker     *Locker
	key, value string
	fence      uint64
	polls      int

	over context.Context // ends with the lease; its cause is ErrLost, or ErrNotHeld after Release
	end  context.CancelCauseFunc

	mu    sync.Mutex
	since instant
	timer *time.Timer

	releasing sync.Mutex
	release   release
}

func newLease(ctx context.Context, a *acquisition, fence uint64, since instant) *Lease {
	l := &Lease{locker: a.locker, key: a.key, value: a.value, fence: fence, polls: a.polls, since: since}
	l.over, l.end = context.WithCancelCause(context.WithoutCancel(ctx)) // whose end is not the lease's
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(l.left(), l.watch)
	return l
}

// watch ends the lease when its time is up. The timer may be early: the lease
// was extended since, or time passes differently for the clocks.
func (l *Lease) watch() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state() == nil {
		l.timer.Reset(max(l.left(), time.Millisecond))
	}
}

func (l *Lease) left() time.Duration { return l.since.left(l.locker.opts.TTL, l.locker.now()) }

// state is Err for those who hold mu.
func (l *Lease) state() error {
	if err := context.Cause(l.over); err != nil {
		return err
	}
	if l.left() > 0 {
		return nil
	}
	return l.lose()
}

func (l *Lease) lose() error {
	l.finish(ErrLost)
	return context.Cause(l.over)
}

func (l *Lease) finish(why error) {
	l.timer.Stop()
	l.end(why) // the first reason stays
}

// Err is nil while the lease lasts, [ErrLost] when it is lost, and [ErrNotHeld]
// after Release. It asks both clocks and not the server. Call it before each
// step that cannot be undone: after a freeze it knows before any timer does.
func (l *Lease) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.state()
}

// Done is closed when the lease is lost or released; Err says which. When the
// process was frozen it is closed a moment after it goes on.
func (l *Lease) Done() <-chan struct{} { return l.over.Done() }

// Context returns a context that ends with parent, and with the lease: its
// cause is then [ErrLost], or [ErrNotHeld] after Release. Call the function when
// it is no longer needed.
func (l *Lease) Context(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(parent)
	stop := context.AfterFunc(l.over, func() { cancel(context.Cause(l.over)) })
	return ctx, func() {
		stop()
		cancel(nil)
	}
}

// Remaining is how long the lease lasts if it is not extended; 0 when it is over.
func (l *Lease) Remaining() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.state() != nil {
		return 0
	}
	return l.left()
}

// Fence is the lease's fencing token, higher than that of every lease of the
// same key before it; 0 without [Options.Fenced]. It protects only what checks
// it. A table does with
//
//	UPDATE orders SET state = $1, fence = $2 WHERE id = $3 AND fence <= $2
//
// and keys of the same Redis do with [Lease.GuardedSet].
func (l *Lease) Fence() uint64 { return l.fence }

// Polls counts the requests that acquired the lock.
func (l *Lease) Polls() int { return l.polls }

// String names the type and shows neither key nor token.
func (l *Lease) String() string { return "lock.Lease" }

// GoString is [Lease.String], so that %#v shows nothing either.
func (l *Lease) GoString() string { return l.String() }

// LogValue is [Lease.String], so that a logger shows nothing either.
func (l *Lease) LogValue() slog.Value { return slog.StringValue(l.String()) }
