package upstash

import (
	"bytes"
	"io"
	"net/http"
	"sync/atomic"
)

// exchange is one HTTP request on its way through the HTTP client, and its body.
// A request whose body nobody took has not reached the server: that is how a
// failure that cannot have run anything is told from one that may have.
type exchange struct {
	req    request
	token  string
	body   bytes.Reader
	opened atomic.Bool
}

// exchangeKey finds the exchange in a request's context.
type exchangeKey struct{}

func newExchange(req request, token string) *exchange {
	x := &exchange{req: req, token: token}
	x.body.Reset(req.body)
	return x
}

// fill completes a request that the HTTP client made without a body.
func (x *exchange) fill(r *http.Request) {
	r.Body, r.ContentLength = x, int64(len(x.req.body))
	// Without GetBody, net/http sends nothing again that was taken. With it, it
	// does so by itself after a PROTOCOL_ERROR of an HTTP/2 server, which may have
	// run the command before.
	r.GetBody = nil
	askFor(x.req.format, r.Header)
	if x.req.contentType != typeJSON {
		r.Header.Set("Content-Type", x.req.contentType)
	}
	if x.token != "" {
		r.Header.Set(syncTokenHeader, x.token)
	}
}

// taken reports whether the request may be on its way to the server.
func (x *exchange) taken() bool { return x.opened.Load() }

// Read implements [io.Reader].
func (x *exchange) Read(p []byte) (int, error) {
	x.opened.Store(true)
	return x.body.Read(p)
}

// WriteTo spares net/http a buffer of its own.
func (x *exchange) WriteTo(w io.Writer) (int64, error) {
	x.opened.Store(true)
	return x.body.WriteTo(w)
}

// Close implements [io.Closer]; there is nothing to release.
func (*exchange) Close() error { return nil }
