package luascript

import (
	"context"
	"errors"
	"runtime"
	"runtime/metrics"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"
)

const (
	defaultMemory = 512 << 20
	maxString     = 128 << 20
	checkEvery    = 20 * time.Millisecond
	checkBytes    = 16 << 20
)

// Why a run was stopped: a cause of its context.
const (
	// errKilled is what Redis answers for a script that was stopped because it
	// took too long; there somebody has to ask for it.
	errKilled = replyError("ERR Script killed by user with SCRIPT KILL...")
	errMemory = replyError("ERR not enough memory")
)

// A watchdog ends a run that lasts too long or grows too big. It is a timer:
// most scripts are over before it fires once. The interpreter looks at the
// context before every instruction; library functions that may take long call
// [watchdog.alive] or [watchdog.grow].
type watchdog struct {
	ctx      context.Context
	cancel   context.CancelCauseFunc
	deadline time.Time
	baseline uint64
	limit    uint64
	grown    int // bytes of strings made since memory was last measured

	mu    sync.Mutex // guards timer and over
	timer *time.Timer
	over  bool
}

func (r *run) watch(ctx context.Context) {
	r.ctx, r.cancel = context.WithCancelCause(ctx)
	timeout := r.opts.Timeout
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	if r.opts.Memory <= 0 {
		r.opts.Memory = defaultMemory
	}
	r.limit = uint64(r.opts.Memory) //nolint:gosec // positive
	r.baseline = heapSize()
	r.deadline = time.Now().Add(timeout)

	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = time.AfterFunc(min(checkEvery, timeout), r.tick)
}

func (w *watchdog) unwatch() {
	w.cancel(nil)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.over = true
	w.timer.Stop()
}

// tick runs on the timer. It holds the lock, so that none is at work when
// unwatch returns.
func (w *watchdog) tick() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.over {
		return
	}
	left := time.Until(w.deadline)
	switch {
	case left <= 0:
		w.cancel(errKilled)
	case w.tooBig():
		w.cancel(errMemory)
	default:
		w.timer.Reset(min(checkEvery, left))
	}
}

// tooBig tells whether the heap has grown beyond the limit. Garbage is no
// growth, but it must be collected to be told apart.
func (w *watchdog) tooBig() bool {
	if heapSize() <= w.baseline+w.limit {
		return false
	}
	runtime.GC()
	return heapSize() > w.baseline+w.limit
}

func heapSize() uint64 {
	sample := [1]metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample[:])
	return sample[0].Value.Uint64()
}

// stopped returns why the run has to end, or nil.
func (w *watchdog) stopped() error {
	if w.ctx.Err() == nil {
		return nil
	}
	if cause := context.Cause(w.ctx); errors.Is(cause, errMemory) || errors.Is(cause, errInternal) {
		return cause
	}
	return errKilled
}

// alive raises an error when the run has to end.
func (w *watchdog) alive(L *lua.LState) {
	if w.stopped() != nil {
		throwPlain(L, "stopped") // nobody sees this text: see failure
	}
}

// grow is told how long a string is about to be made.
func (w *watchdog) grow(L *lua.LState, n int) {
	if n > maxString {
		w.cancel(errMemory)
	} else if w.grown += n; w.grown > checkBytes {
		w.grown = 0
		if w.tooBig() {
			w.cancel(errMemory)
		}
	}
	w.alive(L)
}
