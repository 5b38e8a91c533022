package upstashtest

import (
	"bufio"
	"bytes"
	"errors"
	"time"

	"github.com/alicebob/miniredis/v2/server"
)

// follow has Redis itself bring what a client wants to follow, over a connection
// of its own: so other programs that use the Redis are heard, too, and PUBLISH
// counts the streams among its receivers. The stream ends with the connection.
func (b *redisBackend) follow(events *stream, f feed) (leave func(), err error) {
	c, err := dialRedis(b.pool.life, b.pool.address, b.pool.replyTimeout)
	if err != nil {
		return nil, b.failed("cannot be used", err)
	}
	first, err := c.subscribe(f)
	if err != nil {
		c.close()
		return nil, b.failed("cannot be followed", err)
	}
	events.add(first)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer events.end()
		c.pass(events, f.kind)
	}()
	return func() {
		c.close()
		<-done
	}, nil
}

// subscribe asks for a feed, and returns what comes first: a confirmation.
func (c *redisConn) subscribe(f feed) (first string, err error) {
	words := append([]string{f.kind.command()}, f.names...)
	if err := c.send(appendCommand(nil, words...)); err != nil {
		return "", err
	}
	var reply bytes.Buffer
	if err := c.receive(&reply); err != nil {
		return "", err
	}
	if isError(reply.Bytes()) {
		return "", errors.New(string(bytes.TrimSpace(reply.Bytes()[1:])))
	}
	return eventOf(f.kind, reply.Bytes()), nil
}

// pass adds what comes to a stream, until one of the two ends.
func (c *redisConn) pass(events *stream, kind streamKind) {
	if c.conn.SetDeadline(time.Time{}) != nil {
		return
	}
	for {
		var frame bytes.Buffer
		if readFrame(c.in, &frame) != nil {
			return
		}
		if text := eventOf(kind, frame.Bytes()); text != "" && !events.add(text) {
			return
		}
	}
}

// eventOf writes what Redis pushes as an event. What is of no kind that is known
// becomes nothing.
func eventOf(kind streamKind, frame []byte) string {
	if kind == kindMonitor {
		return monitorEvent(frame)
	}
	value, err := server.ParseReply(bufio.NewReader(bytes.NewReader(frame)))
	if err != nil {
		return ""
	}
	items, _ := value.([]any)
	text := func(i int) string {
		word, _ := items[i].(string)
		return word
	}
	switch {
	case len(items) == 3 && text(0) == kind.command():
		count, _ := items[2].(int)
		return confirmation(kind, text(1), count)
	case len(items) == 3 && text(0) == "message":
		return message(text(1), text(2))
	case len(items) == 4 && text(0) == "pmessage":
		return patternMessage(text(1), text(2), text(3))
	}
	return ""
}

// monitorEvent is a line of MONITOR, or the status before the first one.
func monitorEvent(frame []byte) string {
	line, isLine := bytes.CutPrefix(bytes.TrimSuffix(frame, []byte("\r\n")), []byte("+"))
	switch {
	case !isLine:
		return ""
	case string(line) == "OK":
		return event(`"OK"`)
	}
	return event(string(line))
}
