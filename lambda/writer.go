package lambda

import (
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// sniffed is how much [http.DetectContentType] looks at.
const sniffed = 512

// writer is the [http.ResponseWriter] of both forms of response. It does what
// net/http does: the header is what it was at WriteHeader, later calls change
// nothing, and the type of a body without one is found out from how it begins.
type writer struct {
	out       io.Writer
	flush     func() error // nil where the response is sent as a whole
	head      bool         // of a HEAD request: the body is counted, and not sent
	header    http.Header
	status    int         // 0 until it is decided
	sent      http.Header // the header as of then
	begin     []byte      // of the body, until its type is known
	committed bool        // it is, or will never be
	written   int64
	done      bool // the handler has returned
}

// Header implements [http.ResponseWriter].
func (w *writer) Header() http.Header {
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

// WriteHeader implements [http.ResponseWriter].
func (w *writer) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic("lambda: invalid WriteHeader code " + strconv.Itoa(status)) // as net/http does
	}
	if w.status != 0 || status < 200 && status != http.StatusSwitchingProtocols {
		return // interim responses have no place in what Lambda takes
	}
	w.status = status
	w.sent = w.Header().Clone()
}

// Write implements [http.ResponseWriter].
func (w *writer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if !bodyAllowed(w.status) {
		return 0, http.ErrBodyNotAllowed
	}
	if !w.committed {
		w.begin = append(w.begin, p[:min(len(p), sniffed-len(w.begin))]...)
	}
	w.written += int64(len(p))
	if w.head {
		return len(p), nil
	}
	return w.out.Write(p)
}

// WriteString implements [io.StringWriter].
func (w *writer) WriteString(s string) (int, error) { return w.Write([]byte(s)) }

// FlushError is what [http.ResponseController] calls. A response that is sent as
// a whole is not sent sooner by it.
func (w *writer) FlushError() error {
	w.WriteHeader(http.StatusOK)
	w.commit()
	if w.flush == nil {
		return nil
	}
	return w.flush()
}

// Flush implements [http.Flusher].
func (w *writer) Flush() { _ = w.FlushError() } // a Flusher has no error, the next Write has it

// EnableFullDuplex has nothing to do: the body of the request is here already.
func (w *writer) EnableFullDuplex() error { return nil }

// commit finds out the type of the body from how it begins, unless the handler
// has given one, or nil for none.
func (w *writer) commit() {
	if w.committed {
		return
	}
	w.committed = true
	_, has := w.sent["Content-Type"]
	if !has && len(w.begin) > 0 && w.sent.Get("Content-Encoding") == "" {
		w.sent.Set("Content-Type", http.DetectContentType(w.begin))
	}
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// finish decides what the handler left open, and returns the header as it may be
// sent: without what belongs to a connection, which is not ours, and without
// trailers, which none of the events carries.
func (w *writer) finish() http.Header {
	w.WriteHeader(http.StatusOK)
	w.commit()
	h := make(http.Header, len(w.sent))
	for name, values := range w.sent {
		if len(values) == 0 || strings.HasPrefix(name, http.TrailerPrefix) || !validName(name) {
			continue
		}
		for _, value := range values {
			h[name] = append(h[name], textproto.TrimString(lineBreaks.Replace(value)))
		}
	}
	if w.head && w.done && w.written > 0 && h.Get("Content-Length") == "" {
		h.Set("Content-Length", strconv.FormatInt(w.written, 10))
	}
	for _, line := range h["Trailer"] {
		for name := range strings.SplitSeq(line, ",") {
			h.Del(textproto.TrimString(name))
		}
	}
	for _, name := range []string{"Connection", "Keep-Alive", "Proxy-Connection", "Trailer", "Transfer-Encoding", "Upgrade"} {
		delete(h, name)
	}
	return h
}

// net/http keeps values on their line in the same way.
var lineBreaks = strings.NewReplacer("\n", " ", "\r", " ")

func validName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
	})
}
