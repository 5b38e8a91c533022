package session

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net/http"
)

// Where a CSRF token is looked for.
const (
	CSRFHeader = "X-CSRF-Token"
	CSRFField  = "csrf_token" // of a form
)

// CSRFToken returns a text that only pages of this session can know: put it into
// a form, or into a header that a script sets, for [Web.Protect] to check. It is
// another text each time, so that nothing that compresses the page can give it
// away, and all of them are good for as long as nobody signs in or out. It costs
// what [Web.Get] costs.
func (w *Web[T]) CSRFToken(ctx context.Context) (string, error) {
	s, err := w.Get(ctx)
	if err != nil {
		return "", err
	}
	var b [2 * macSize]byte // a mask, and what it is laid on
	_, _ = rand.Read(b[:macSize])
	subtle.XORBytes(b[macSize:], b[:macSize], w.m.csrf(s))
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// CheckCSRF returns an error that matches [ErrForgedRequest] unless token is one
// of the session of the request.
func (w *Web[T]) CheckCSRF(ctx context.Context, token string) error {
	s, err := w.Get(ctx)
	if err != nil {
		return err
	}
	if !w.m.isCSRF(s, token) {
		return fmt.Errorf("%w: its CSRF token is missing, or belongs to another session", ErrForgedRequest)
	}
	return nil
}

// Protect returns next behind the check of a CSRF token: an unsafe request of a
// session must have one, in the header [CSRFHeader] or in the field [CSRFField]
// of a form. It belongs inside [Web.Handler], which tells other sites already by
// what browsers say of a request; the token is for what does not say it. GET,
// HEAD, OPTIONS and TRACE never need one, nor do requests without a session.
//
// A form that comes in parts is read into memory up to 32 MiB, and more of it
// into files: put [http.MaxBytesHandler] in front.
func (w *Web[T]) Protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
			next.ServeHTTP(rw, r)
			return
		}
		switch err := w.CheckCSRF(r.Context(), csrfOf(r)); {
		case err == nil || SignedOut(err):
			next.ServeHTTP(rw, r)
		case errors.Is(err, ErrForgedRequest):
			w.o.Forbidden(rw, r, err)
		default:
			w.o.Unavailable(rw, r, err)
		}
	})
}

// csrfOf looks at a body only where it is a form.
func csrfOf(r *http.Request) string {
	if token := r.Header.Get(CSRFHeader); token != "" {
		return token
	}
	switch kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind {
	case "application/x-www-form-urlencoded", "multipart/form-data":
		return r.PostFormValue(CSRFField)
	}
	return ""
}

// csrf is what all CSRF tokens of a session hide. It comes from the seed, which
// renewals leave as it is: a form that was open meanwhile can still be sent.
func (m *Manager[T]) csrf(s *Session[T]) []byte { return m.mac("csrf", []byte(s.entry.doc.Seed)) }

func (m *Manager[T]) isCSRF(s *Session[T], token string) bool {
	if s.entry.doc.Seed == "" || len(token) != base64.RawURLEncoding.EncodedLen(2*macSize) {
		return false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(b) != 2*macSize {
		return false
	}
	subtle.XORBytes(b[macSize:], b[macSize:], b[:macSize])
	return subtle.ConstantTimeCompare(b[macSize:], m.csrf(s)) == 1
}
