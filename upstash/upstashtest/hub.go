package upstashtest

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/seed-9937a0e6/upstash-go/upstash/internal/glob"
)

// A hub knows the open streams and brings them what is published and executed.
//
// The engine has publish and subscribe of its own, which does not fit: it hands
// each message over by an unbuffered channel while it holds its lock, so that
// one client that stops reading stops the server.
type hub struct {
	mu       sync.Mutex
	channels subscriptions
	patterns subscriptions
	monitors []*stream
	guests   []*stream // a real Redis brings their events
	closed   bool

	// monitored spares commands the trouble when nobody looks at them.
	monitored atomic.Bool
}

// subscriptions holds the streams for each name, in the order in which they
// came, and names only that have one.
type subscriptions map[string][]*stream

func newHub() *hub { return &hub{channels: subscriptions{}, patterns: subscriptions{}} }

// subscribe adds a stream to channels or, by patterns, to what matches. The
// client first gets a confirmation for each of the names; messages come after it.
func (h *hub) subscribe(s *stream, kind streamKind, names []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		s.end()
		return
	}
	table := h.channels
	if kind == kindPatterns {
		table = h.patterns
	}
	count := 0
	for _, name := range names {
		if !slices.Contains(table[name], s) {
			table[name] = append(table[name], s)
			count++
		}
		s.add(confirmation(kind, name, count))
	}
}

// monitor adds a stream to those that get every command.
func (h *hub) monitor(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		s.end()
		return
	}
	s.add(event(`"OK"`))
	h.monitors = append(h.monitors, s)
	h.monitored.Store(true)
}

// hold has a stream end with the hub that gets nothing from it.
func (h *hub) hold(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		s.end()
		return
	}
	h.guests = append(h.guests, s)
}

// leave removes a stream, whatever it gets.
func (h *hub) leave(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.channels.remove(s)
	h.patterns.remove(s)
	h.monitors = slices.DeleteFunc(h.monitors, func(other *stream) bool { return other == s })
	h.guests = slices.DeleteFunc(h.guests, func(other *stream) bool { return other == s })
	h.monitored.Store(len(h.monitors) > 0)
}

// publish sends a message, first by channel and then by pattern as Redis does,
// and returns how many times it was received: a client with two patterns that
// match gets it twice.
func (h *hub) publish(channel, payload string) (receivers int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if streams := h.channels[channel]; len(streams) > 0 {
		receivers += broadcast(streams, message(channel, payload))
	}
	for pattern, streams := range h.patterns {
		if glob.Match(pattern, channel) {
			receivers += broadcast(streams, patternMessage(pattern, channel, payload))
		}
	}
	return receivers
}

// executed shows a command to the monitors.
func (h *hub) executed(line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	broadcast(h.monitors, event(line))
}

func broadcast(streams []*stream, event string) (receivers int) {
	for _, s := range streams {
		if s.add(event) {
			receivers++
		}
	}
	return receivers
}

// close ends all streams, and those that come later at once.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for _, table := range []subscriptions{h.channels, h.patterns, {"": h.monitors}, {"": h.guests}} {
		for _, streams := range table {
			for _, s := range streams {
				s.end()
			}
		}
	}
}

func (t subscriptions) remove(s *stream) {
	for name, streams := range t {
		streams = slices.DeleteFunc(streams, func(other *stream) bool { return other == s })
		if len(streams) == 0 {
			delete(t, name)
		} else {
			t[name] = streams
		}
	}
}

// subscribedChannels returns the channels with subscribers, sorted. Patterns
// subscribe to no channel.
func (h *hub) subscribedChannels(pattern string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var names []string
	for name := range h.channels {
		if pattern == "" || glob.Match(pattern, name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (h *hub) subscribers(channel string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.channels[channel])
}

// patternCount is the number of different patterns, not that of clients.
func (h *hub) patternCount() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.patterns)
}
