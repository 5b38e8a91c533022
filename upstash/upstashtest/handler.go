package upstashtest

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	pathPipeline  = "/pipeline"
	pathMultiExec = "/multi-exec"

	headerEncoding       = "Upstash-Encoding"
	headerResponseFormat = "Upstash-Response-Format"
	headerSyncToken      = "Upstash-Sync-Token" //nolint:gosec // a name, not a credential
)

// allowedMethods is the Allow header of a 405 answer.
const allowedMethods = "HEAD, GET, POST, PUT"

// An answer is what a request gets, and what it is billed.
type answer struct {
	status      int
	body        []byte
	contentType string // JSON when empty
	billed      int
	stream      *feed // instead of the body
	seen        int64 // the version of the data

	// What an interception makes of it.
	header  http.Header // over the usual one
	foreign bool        // somebody else answers: the request was not executed
	lost    bool        // the connection is closed instead
	cut     *int        // the connection is closed after so many bytes of the body, or of the events
}

// serve is the front door: it answers one request and enters it in the journal.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.serving.RLock()
	defer s.serving.RUnlock()
	if s.closed {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}

	w.Header().Set("Date", s.clock.now().UTC().Format(http.TimeFormat))
	begin := time.Now()
	entry := Request{Method: r.Method, Path: r.URL.EscapedPath()}
	_, known := s.users.of(r)
	authorized := known && methodAllowed(r.Method)
	a := answer{status: http.StatusMethodNotAllowed}
	switch {
	case !methodAllowed(r.Method):
		w.Header().Set("Allow", allowedMethods)
	case !known:
		a = failure(http.StatusUnauthorized, msgWrongPass)
	default:
		a = s.intercepted(r, &entry) //nolint:contextcheck // the request has it
		if !a.foreign {
			w.Header().Set(headerSyncToken, s.tokens.next(a.seen))
		}
	}

	if !a.lost {
		entry.Status = a.status
	}
	entry.BytesOut = int64(len(a.sent(r.Method)))
	entry.Billed = a.billed
	// Before the answer is written, so that a client that has it finds its
	// request in the journal.
	s.journal.add(entry, authorized)
	if s.observe != nil {
		s.observe(entry, time.Since(begin))
	}
	if a.streams(r.Method) {
		s.follow(w, r, *a.stream, a.cut)
		return
	}
	a.write(w, r.Method)
}

// answer serves a request of somebody who may ask.
func (s *Server) answer(r *http.Request, entry *Request) (a answer) {
	body, size, err := readBody(r, s.limits.MaxRequest)
	entry.BytesIn = size
	switch {
	case errors.Is(err, errTooLarge):
		return failure(http.StatusBadRequest, tooLargeText(s.limits.MaxRequest, size))
	case err != nil:
		return failure(http.StatusBadRequest, msgParseCommand)
	}
	format := formatOf(r)
	format.user, _ = s.users.of(r)
	format.sight = &sight{seen: s.tokens.version(r.Header.Get(headerSyncToken))}
	defer func() { a.seen = format.sight.seen }()
	path := r.URL.EscapedPath()
	kind := streamKindOf(path)
	switch {
	case path == pathMultiExec:
		format.resp2 = false
		return s.batch(body, format, true, entry)
	case format.unsupported != "":
		return failure(http.StatusBadRequest, format.unsupported)
	case kind != kindNone:
		return s.openStream(r, kind, format, entry)
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

// format says how an answer is to be written, and for whom.
type format struct {
	base64      bool
	resp2       bool
	unsupported string // why there is no such format
	user        user
	sight       *sight
}

func formatOf(r *http.Request) format {
	f := format{base64: strings.EqualFold(r.Header.Get(headerEncoding), "base64")}
	switch asked := r.Header.Get(headerResponseFormat); {
	case asked == "", strings.EqualFold(asked, "json"):
	case !strings.EqualFold(asked, "resp2"):
		f.unsupported = msgResponseFormat
	case f.base64:
		f.unsupported = msgRESP2Base64
	default:
		f.resp2 = true
	}
	return f
}

// sent is what of the body goes over the wire.
func (a answer) sent(method string) []byte {
	switch {
	case a.lost, method == http.MethodHead:
		return nil
	case a.cut != nil:
		return a.body[:min(*a.cut, len(a.body))]
	}
	return a.body
}

// write sends the answer. When the connection is to be closed too early, it ends
// the handler, in the way net/http has for that.
func (a answer) write(w http.ResponseWriter, method string) {
	if a.lost {
		panic(http.ErrAbortHandler)
	}
	h := w.Header()
	if len(a.body) > 0 {
		h.Set("Content-Type", cmp.Or(a.contentType, typeJSON))
	}
	maps.Copy(h, a.header)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	// A client that went away is no concern of ours.
	_, _ = w.Write(a.sent(method)) //nolint:gosec // JSON, text of a test, or bytes: never a page
	if a.cut != nil {
		_ = http.NewResponseController(w).Flush() // what cannot be flushed is not buffered either
		panic(http.ErrAbortHandler)
	}
}
