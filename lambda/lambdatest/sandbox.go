package lambdatest

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// sandbox is one process and the API that it sees.
type sandbox struct {
	o      Options
	server *http.Server
	child  *child
	exited chan struct{} // closed when the process has ended and all is told so
	queue  chan *Invocation

	mu         sync.Mutex
	waiting    int // loops of the runtime that ask for an event
	pending    int // events that nobody has asked for
	active     map[string]*Invocation
	extensions map[string]*extension
	frozen     bool
	freezes    int
	dead       bool
	idle       chan struct{} // closed while all is idle
}

func startSandbox(o Options, out io.Writer) (*sandbox, error) {
	var config net.ListenConfig
	l, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sandbox{
		o: o, exited: make(chan struct{}), queue: make(chan *Invocation), idle: make(chan struct{}),
		active: map[string]*Invocation{}, extensions: map[string]*extension{},
	}
	s.server = &http.Server{Handler: s.routes(), ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: time.Minute}
	// The API may be asked before the process is known here.
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.child, err = startChild(o.Command, o.environ(l.Addr().String()), out); err != nil {
		_ = l.Close()
		return nil, err
	}
	go func() { _ = s.server.Serve(l) }() // until it is closed
	go s.watch()
	return s, nil
}

// watch settles everything when the process has ended.
func (s *sandbox) watch() {
	how := s.child.wait()
	_ = s.server.Close() // there is nobody to tell
	s.mu.Lock()
	s.dead = true
	for id, i := range s.active {
		i.timer.Stop()
		i.settle("", &FunctionError{Type: TypeExit, Message: "RequestId: " + id + " Error: Runtime exited: " + how})
	}
	clear(s.active)
	s.mu.Unlock()
	close(s.exited)
}

func (s *sandbox) over() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead
}

var errEnded = errors.New("lambdatest: the process has ended: see Environment.Logs")

// send hands an event to a loop that asks for one.
func (s *sandbox) send(ctx context.Context, i *Invocation) error {
	s.mu.Lock()
	s.pending++
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.pending--
		s.mu.Unlock()
	}()
	select {
	case s.queue <- i:
		return nil
	case <-s.exited:
		return errEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rest is called when a loop of the runtime, or an extension, asks for an event. It
// freezes the process if that was the last. It is not frozen before its first event.
func (s *sandbox) rest() {
	if s.waiting < s.o.Concurrency || s.dead {
		return
	}
	for _, x := range s.extensions {
		if x.busy {
			return
		}
	}
	if !s.o.NoFreeze && !s.frozen && (len(s.active) > 0 || s.pending == 0) && s.child.stop() {
		s.frozen = true
		s.freezes++
	}
	// What the runtime asked again for has ended, whatever was replied.
	for id, i := range s.active {
		i.timer.Stop()
		delete(s.active, id)
		i.settle("", &FunctionError{Type: TypeExit, Message: "RequestId: " + id + " Error: the runtime asked for the next event without a reply"})
	}
	s.signalIdle(true)
}

// signalIdle opens or shuts the gate of awaitIdle.
func (s *sandbox) signalIdle(idle bool) {
	select {
	case <-s.idle:
		if !idle {
			s.idle = make(chan struct{})
		}
	default:
		if idle {
			close(s.idle)
		}
	}
}

func (s *sandbox) awaitIdle(ctx context.Context) error {
	s.mu.Lock()
	idle := s.idle
	s.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-s.exited:
		return errEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hand gives an event to the loop that waits, through write, and thaws the
// process, which finds it in its socket.
func (s *sandbox) hand(i *Invocation, write func(deadline time.Time)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting--
	s.signalIdle(false)
	i.deadline = time.Now().Add(i.timeout)
	s.active[i.id] = i
	i.timer = time.AfterFunc(i.timeout, func() { s.expire(i) })
	write(i.deadline)
	for _, x := range s.extensions {
		x.invoke(i)
	}
	if s.frozen {
		s.frozen = false
		s.child.thaw()
	}
}

// expire kills the process at the deadline of an event that is not finished.
func (s *sandbox) expire(i *Invocation) {
	s.mu.Lock()
	_, active := s.active[i.id]
	s.mu.Unlock()
	if !active {
		return
	}
	i.settle("", &FunctionError{Type: TypeTimeout, Message: "RequestId: " + i.id + " Error: Task timed out after " + i.timeout.String()})
	s.kill()
}

func (s *sandbox) find(id string) *Invocation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.active[id]
}

// finish takes out an event whose loop is one of several, so that it is not known
// which of them asks for the next.
func (s *sandbox) finish(i *Invocation) {
	if s.o.Concurrency == 1 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i.timer.Stop()
	delete(s.active, i.id)
}

func (s *sandbox) kill() { s.child.kill() }
