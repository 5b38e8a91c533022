package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
)

// Web puts the sessions of a [Manager] behind net/http: the cookie, and what is
// done with it in the course of a request. Make one with [NewWeb], put
// [Web.Handler] around the handlers, and ask for the session with [Web.Get]. It
// is safe for concurrent use.
type Web[T any] struct {
	m      *Manager[T]
	o      WebOptions
	origin *http.CrossOriginProtection
}

// NewWeb returns the sessions of m for web handlers. It does no I/O.
func NewWeb[T any](m *Manager[T], o WebOptions) (*Web[T], error) {
	if m == nil {
		return nil, errors.New("session: there is no manager: make one with New")
	}
	o, err := o.complete()
	if err != nil {
		return nil, err
	}
	w := &Web[T]{m: m, o: o, origin: http.NewCrossOriginProtection()}
	for _, origin := range o.TrustedOrigins {
		if err := w.origin.AddTrustedOrigin(origin); err != nil {
			return nil, fmt.Errorf("session: trusted origin %q: expected a scheme and a host, such as https://shop.example", origin)
		}
	}
	return w, nil
}

// Handler returns next with sessions. The form is the one that routers take as
// middleware.
//
// It refuses, with 403, an unsafe request that a browser says is from another
// site. It asks the store for nothing until next does. It sets cookies before
// the first byte of the response. And when the store failed, it answers 503 in
// place of what next writes, so that nobody is taken for a stranger by mistake:
// see [Web.Get].
//
// The [http.ResponseWriter] that next gets is an [http.Flusher] and an
// [http.Hijacker] where the one that Handler gets is, an [io.ReaderFrom] that
// keeps sendfile, and works with [http.ResponseController]. One with the three
// methods of http.ResponseWriter alone is enough.
func (w *Web[T]) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if err := w.origin.Check(r); err != nil {
			w.o.Forbidden(rw, r, fmt.Errorf("%w: %w", ErrForgedRequest, err))
			return
		}
		if w.o.Cookie.Insecure && !isLoopback(r.Host) {
			w.o.Unavailable(rw, r, errors.New("session: Cookie.Insecure is for loopback, and this request came for another host"))
			return
		}
		v := &visit[T]{web: w, inner: rw, header: rw.Header().Clone()}
		v.r = r.WithContext(context.WithValue(r.Context(), webKey[T]{w}, v))
		whole := false
		defer func() { v.finish(whole) }()
		next.ServeHTTP(wrap(rw, v), v.r)
		whole = true
	})
}

// webKey finds the visit of one Web in a context.
type webKey[T any] struct{ web *Web[T] }

// Manager returns the manager, for what is not bound to one request.
func (w *Web[T]) Manager() *Manager[T] { return w.m }

// Format prints the type, whatever the verb.
func (w Web[T]) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenWeb) }

// LogValue is the type, so that a logger shows no more.
func (w Web[T]) LogValue() slog.Value { return slog.StringValue(hiddenWeb) }

const hiddenWeb = "session.Web{}"
