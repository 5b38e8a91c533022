package upstash_test

import (
	"bytes"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
)

// struck is a request that a fault is applied to.
type struck struct {
	front *faultFront
	call  *faultCall // nil for a request that belongs to none
	w     http.ResponseWriter
	r     *http.Request
	body  []byte
	conn  net.Conn
}

func (x *struck) execute() *httptest.ResponseRecorder {
	r := x.r.Clone(x.r.Context())
	r.Body = io.NopCloser(bytes.NewReader(x.body))
	w := httptest.NewRecorder()
	x.front.backend.ServeHTTP(w, r)
	if x.call != nil && w.Code == http.StatusOK {
		x.front.mu.Lock()
		x.call.executed++
		x.front.mu.Unlock()
	}
	return w
}

func (x *struck) write(answer *httptest.ResponseRecorder) {
	maps.Copy(x.w.Header(), answer.Header())
	x.w.WriteHeader(answer.Code)
	_, _ = x.w.Write(answer.Body.Bytes()) // the client may be gone
}

// half writes the first half of a response that promises all of it.
func (x *struck) half(answer *httptest.ResponseRecorder) {
	body := answer.Body.Bytes()
	maps.Copy(x.w.Header(), answer.Header())
	x.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = x.w.Write(body[:len(body)/2])
	_ = http.NewResponseController(x.w).Flush()
}

func (x *struck) status(code int, body string) {
	x.w.WriteHeader(code)
	_, _ = io.WriteString(x.w, body)
}

// hangUp ends the connection in one of the ways in which connections end.
func (x *struck) hangUp() {
	switch x.call.number % 3 {
	case 0:
		reset(x.conn)
	case 1:
		_ = x.conn.Close()
	}
	panic(http.ErrAbortHandler) // by itself: a stream is reset, or a connection closed
}
