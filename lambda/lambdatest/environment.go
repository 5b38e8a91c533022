package lambdatest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// TB is the part of [testing.TB] that this package needs.
type TB interface {
	Helper()
	Cleanup(func())
	Failed() bool
	Logf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// Environment is one execution environment of a function: one process at a time.
// Its methods are safe for concurrent use.
type Environment struct {
	o    Options
	logs logs

	mu      sync.Mutex
	sandbox *sandbox // nil before the first event
	starts  int
	count   int // of invocations
	closed  bool
}

// Start makes an environment that is closed when the test ends, and shows the
// logs of the function if it failed. Failures are fatal to the test.
func Start(tb TB, o Options) *Environment {
	tb.Helper()
	e, err := New(o)
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	tb.Cleanup(func() {
		e.Close()
		if logs := e.Logs(); tb.Failed() && logs != "" {
			tb.Logf("lambdatest: the function wrote:\n%s", logs)
		}
	})
	return e
}

// New makes an environment for a program, which has to Close it. The process is
// started with the first event.
func New(o Options) (*Environment, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Environment{o: o, logs: logs{tee: o.Output}}, nil
}

// ErrClosed is the error of what is asked of a closed environment.
var ErrClosed = errors.New("lambdatest: the environment is closed")

// Invoke sends an event and waits for the reply, or what became of it. The event
// is JSON as []byte, [json.RawMessage] or string, or a value to make JSON of. The
// error is one of the harness; that of the function is in the result.
//
// The process may still run when Invoke returns, see [Environment.AwaitFreeze].
func (e *Environment) Invoke(ctx context.Context, event any) (Result, error) {
	i, err := e.Begin(ctx, event)
	if err != nil {
		return Result{}, err
	}
	return i.Wait(ctx)
}

// Begin sends an event, once the process can take one, and returns when it has it.
func (e *Environment) Begin(ctx context.Context, event any) (*Invocation, error) {
	payload, err := payloadOf(event)
	if err != nil {
		return nil, err
	}
	for {
		s, fresh, err := e.running()
		if err != nil {
			return nil, err
		}
		i := newInvocation(e.nextID(), payload, e.o.Timeout)
		err = s.send(ctx, i)
		if errors.Is(err, errEnded) && !fresh {
			continue // it was ending, after its last event: this one is not to blame
		}
		return i, err
	}
}

func payloadOf(event any) ([]byte, error) {
	switch event := event.(type) {
	case []byte:
		return event, nil
	case json.RawMessage:
		return event, nil
	case string:
		return []byte(event), nil
	}
	payload, err := json.Marshal(event)
	if err != nil {
		return nil, fmt.Errorf("lambdatest: the event: %w", err)
	}
	return payload, nil
}

// running returns the process, and starts one if there is none.
func (e *Environment) running() (s *sandbox, fresh bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, false, ErrClosed
	}
	if e.sandbox != nil && !e.sandbox.over() {
		return e.sandbox, false, nil
	}
	if s, err = startSandbox(e.o, &e.logs); err != nil {
		return nil, false, err
	}
	e.sandbox = s
	e.starts++
	return s, true, nil
}

func (e *Environment) nextID() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.count++
	return fmt.Sprintf("00000000-0000-4000-8000-%012d", e.count)
}

func (e *Environment) current() *sandbox {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.sandbox
}

// AwaitFreeze returns when the process is frozen, or, where nothing freezes, when
// all that runs in it waits for an event. It fails when the process has ended.
func (e *Environment) AwaitFreeze(ctx context.Context) error {
	s := e.current()
	if s == nil {
		return errors.New("lambdatest: no process was started yet: send an event first")
	}
	return s.awaitIdle(ctx)
}

// Shutdown ends the process as Lambda does with one that it needs no more: if an
// extension is registered, with SIGTERM, a SHUTDOWN event to those that asked for
// it, and 500 ms to go; if none is, at once. The next event starts another.
func (e *Environment) Shutdown(ctx context.Context) {
	if s := e.current(); s != nil {
		s.shutdown(ctx, 500*time.Millisecond)
	}
}

// Close kills the process.
func (e *Environment) Close() {
	e.mu.Lock()
	e.closed = true
	s := e.sandbox
	e.mu.Unlock()
	if s != nil {
		s.kill()
		<-s.exited
	}
}

// Starts is how many processes there were: 1 unless one has ended.
func (e *Environment) Starts() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.starts
}

// Freezes is how often the present process was frozen.
func (e *Environment) Freezes() int {
	s := e.current()
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.freezes
}

// Logs is what all processes have written to their standard output and error.
func (e *Environment) Logs() string { return e.logs.String() }

type logs struct {
	tee interface{ Write([]byte) (int, error) }

	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.tee != nil {
		_, _ = l.tee.Write(p) // it is a copy, and must not stop the function
	}
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
