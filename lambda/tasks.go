package lambda

import (
	"fmt"
	"runtime/debug"
	"sync"
)

// tasks are the goroutines of one invocation. Unlike a sync.WaitGroup it may be
// added to while it is waited for, and says what it has given up on.
type tasks struct {
	mu      sync.Mutex
	running int
	closed  bool
	idle    chan struct{} // closed when running falls to 0; nil while nobody waits
	panics  []*PanicError
}

// start reports false, and runs nothing, once the tasks are closed.
func (t *tasks) start(f func()) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	t.running++
	go func() {
		defer t.finish() // also for runtime.Goexit
		if p := try(f); p != nil {
			t.mu.Lock()
			t.panics = append(t.panics, p)
			t.mu.Unlock()
		}
	}()
	return true
}

func (t *tasks) finish() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.running--
	if t.running == 0 && t.idle != nil {
		close(t.idle)
		t.idle = nil
	}
}

// wait reports whether nothing runs any more; it returns early when done ends.
// One goroutine waits at a time.
func (t *tasks) wait(done <-chan struct{}) bool {
	t.mu.Lock()
	if t.running == 0 {
		t.mu.Unlock()
		return true
	}
	idle := make(chan struct{})
	t.idle = idle
	t.mu.Unlock()
	select {
	case <-idle:
		return true
	case <-done:
		return false
	}
}

// close lets nothing more begin, and returns how many still run and what the
// others panicked with.
func (t *tasks) close() (left int, panics []*PanicError) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	return t.running, t.panics
}

// PanicError is a panic that happened in a goroutine where nobody could have
// recovered from it, or in an http.Handler.
type PanicError struct {
	Value any    // what panic was called with
	Stack []byte // of the goroutine, as [debug.Stack] writes it
}

// Error has the value and the stack, as an unrecovered panic prints them.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Unwrap returns the value if it is an error.
func (e *PanicError) Unwrap() error {
	err, ok := e.Value.(error)
	if !ok {
		return nil
	}
	return err
}

// try returns what f panics with.
func try(f func()) (p *PanicError) {
	defer func() {
		if v := recover(); v != nil {
			p = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	f()
	return nil
}
