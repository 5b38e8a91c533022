//go:build unix

package upstash_test

import (
	"net"
	"sync/atomic"
)

// forgetful is a connection that something between the two ends has forgotten.
type forgetful struct {
	net.Conn
	end atomic.Value // a connectionEnd
}

func (c *forgetful) forget(end connectionEnd) { c.end.Store(end) }

// Read has what arrives later never be heard of.
func (c *forgetful) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		end, _ := c.end.Load().(connectionEnd)
		switch {
		case err != nil || end == "":
			return n, err
		case end == byLateRST:
			reset(c.Conn)
			return 0, net.ErrClosed
		}
	}
}

type forgetfulListener struct {
	net.Listener
	of *hibernal
}

func (l forgetfulListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &forgetful{Conn: conn}
	l.of.mu.Lock()
	l.of.raw = append(l.of.raw, c)
	l.of.mu.Unlock()
	return c, nil
}
