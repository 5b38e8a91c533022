package fetch

import (
	"context"
	"errors"
	"io"
	"sync"
	"syscall/js"
)

var errClosed = errors.New("fetch: read of a body that is closed")

// reader is the body of a response, as it arrives. Close may be called while a
// Read waits, and ends it.
type reader struct {
	ctx    context.Context // of the request, whose end ends the body
	stream js.Value        // a ReadableStreamDefaultReader
	rest   js.Value        // of the last chunk, a Uint8Array
	err    error           // of every later Read
	closed chan struct{}
	close  func()
}

func newReader(ctx context.Context, stream js.Value, stop func() bool) *reader {
	r := &reader{ctx: ctx, stream: stream, closed: make(chan struct{})}
	r.close = sync.OnceFunc(func() {
		stop()
		close(r.closed)
		_ = try(func() { ignore(stream.Call("cancel")) }) // of a stream that has ended, too
	})
	return r
}

// Read implements [io.Reader].
func (r *reader) Read(p []byte) (int, error) {
	select {
	case <-r.closed:
		return 0, errClosed
	default:
	}
	if len(p) == 0 {
		return 0, nil
	}
	for r.err == nil && r.rest.IsUndefined() {
		r.err = r.next()
	}
	if r.err != nil {
		return 0, r.err
	}
	n := js.CopyBytesToGo(p, r.rest)
	if n == r.rest.Length() {
		r.rest = js.Undefined()
	} else {
		r.rest = r.rest.Call("subarray", n)
	}
	return n, nil
}

// next waits for a chunk, which may be empty.
func (r *reader) next() error {
	var chunk <-chan settled
	if err := try(func() { chunk = await(r.stream.Call("read")) }); err != nil {
		return failure(err.Value, nil, nil)
	}
	select {
	case <-r.closed:
		return errClosed
	case <-r.ctx.Done():
		return r.ctx.Err()
	case s := <-chunk:
		switch {
		case s.failed && r.ctx.Err() != nil: // because of the signal
			return r.ctx.Err()
		case s.failed:
			return failure(s.value, nil, nil)
		case s.value.Get("done").Bool():
			return io.EOF
		}
		bytes := s.value.Get("value")
		if !bytes.InstanceOf(js.Global().Get("Uint8Array")) {
			return errors.New("fetch: the host delivers a body that is not made of bytes")
		}
		if bytes.Length() > 0 {
			r.rest = bytes
		}
		return nil
	}
}

// Close implements [io.Closer].
func (r *reader) Close() error {
	r.close()
	return nil
}
