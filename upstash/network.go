package upstash

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

var errTooLarge = errors.New("the reply is larger than Options.MaxReply")

// neverSent recognizes failures after which no byte of the request can have been
// understood by a server, although its body was taken: a connection that could
// not be made, a kept one that the server had closed before, and a stream that
// an HTTP/2 server refused to look at, alone or because it goes away. The last
// three have no type of their own.
func neverSent(err error) bool {
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return true
	}
	text := err.Error()
	return text == closedIdle || strings.Contains(text, refusedStream) || strings.Contains(text, goneAway)
}

// Texts of net/http; a test fails when Go changes them.
const (
	closedIdle    = "http: server closed idle connection"
	refusedStream = "REFUSED_STREAM"
	goneAway      = "http2: Transport received Server's graceful shutdown GOAWAY"
)

// isPermanent recognizes failures that another attempt would meet again.
func isPermanent(err error) bool {
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	return certificate || errors.Is(err, context.Canceled)
}

// failed makes the error of an exchange that brought no answer.
func (t *transport) failed(req request, status int, err error, taken bool) error {
	if u, ok := errors.AsType[*url.Error](err); ok { // its text is the whole URL
		err = u.Err
	}
	e := &Error{Op: req.op, Index: -1, Status: status, Sent: taken && !neverSent(err), Attempts: 1, repeatable: req.batch.class() != command.Once}
	if e.Sent {
		e.outcome = outcomeUnknown
	}
	if errors.Is(err, errTooLarge) {
		e.Message, e.sentinel = errTooLarge.Error(), ErrTooLarge
		return e
	}
	e.passing = !isPermanent(err)
	text := limit(t.scrubber(req)(err.Error()))
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Message = text
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Message = "the connection ended before the answer"
	default:
		e.Message = "no answer: " + text
	}
	e.cause = networkError{text: text, err: err}
	return e
}

// networkError keeps the cause for errors.Is and errors.As, and shows it scrubbed.
type networkError struct {
	text string
	err  error
}

func (e networkError) Error() string        { return e.text }
func (e networkError) GoString() string     { return e.text }
func (e networkError) Is(target error) bool { return errors.Is(e.err, target) }
func (e networkError) As(target any) bool   { return errors.As(e.err, target) }

// LogValue shows the scrubbed text.
func (e networkError) LogValue() slog.Value { return slog.StringValue(e.text) }
