package upstashtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
)

// Transport returns a round tripper that calls the server in process, without a
// socket: for testing/synctest bubbles, js/wasm and tests that make very many
// requests. It serves whatever host a request names. It is safe for concurrent
// use. It returns when the context ends; a request that the server has by then
// is executed all the same, as it would be over a network.
//
// What the server does to a connection comes as the error that net/http would
// return: one that is closed without an answer as a [net.OpError] holding
// [io.EOF], and a body that is cut off as [io.ErrUnexpectedEOF].
func (s *Server) Transport() http.RoundTripper { return inProcess{s} }

type inProcess struct{ server *Server }

// RoundTrip implements [http.RoundTripper].
func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL == nil {
		closeBody(req)
		return nil, errors.New("upstashtest: request without a URL")
	}
	if err := req.Context().Err(); err != nil {
		closeBody(req)
		return nil, err
	}
	body, err := takeBody(req)
	if err != nil {
		return nil, err
	}

	// The handler gets a request of its own: a transport must not change the
	// caller's, and what is nil there is empty in a server.
	ctx, hangUp := context.WithCancel(req.Context())
	inner := req.Clone(ctx)
	inner.Body = io.NopCloser(bytes.NewReader(body))
	inner.ContentLength = int64(len(body))
	inner.RequestURI = req.URL.RequestURI()
	if inner.URL.Path == "" {
		inner.URL.Path = "/" // as it goes over a wire
	}
	if inner.Method == "" {
		inner.Method = http.MethodGet
	}
	if inner.Header == nil {
		inner.Header = http.Header{}
	}
	w := newRecorder(hangUp)
	if t.server.answersAtOnce(inner) {
		w.serve(t.server, inner)
	} else {
		go w.serve(t.server, inner)
	}
	select {
	case <-w.ready:
	case <-req.Context().Done():
		select {
		case <-w.ready: // both at once: an answer that is there counts
		default:
			w.leave()
			return nil, req.Context().Err()
		}
	}
	if w.panicked != nil {
		panic(w.panicked) // in the caller's goroutine, where somebody may recover
	}
	if !w.answered {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: io.EOF}
	}
	return w.response(req), nil
}

// answersAtOnce tells whether nothing can hold a request up, so that it needs no
// goroutine of its own that the caller could leave behind.
func (s *Server) answersAtOnce(r *http.Request) bool {
	return s.redis == nil && streamKindOf(r.URL.EscapedPath()) == kindNone && len(s.intercepts.all()) == 0
}

func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close() // the request goes nowhere
	}
}

func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}
