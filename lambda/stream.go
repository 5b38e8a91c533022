package lambda

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// WithFunctionURLStreaming streams responses to requests through a function URL:
// what the handler writes is sent when 4 KiB are there, when it flushes, and when
// it returns. The URL has to be configured so (InvokeMode RESPONSE_STREAM); the
// event does not tell. A program with the runtime of aws-lambda-go needs the build
// tag lambda.norpc.
//
// The end of the response is withheld until background work and drains are done,
// and the visible part of the body is not.
func WithFunctionURLStreaming() Option { return func(s *settings) { s.stream[FunctionURL] = true } }

// WithRESTStreaming is [WithFunctionURLStreaming] for REST APIs, whose integration
// has to have the transfer mode STREAM and the URI that ends in
// /response-streaming-invocations.
func WithRESTStreaming() Option { return func(s *settings) { s.stream[RESTAPI] = true } }

const streamBuffer = 4 << 10 // that of net/http's connections

var (
	errCut  = errors.New("lambda: the handler panicked when its response had begun")
	errGone = errors.New("lambda: the reader of the response has gone")
)

// stream is a response whose handler may still run.
type stream struct {
	v     *invocation
	e     *event
	w     *writer
	out   *bufio.Writer // into the stream, which writes into the pipe
	pipe  *io.PipeWriter
	begun chan beginning
	sent  bool // the beginning
	ended chan struct{}
}

// beginning is what the runtime has to know before it can begin to read.
type beginning struct {
	prelude []byte
	err     error
	panic   *PanicError
}

func (s *settings) serveStream(ctx context.Context, h http.Handler, e *event, raw json.RawMessage) (*Response, error) {
	v := s.begin(ctx)
	r, err := e.request(v.ctx, raw, s.basePath)
	if err != nil {
		v.finish(true)
		return nil, err
	}
	body, pipe := io.Pipe()
	st := &stream{v: v, e: e, pipe: pipe, begun: make(chan beginning, 1), ended: make(chan struct{})}
	st.out = bufio.NewWriterSize(st, streamBuffer)
	st.w = &writer{out: st.out, flush: st.flush, head: r.Method == http.MethodHead}
	go st.run(h, r)

	b := <-st.begun
	switch {
	case b.panic != nil:
		panic(b.panic)
	case b.err != nil:
		return nil, b.err
	}
	return &Response{body: io.MultiReader(bytes.NewReader(b.prelude), body), closer: func() error {
		err := body.CloseWithError(errGone)
		v.cancel() // of no effect when the handler is done
		<-st.ended
		return err
	}}, nil
}

// run is the handler's goroutine. The beginning is sent once, whatever happens.
func (st *stream) run(h http.Handler, r *http.Request) {
	defer close(st.ended)
	s := st.v.s
	p := try(func() { h.ServeHTTP(st.w, r) })
	var end error // of the body, nil for EOF
	switch {
	case p == nil:
		st.w.done = true
		_ = st.flush() // a reader that has gone does not ask how it ended
	case st.sent:
		s.report(st.v.runtime, p)
		end = errCut
	case s.raise:
		if background := st.v.end(); background != nil {
			s.onError(st.v.runtime, background)
		}
		st.begun <- beginning{panic: p}
		return
	default:
		s.report(st.v.runtime, p)
		st.out.Reset(st)
		st.w = &writer{out: st.out, flush: st.flush, head: st.w.head}
		internalError(st.w)
		_ = st.flush()
	}
	if background := st.v.end(); background != nil {
		s.onError(st.v.runtime, background)
		if s.raise {
			end = errCut
		}
	}
	_ = st.pipe.CloseWithError(end) // it always succeeds
}

// flush sends the beginning and what is written so far.
func (st *stream) flush() error {
	st.begin()
	return st.out.Flush()
}

// Write takes what the buffer lets go.
func (st *stream) Write(p []byte) (int, error) {
	st.begin()
	return st.pipe.Write(p)
}

func (st *stream) begin() {
	if st.sent {
		return
	}
	st.sent = true
	header := st.w.finish()
	prelude, err := st.e.prelude(st.w.status, header)
	st.begun <- beginning{prelude: prelude, err: err}
}
