package upstashtest

import (
	"context"
	"errors"
	"sync"
	"time"
)

// redisConns is how many connections a server has at most. They are for
// development: a Redis on the same machine is not faster for more of them.
const redisConns = 32

var errPoolClosed = errors.New("the server is closed")

// A redisPool hands out connections, each to one request at a time, and keeps
// those that come back in order.
type redisPool struct {
	address      redisAddress
	replyTimeout time.Duration
	life         context.Context // ends with the server

	inUse chan struct{} // has room for as many connections as may be in use

	mu     sync.Mutex
	idle   []*redisConn // the last one was used last
	closed bool
}

func newRedisPool(life context.Context, a redisAddress) *redisPool {
	return &redisPool{
		address:      a,
		life:         life,
		replyTimeout: redisReplyTimeout,
		inUse:        make(chan struct{}, redisConns),
	}
}

// take returns a connection, which is to be given back or dropped. It waits when
// all are in use, which each is for a limited time only.
func (p *redisPool) take() (*redisConn, error) {
	p.inUse <- struct{}{}
	for {
		c, err := p.lastIdle()
		switch {
		case err != nil:
			<-p.inUse
			return nil, err
		case c == nil:
			// There is no idle one now, so that those in use are all there are.
			c, err := dialRedis(p.life, p.address, p.replyTimeout)
			if err != nil {
				<-p.inUse
			}
			return c, err
		case c.wake():
			return c, nil
		}
		c.close() // the server has closed it
	}
}

func (p *redisPool) lastIdle() (*redisConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, errPoolClosed
	}
	last := len(p.idle) - 1
	if last < 0 {
		return nil, nil //nolint:nilnil // there is none, and nothing is wrong
	}
	c := p.idle[last]
	p.idle[last] = nil
	p.idle = p.idle[:last]
	return c, nil
}

// give takes back a connection on which nothing is left to be read.
func (p *redisPool) give(c *redisConn) {
	defer func() { <-p.inUse }()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.close()
		return
	}
	c.rest()
	p.idle = append(p.idle, c)
}

// drop closes a connection that something went wrong with: nobody knows what
// would be read from it next.
func (p *redisPool) drop(c *redisConn) {
	c.close()
	<-p.inUse
}

// close closes the idle connections, and those in use when they come back.
func (p *redisPool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.wake() // whether it could still be used does not matter
		c.close()
	}
	p.idle = nil
}
