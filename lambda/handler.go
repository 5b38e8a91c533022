package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// HTTPHandler serves the HTTP events of Lambda with h, and does for each what
// [Wrap] does. Give the result to lambda.Start of aws-lambda-go:
//
//	awslambda.Start(lambda.HTTPHandler(mux))
//
// The events of REST APIs, HTTP APIs, function URLs and load balancers are told
// apart by their form. The request is the one a server would have made of it:
// path, query, header, cookies and body; RemoteAddr is the address that the
// source reports, with port 0, and for a load balancer the last entry of
// X-Forwarded-For, which is the one that it adds. TLS is set where the client
// used it. The context is that of the invocation, and [EventFromContext] finds
// the event in it.
//
// A panic of h is answered with status 500 and reported ([WithOnError]), after
// which the process serves on, as it does under net/http; [WithRaise] has the
// runtime see it instead. [http.ErrAbortHandler] is not reported.
//
// A response that its source could not carry is an error of the invocation, and
// says what to do.
func HTTPHandler(h http.Handler, options ...Option) func(context.Context, json.RawMessage) (*Response, error) {
	s := newSettings(options)
	return func(ctx context.Context, raw json.RawMessage) (*Response, error) {
		e, err := decodeEvent(raw)
		if err != nil {
			return nil, err
		}
		if s.stream[e.source] {
			return s.serveStream(ctx, h, e, raw)
		}
		return s.serve(ctx, h, e, raw)
	}
}

// WithRaise has a panic of the http.Handler, or of its background work, go on to
// the runtime, which reports it and ends the process: the next request starts in
// a new one. Of a response that is streamed already, the end is an error instead.
func WithRaise() Option { return func(s *settings) { s.raise = true } }

// serve makes a response that is sent as a whole.
func (s *settings) serve(ctx context.Context, h http.Handler, e *event, raw json.RawMessage) (*Response, error) {
	v := s.begin(ctx)
	returned := false
	defer func() { v.finish(returned) }()
	r, err := e.request(v.ctx, raw, s.basePath)
	if err != nil {
		returned = true
		return nil, err
	}
	var body bytes.Buffer
	w := &writer{out: &body, head: r.Method == http.MethodHead}
	if p := s.call(h, w, r); p != nil {
		s.report(ctx, p)
		body.Reset()
		w = &writer{out: &body, head: w.head}
		internalError(w)
	}
	returned, w.done = true, true
	header := w.finish()
	return e.document(w.status, header, body.Bytes())
}

// call returns the panic of a handler, or lets it pass: then the runtime sees its
// stack as it was.
func (s *settings) call(h http.Handler, w http.ResponseWriter, r *http.Request) *PanicError {
	if s.raise {
		h.ServeHTTP(w, r)
		return nil
	}
	return try(func() { h.ServeHTTP(w, r) })
}

// report tells of a panic, unless it is the one that asks for silence.
func (s *settings) report(ctx context.Context, p *PanicError) {
	if !errors.Is(p, http.ErrAbortHandler) {
		s.onError(ctx, p)
	}
}

func internalError(w http.ResponseWriter) {
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}
