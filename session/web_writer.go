package session

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
)

// beginner is asked before the first byte of a response.
type beginner interface {
	begin() (write bool)
	failure() error
}

// wrap returns a writer that asks first, and can what w can.
func wrap(w http.ResponseWriter, b beginner) http.ResponseWriter {
	base := webWriter{w, b}
	_, flushes := can[http.Flusher](w)
	if !flushes {
		_, flushes = can[interface{ FlushError() error }](w)
	}
	_, hijacks := can[http.Hijacker](w)
	switch {
	case flushes && hijacks:
		return struct {
			webWriter
			webFlusher
			webHijacker
		}{base, webFlusher{base}, webHijacker{base}}
	case flushes:
		return struct {
			webWriter
			webFlusher
		}{base, webFlusher{base}}
	case hijacks:
		return struct {
			webWriter
			webHijacker
		}{base, webHijacker{base}}
	}
	return base
}

// can finds a capability in a writer or in one that it wraps.
func can[C any](w http.ResponseWriter) (C, bool) {
	for {
		if c, ok := w.(C); ok {
			return c, true
		}
		outer, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			var none C
			return none, false
		}
		w = outer.Unwrap()
	}
}

type webWriter struct {
	inner http.ResponseWriter
	b     beginner
}

func (w webWriter) Header() http.Header { return w.inner.Header() }

// Unwrap is for [http.ResponseController].
func (w webWriter) Unwrap() http.ResponseWriter { return w.inner }

func (w webWriter) WriteHeader(code int) {
	if code < 200 && code != http.StatusSwitchingProtocols {
		w.inner.WriteHeader(code) // it announces the response, and does not begin it
		return
	}
	if w.b.begin() {
		w.inner.WriteHeader(code)
	}
}

func (w webWriter) Write(b []byte) (int, error) {
	if !w.b.begin() {
		return len(b), nil
	}
	return w.inner.Write(b)
}

// ReadFrom keeps sendfile.
func (w webWriter) ReadFrom(r io.Reader) (int64, error) {
	if !w.b.begin() {
		return io.Copy(io.Discard, r)
	}
	if to, ok := w.inner.(io.ReaderFrom); ok {
		return to.ReadFrom(r)
	}
	return io.Copy(struct{ io.Writer }{w.inner}, r)
}

type webFlusher struct{ w webWriter }

func (f webFlusher) Flush() { _ = f.FlushError() } // Flush has no way to say that it failed

func (f webFlusher) FlushError() error {
	if !f.w.b.begin() {
		return nil
	}
	return http.NewResponseController(f.w.inner).Flush()
}

type webHijacker struct{ w webWriter }

// Hijack hands over the connection, unless the store failed: then the response
// is the one that says so.
func (h webHijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if !h.w.b.begin() {
		return nil, nil, h.w.b.failure()
	}
	return http.NewResponseController(h.w.inner).Hijack()
}

// lists tells whether a header that is a list has an item.
func lists(values []string, item string) bool {
	for _, value := range values {
		for have := range strings.SplitSeq(value, ",") {
			if have = strings.TrimSpace(have); have == "*" || strings.EqualFold(have, item) {
				return true
			}
		}
	}
	return false
}
