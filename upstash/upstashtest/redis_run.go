package upstashtest

import (
	"bytes"
	"errors"
	"strings"
)

const redisAborted = "EXECABORT "

// A redisRun executes the steps of one request on one connection.
type redisRun struct {
	conn  *redisConn
	buf   *bytes.Buffer
	steps []redisStep
	bound replyBound

	// unclear is set when nobody knows whether the connection is still in a
	// transaction.
	unclear bool
}

func (r *redisRun) execute(atomic bool) ([]reply, error) {
	if atomic {
		if err := r.begin(); err != nil {
			return nil, err
		}
	}
	var request []byte
	for _, s := range r.steps {
		if s.words != nil {
			request = appendCommand(request, s.words...)
		}
	}
	if atomic {
		request = appendCommand(request, "EXEC")
	}
	if len(request) > 0 {
		if err := r.conn.send(request); err != nil {
			return nil, err
		}
	}
	if atomic {
		if err := r.queued(); err != nil {
			return nil, err
		}
	}
	return r.replies()
}

// begin begins a transaction, and waits for it: when Redis refuses MULTI, because
// the user may not use it, commands that are under way already would run one by
// one.
func (r *redisRun) begin() error {
	r.unclear = true
	if err := r.conn.send(appendCommand(nil, "MULTI")); err != nil {
		return err
	}
	var reply bytes.Buffer
	if err := r.conn.receive(&reply); err != nil {
		return err
	}
	if refusal, refused := strings.CutPrefix(reply.String(), "-"); refused {
		return &discardedError{strings.TrimSpace(refusal)}
	}
	return nil
}

// queued reads what Redis said while it queued the commands, and how the answer
// to EXEC begins. The replies to the commands come after that.
func (r *redisRun) queued() error {
	sent, reason := 0, ""
	var line bytes.Buffer
	for _, s := range r.steps {
		if s.words == nil {
			continue
		}
		sent++
		line.Reset()
		if err := r.conn.receive(&line); err != nil {
			return err
		}
		if refusal, refused := strings.CutPrefix(line.String(), "-"); refused && reason == "" {
			reason = strings.TrimSpace(refusal)
		}
	}
	if err := r.conn.expect(); err != nil {
		return err
	}
	n, err := readArrayHead(r.conn.in)
	var refusal replyError
	switch {
	case errors.As(err, &refusal):
		// Redis has left the transaction only when it says that it aborted it.
		r.unclear = !strings.HasPrefix(string(refusal), redisAborted)
		if reason == "" {
			reason = strings.TrimPrefix(string(refusal), msgDiscarded)
		}
		return &discardedError{reason}
	case err != nil:
		return err
	case n != sent:
		return errBadFrame
	}
	r.unclear = false
	return nil
}

// replies reads the replies to the commands, and puts those that are known
// already in their places.
func (r *redisRun) replies() ([]reply, error) {
	ends := make([]int, len(r.steps))
	replies := make([]reply, len(r.steps))
	for i, s := range r.steps {
		start := r.buf.Len()
		if s.words == nil {
			r.buf.Write(s.local)
		} else if err := r.conn.receive(r.buf); err != nil {
			return nil, err
		}
		resp := r.buf.Bytes()[start:]
		s.rename.apply(resp)
		if !s.free && !notBegun(resp) {
			replies[i].billed = 1
		}
		r.bound.take(r.buf, start)
		ends[i] = r.buf.Len()
	}
	if r.bound.total > r.bound.limit {
		return nil, &tooLargeError{r.bound.limit, r.bound.total, billed(replies)}
	}
	start := 0
	for i, end := range ends {
		replies[i].resp = r.buf.Bytes()[start:end:end]
		start = end
	}
	return replies, nil
}
