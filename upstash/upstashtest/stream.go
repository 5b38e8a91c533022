package upstashtest

import "sync"

// streamQueue is how many bytes may wait for a client that reads slowly, which
// is Redis's own limit for subscribers. A client behind by more is cut off: it
// has to be told that it lost messages, and memory has to end somewhere.
const streamQueue = 32 << 20

// eventOverhead is what a waiting event takes in memory beside its text.
const eventOverhead = 64

// A stream holds the events on their way to one client. Whoever publishes adds
// to it and never waits; the request's own goroutine takes them out.
type stream struct {
	wake chan struct{} // has room for one: something has changed

	mu      sync.Mutex
	waiting []string
	bytes   int
	ended   bool
	cut     func() // interrupts a write that waits for the client
}

// newStream makes a stream. Its end calls cut, but not after release.
func newStream(cut func()) *stream {
	return &stream{wake: make(chan struct{}, 1), cut: cut}
}

// add queues an event, or ends the stream when that is too much. It tells
// whether the client can still get the event.
func (s *stream) add(event string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return false
	}
	s.bytes += len(event) + eventOverhead
	if s.bytes > streamQueue {
		s.endLocked()
		return false
	}
	s.waiting = append(s.waiting, event)
	s.signal()
	return true
}

// next takes out the oldest event. When there is none, ended tells whether one
// may still come.
func (s *stream) next() (event string, ok, ended bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		return "", false, s.ended
	}
	event = s.waiting[0]
	s.waiting[0] = "" // the array outlives the event
	s.waiting = s.waiting[1:]
	s.bytes -= len(event) + eventOverhead
	return event, true, false
}

// end makes the stream take and give no more.
func (s *stream) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.endLocked()
	}
}

func (s *stream) endLocked() {
	s.ended, s.waiting, s.bytes = true, nil, 0
	if s.cut != nil {
		s.cut()
	}
	s.signal()
}

// release keeps a later end from touching a connection that by then may serve
// another request.
func (s *stream) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended, s.waiting, s.cut = true, nil, nil
}

func (s *stream) signal() {
	select {
	case s.wake <- struct{}{}:
	default: // it is going to look anyway
	}
}
