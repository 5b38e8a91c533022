package main

import (
	"io"
	"net/http"
	"strings"
	"sync"
)

// cutter is a network that loses the connection of a subscription when it is
// told to, as networks do untold.
type cutter struct {
	next http.RoundTripper

	mu     sync.Mutex
	stream io.Closer // the body of the last one
}

// RoundTrip remembers streams.
func (c *cutter) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(r)
	if err == nil && strings.Contains(r.URL.Path, "/subscribe/") {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.stream = res.Body
	}
	return res, err
}

// Cut ends the connection of the subscription.
func (c *cutter) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stream != nil {
		_ = c.stream.Close()
		c.stream = nil
	}
}
