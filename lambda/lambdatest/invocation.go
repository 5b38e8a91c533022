package lambdatest

import (
	"context"
	"io"
	"sync"
	"time"
)

// Invocation is an event on its way through the function.
type Invocation struct {
	id      string
	payload []byte
	timeout time.Duration
	timer   *time.Timer // kills the process at the deadline

	deadline time.Time

	mu      sync.Mutex
	body    []byte
	more    chan struct{} // closed, and replaced, when body has grown
	result  Result
	settled bool
	done    chan struct{}
}

func newInvocation(id string, payload []byte, timeout time.Duration) *Invocation {
	return &Invocation{id: id, payload: payload, timeout: timeout, more: make(chan struct{}), done: make(chan struct{})}
}

// ID is the request id that the function sees.
func (i *Invocation) ID() string { return i.id }

// Wait returns the result when there is one.
func (i *Invocation) Wait(ctx context.Context) (Result, error) {
	select {
	case <-i.done:
		i.mu.Lock()
		defer i.mu.Unlock()
		return i.result, nil
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// Reader reads the response while it comes in: what a caller sees of a stream.
// Each begins at its start. It ends with the response, however that ends.
func (i *Invocation) Reader(ctx context.Context) io.Reader { return &liveReader{ctx: ctx, of: i} }

type liveReader struct {
	ctx context.Context
	of  *Invocation
	at  int
}

// Read implements [io.Reader].
func (r *liveReader) Read(p []byte) (int, error) {
	for {
		r.of.mu.Lock()
		n := copy(p, r.of.body[r.at:])
		more, settled := r.of.more, r.of.settled
		r.of.mu.Unlock()
		r.at += n
		switch {
		case n > 0 || len(p) == 0:
			return n, nil
		case settled:
			return 0, io.EOF
		}
		select {
		case <-more:
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		}
	}
}

// Write takes what the function sends.
func (i *Invocation) Write(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.body = append(i.body, p...)
	close(i.more)
	i.more = make(chan struct{})
	return len(p), nil
}

// settle decides the result. Only the first counts.
func (i *Invocation) settle(contentType string, failure *FunctionError) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.settled {
		return
	}
	i.settled = true
	i.result = Result{RequestID: i.id, ContentType: contentType, Payload: i.body, Left: time.Until(i.deadline), Err: failure}
	close(i.more)
	close(i.done)
}

func (i *Invocation) over() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.settled
}
