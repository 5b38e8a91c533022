package upstash

import (
	"net/http"
	"sync"
	"time"
)

// serverClock is what the last response said about the time of the server: its
// Date header, and when the request went and the response came by the clock of
// this process.
type serverClock struct {
	mu             sync.Mutex
	date           string
	sent, received time.Time
}

// ClockSkew returns how far the clock of the server is ahead of the one of this
// process, by the Date header of the last response: ahead, give or take within,
// which is half a second and half of what the round trip took, because the header
// has whole seconds. It is zero, zero before the first response with such a
// header. It sends nothing, and is safe for concurrent use.
//
// What goes by the clock of each process, such as the windows of ratelimit, is
// shared only as well as these clocks agree; an environment that was frozen is
// the usual reason why one does not.
func (c *Client) ClockSkew() (ahead, within time.Duration) {
	if c.transport == nil {
		return 0, 0
	}
	return c.transport.clock.skew()
}

func (s *serverClock) learn(date string, sent, received time.Time) {
	if date == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.date, s.sent, s.received = date, sent, received
}

func (s *serverClock) skew() (ahead, within time.Duration) {
	s.mu.Lock()
	date, sent, received := s.date, s.sent, s.received
	s.mu.Unlock()
	at, err := http.ParseTime(date)
	if err != nil {
		return 0, 0
	}
	// The server wrote it at some moment of that second, and in between: so the
	// truth is between its beginning less received, and its end less sent.
	least, most := at.Sub(received), at.Add(time.Second).Sub(sent)
	if most < least { // the clock of this process was set meanwhile
		return 0, 0
	}
	return least + (most-least)/2, (most - least) / 2
}
