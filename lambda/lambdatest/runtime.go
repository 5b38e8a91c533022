package lambdatest

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// routes are the paths of both APIs, in the versions that AWS documents.
func (s *sandbox) routes() http.Handler {
	const runtime, extensions = "/2018-06-01/runtime", "/2020-01-01/extension"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+runtime+"/invocation/next", s.next)
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/response", s.response)
	mux.HandleFunc("POST "+runtime+"/invocation/{id}/error", s.failure)
	mux.HandleFunc("POST "+runtime+"/init/error", accept)
	mux.HandleFunc("POST "+extensions+"/register", s.register)
	mux.HandleFunc("GET "+extensions+"/event/next", s.nextEvent)
	mux.HandleFunc("POST "+extensions+"/init/error", accept)
	mux.HandleFunc("POST "+extensions+"/exit/error", accept)
	return mux
}

func accept(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }

func (s *sandbox) next(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.waiting++
	s.rest()
	s.mu.Unlock()
	select {
	case i := <-s.queue:
		s.hand(i, func(deadline time.Time) {
			h := w.Header()
			h.Set("Lambda-Runtime-Aws-Request-Id", i.id)
			h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(deadline.UnixMilli(), 10))
			h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:test")
			h.Set("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0")
			h.Set("Content-Type", "application/json")
			h.Set("Content-Length", strconv.Itoa(len(i.payload)))
			_, _ = w.Write(i.payload) // a process that is gone is noticed elsewhere
			_ = http.NewResponseController(w).Flush()
		})
	case <-r.Context().Done():
	}
}

// mostBuffered is what the Runtime API takes that is not streamed: 6 MB, and a
// little for what is around it.
const mostBuffered = 6<<20 + 100

func (s *sandbox) response(w http.ResponseWriter, r *http.Request) {
	i := s.find(r.PathValue("id"))
	if i == nil || i.over() {
		refuse(w, http.StatusBadRequest, "InvalidRequestID")
		return
	}
	contentType := r.Header.Get("Content-Type")
	var body io.Reader = r.Body
	if contentType != typeStream {
		body = io.LimitReader(body, mostBuffered+1)
	}
	n, err := io.Copy(i, body)
	switch {
	case err != nil:
		return // the process has ended in the middle, which is told elsewhere
	case contentType != typeStream && n > mostBuffered:
		i.settle("", &FunctionError{Type: TypeTooBig, Message: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."})
		refuse(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge")
		return
	}
	i.settle(contentType, trailed(r.Trailer))
	s.finish(i)
	w.WriteHeader(http.StatusAccepted)
}

// trailed is the error that a stream ended with.
func trailed(h http.Header) *FunctionError {
	kind := h.Get("Lambda-Runtime-Function-Error-Type")
	if kind == "" {
		return nil
	}
	failure := &FunctionError{}
	text, err := base64.StdEncoding.DecodeString(h.Get("Lambda-Runtime-Function-Error-Body"))
	if err != nil || json.Unmarshal(text, failure) != nil {
		failure.Message = "the error in the trailer does not parse"
	}
	failure.Type = kind
	return failure
}

func (s *sandbox) failure(w http.ResponseWriter, r *http.Request) {
	i := s.find(r.PathValue("id"))
	if i == nil || i.over() {
		refuse(w, http.StatusBadRequest, "InvalidRequestID")
		return
	}
	failure := &FunctionError{}
	if json.NewDecoder(r.Body).Decode(failure) != nil {
		failure.Type = r.Header.Get("Lambda-Runtime-Function-Error-Type")
	}
	i.settle("", failure)
	s.finish(i)
	w.WriteHeader(http.StatusAccepted)
}

func refuse(w http.ResponseWriter, status int, kind string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(FunctionError{Type: kind, Message: http.StatusText(status)})
}
