package upstashtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// A recorder is the connection of a request that is served in process. It keeps
// what the handler writes until the handler returns or flushes; what is written
// later goes to whoever reads the body.
type recorder struct {
	header http.Header
	status int
	buf    bytes.Buffer

	// hangUp ends the handler's context: the handler has returned, or the
	// client wants no more.
	hangUp context.CancelFunc

	// rest carries what is written after the first flush.
	rest  *io.PipeReader
	write *io.PipeWriter

	// ready is closed when the fields above are the client's, and those below
	// are set.
	ready    chan struct{}
	flushed  bool
	answered bool // false when the connection was closed instead
	panicked any
}

func newRecorder(hangUp context.CancelFunc) *recorder {
	w := &recorder{header: http.Header{}, status: http.StatusOK, hangUp: hangUp, ready: make(chan struct{})}
	w.rest, w.write = io.Pipe()
	return w
}

// serve runs the handler, and notes how it ended.
func (w *recorder) serve(s *Server, r *http.Request) {
	returned := false
	defer context.AfterFunc(r.Context(), func() {
		// It frees a write that waits, and is what the client reads.
		_ = w.write.CloseWithError(r.Context().Err())
	})()
	defer w.hangUp()
	defer func() {
		panicked := recover()
		if err, ok := panicked.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panicked = nil
		}
		if w.flushed {
			err := io.ErrUnexpectedEOF
			switch {
			case r.Context().Err() != nil:
				err = r.Context().Err()
			case returned:
				err = io.EOF
			}
			_ = w.write.CloseWithError(err) // it never fails
			return
		}
		w.answered, w.panicked = returned, panicked
		_ = w.write.Close()
		close(w.ready)
	}()
	s.serve(w, r)
	returned = true
}

// leave lets a handler notice that nobody reads any more.
func (w *recorder) leave() {
	w.hangUp()
	_ = w.rest.CloseWithError(io.ErrClosedPipe)
}

// Close implements [io.Closer] for the body of the response.
func (w *recorder) Close() error {
	w.leave()
	return nil
}

// SetWriteDeadline makes [http.ResponseController] able to end a write that
// waits. There is no other deadline than one that has passed.
func (w *recorder) SetWriteDeadline(time.Time) error {
	return w.write.CloseWithError(io.ErrUnexpectedEOF)
}

func (w *recorder) Header() http.Header    { return w.header }
func (w *recorder) WriteHeader(status int) { w.status = status }

func (w *recorder) Write(p []byte) (int, error) {
	if w.flushed {
		return w.write.Write(p)
	}
	return w.buf.Write(p)
}

// Flush implements [http.Flusher]: the client gets the answer so far.
func (w *recorder) Flush() {
	if !w.flushed {
		w.flushed, w.answered = true, true
		close(w.ready)
	}
}

func (w *recorder) response(req *http.Request) *http.Response {
	resp := &http.Response{
		Status:        strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.header,
		Body:          answerBody{io.MultiReader(&w.buf, w.rest), w},
		ContentLength: -1,
		Request:       req,
	}
	// When it is known, as net/http reports it; for HEAD, the length a GET would
	// have had.
	if n, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64); err == nil {
		resp.ContentLength = n
	}
	return resp
}

type answerBody struct {
	io.Reader
	io.Closer
}
