package upstashtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"time"
)

const (
	redisDialTimeout = 5 * time.Second
	// redisReplyTimeout has to be enough for the longest script that somebody
	// waits for.
	redisReplyTimeout = 30 * time.Second
)

// A redisConn is a connection to a Redis. It serves one request at a time.
type redisConn struct {
	conn         net.Conn
	in           *bufio.Reader
	replyTimeout time.Duration

	// lacksConditions is set when the server knows no conditional writes.
	lacksConditions bool

	// resting receives the end of the wait of a connection that is not used.
	resting chan error
}

// dialRedis connects and logs in.
func dialRedis(ctx context.Context, a redisAddress, replyTimeout time.Duration) (*redisConn, error) {
	dialer := net.Dialer{Timeout: redisDialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", a.hostPort)
	if err != nil {
		return nil, err
	}
	c := &redisConn{conn: conn, in: bufio.NewReader(conn), replyTimeout: replyTimeout}
	if err := c.greet(a); err != nil {
		c.close()
		return nil, err
	}
	return c, nil
}

// greet logs in, and asks for the one thing that is to be known about the server:
// DIGEST came with Redis 8.4, together with all conditional writes.
func (c *redisConn) greet(a redisAddress) error {
	var request []byte
	if auth := a.auth(); auth != nil {
		request = appendCommand(request, auth...)
	}
	if err := c.send(appendCommand(request, "COMMAND", "INFO", "DIGEST")); err != nil {
		return err
	}
	var reply bytes.Buffer
	if a.login {
		if err := c.receive(&reply); err != nil {
			return err
		}
		if refusal, refused := bytes.CutPrefix(reply.Bytes(), []byte("-")); refused {
			return errors.New("it refuses the login: " + string(bytes.TrimSpace(refusal)))
		}
		reply.Reset()
	}
	if err := c.receive(&reply); err != nil {
		return err
	}
	if bytes.HasPrefix(reply.Bytes(), []byte("-NOAUTH")) {
		return errors.New("it wants a password; give one as in redis://:password@host:port")
	}
	// A user who may not ask gets an error, and scripts serve everybody.
	switch reply.String() {
	case "*1\r\n*-1\r\n", "*1\r\n$-1\r\n":
		c.lacksConditions = true
	default:
		c.lacksConditions = reply.Bytes()[0] == '-'
	}
	return nil
}

func (c *redisConn) send(request []byte) error {
	if err := c.conn.SetDeadline(time.Now().Add(c.replyTimeout)); err != nil {
		return err
	}
	_, err := c.conn.Write(request)
	return err
}

// receive appends the next reply to buf.
func (c *redisConn) receive(buf *bytes.Buffer) error {
	if err := c.expect(); err != nil {
		return err
	}
	return readFrame(c.in, buf)
}

// expect grants the next reply its time.
func (c *redisConn) expect() error {
	return c.conn.SetReadDeadline(time.Now().Add(c.replyTimeout))
}

// rest has a connection wait for its next use, and notice when the server closes
// it meanwhile.
func (c *redisConn) rest() {
	c.resting = make(chan error, 1)
	if err := c.conn.SetDeadline(time.Time{}); err != nil {
		c.resting <- err
		return
	}
	go func() {
		_, err := c.in.Peek(1)
		c.resting <- err
	}()
}

// wake ends a rest, and tells whether the connection can be used. Whatever has
// come meanwhile, its end or a reply that nobody asked for, is a reason not to.
func (c *redisConn) wake() bool {
	if c.conn.SetReadDeadline(time.Unix(1, 0)) != nil {
		return false
	}
	return errors.Is(<-c.resting, os.ErrDeadlineExceeded) && !ended(c.conn)
}

func (c *redisConn) close() {
	_ = c.conn.Close() // there is nothing left to lose on it
}

// appendCommand appends a command as Redis reads it.
func appendCommand(dst []byte, words ...string) []byte {
	dst = appendLength(dst, '*', len(words))
	for _, word := range words {
		dst = appendLength(dst, '$', len(word))
		dst = append(dst, word...)
		dst = append(dst, "\r\n"...)
	}
	return dst
}

func appendLength(dst []byte, kind byte, n int) []byte {
	dst = strconv.AppendInt(append(dst, kind), int64(n), 10)
	return append(dst, "\r\n"...)
}
