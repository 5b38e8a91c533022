package upstashtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
)

// redisBackend executes commands on a real Redis and passes its replies on as
// they are. It fills in only what keeps programs from running at all: conditional
// writes where Redis has none yet, and the script flag that only Upstash has.
type redisBackend struct {
	pool    *redisPool
	scripts scriptNames
	users   users
	limits  Limits
}

// newRedisBackend does not connect: a Redis may come later than the server, and
// go and come back.
func newRedisBackend(life context.Context, address string, u users, l Limits) (*redisBackend, error) {
	a, err := parseRedisAddress(address)
	if err != nil {
		return nil, err
	}
	return &redisBackend{
		pool:    newRedisPool(life, a),
		scripts: scriptNames{sent: map[string]string{}},
		users:   u,
		limits:  l,
	}, nil
}

// A redisError says that Redis did not do its part. Its text is for the client.
type redisError struct{ text string }

func (e *redisError) Error() string { return e.text }

func (b *redisBackend) run(buf *bytes.Buffer, as user, commands [][]string, atomic bool) ([]reply, error) {
	c, err := b.pool.take()
	if err != nil {
		return nil, b.failed("cannot be used", err)
	}
	steps := make([]redisStep, len(commands))
	for i, command := range commands {
		steps[i] = b.step(c, as, command)
		if atomic && steps[i].refused != "" {
			b.pool.give(c)
			return nil, &discardedError{steps[i].refused}
		}
	}

	r := redisRun{conn: c, buf: buf, steps: steps, bound: replyBound{limit: b.limits.MaxRequest}}
	replies, err := r.execute(atomic)
	var discarded *discardedError
	var tooLarge *tooLargeError
	switch {
	case err == nil, errors.As(err, &tooLarge), errors.As(err, &discarded) && !r.unclear:
		b.pool.give(c)
	default:
		b.pool.drop(c)
	}
	if err != nil && discarded == nil && tooLarge == nil {
		err = b.failed("failed in the middle of a request, which it may have executed", err)
	}
	return replies, err
}

// failed words an error for whoever sees it in an answer. The address is in it,
// and no password: errors of the network know of none.
func (b *redisBackend) failed(what string, err error) error {
	reason := err.Error()
	var opError *net.OpError
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		reason = "it does not answer in time"
	case errors.Is(err, io.ErrUnexpectedEOF):
		reason = "it closed the connection"
	case errors.As(err, &opError):
		reason = opError.Err.Error()
	}
	return &redisError{fmt.Sprintf("ERR the Redis at %s %s: %s", b.pool.address.hostPort, what, reason)}
}

// flush leaves the other databases alone: nobody gets to them over REST.
func (b *redisBackend) flush() {
	// A Redis that cannot be reached will tell the next request.
	_, _ = b.run(new(bytes.Buffer), defaultUser, [][]string{{"FLUSHDB"}}, false)
}

func (b *redisBackend) close() { b.pool.close() }

// internalText is the error for a request that a backend did not execute.
func internalText(err error) string {
	if r := (*redisError)(nil); errors.As(err, &r) {
		return r.text
	}
	return msgInternal
}

// notBegun are the errors for what Redis did not begin to execute.
func notBegun(resp []byte) bool {
	return slices.ContainsFunc(notBegunErrors, func(beginning []byte) bool { return bytes.HasPrefix(resp, beginning) })
}

var notBegunErrors = [][]byte{
	[]byte("-ERR unknown command"), []byte("-ERR unknown subcommand"), []byte("-ERR wrong number of arguments for"),
}
