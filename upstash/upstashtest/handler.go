package upstashtest

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
)

const (
	pathPipeline  = "/pipeline"
	pathMultiExec = "/multi-exec"

	headerEncoding       = "Upstash-Encoding"
	headerResponseFormat = "Upstash-Response-Format"
	headerSyncToken      = "Upstash-Sync-Token"
)

// allowedMethods is the Allow header of a 405 answer.
const allowedMethods = "HEAD, GET, POST, PUT"

// An answer is what a request gets, and what it is billed.
type answer struct {
	status int
	body   []byte
	billed int
}

// serve is the front door: it answers one request and enters it in the journal.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.serving.RLock()
	defer s.serving.RUnlock()
	if s.closed {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}

	entry := Request{Method: r.Method, Path: r.URL.EscapedPath()}
	authorised := false
	a := answer{status: http.StatusMethodNotAllowed}
	switch {
	case !methodAllowed(r.Method):
		w.Header().Set("Allow", allowedMethods)
	case !s.authorised(r):
		a = failure(http.StatusUnauthorized, msgWrongPass)
	default:
		authorised = true
		w.Header().Set(headerSyncToken, s.tokens.next())
		a = s.answer(r, &entry)
	}

	entry.Status = a.status
	if r.Method != http.MethodHead {
		entry.BytesOut = int64(len(a.body))
	}
	// Before the answer is written, so that a client that has it finds its
	// request in the journal.
	s.journal.add(entry, authorised, a.billed)
	a.write(w, r.Method)
}

// answer serves a request of somebody who may ask.
func (s *Server) answer(r *http.Request, entry *Request) answer {
	body, size, err := readBody(r)
	entry.BytesIn = size
	switch {
	case errors.Is(err, errTooLarge):
		return failure(http.StatusBadRequest, tooLargeText(size))
	case err != nil:
		return failure(http.StatusBadRequest, msgParseCommand)
	}
	format := formatOf(r)
	switch path := r.URL.EscapedPath(); {
	case path == pathMultiExec:
		return s.batch(body, format, true, entry)
	case !format.supported:
		return failure(http.StatusBadRequest, msgResponseFormat)
	case path == pathPipeline:
		return s.batch(body, format, false, entry)
	case strings.HasPrefix(path, "//"):
		return failure(http.StatusNotFound, msgNotFound)
	case path == "/" || path == "":
		command, err := commandFromBody(body)
		return s.single(command, err, format, entry)
	default:
		command, err := commandFromPath(path, r.URL.RawQuery, body)
		return s.single(command, err, format, entry)
	}
}

func methodAllowed(method string) bool {
	switch method {
	case http.MethodHead, http.MethodGet, http.MethodPost, http.MethodPut:
		return true
	}
	return false
}

// format says how an answer is to be written.
type format struct {
	base64    bool
	supported bool
}

func formatOf(r *http.Request) format {
	asked := r.Header.Get(headerResponseFormat)
	return format{
		base64:    strings.EqualFold(r.Header.Get(headerEncoding), "base64"),
		supported: asked == "" || strings.EqualFold(asked, "json"),
	}
}

func (a answer) write(w http.ResponseWriter, method string) {
	h := w.Header()
	if len(a.body) > 0 {
		h.Set("Content-Type", "application/json")
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	if method != http.MethodHead {
		_, _ = w.Write(a.body) // a client that went away is no concern of ours
	}
}
