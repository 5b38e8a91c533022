package upstash

import (
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// EncodedSize is the length of a command in the body of a request, in bytes,
// for Doers that divide or merge batches. A body of n commands has n+1 bytes
// besides. It is false for a command that no JSON can carry, because an argument
// is not valid UTF-8; see the package documentation for what may.
func EncodedSize(c command.Args) (bytes int, ok bool) { return wire.CommandSize(c) }

// Check says why b cannot be sent, without sending it, or nil.
func (b Batch) Check() error {
	_, err := newRequest(b)
	return err
}

// Abandoned is the error of a call that was given up before its answer came, for
// Doers that keep batches waiting. Sent tells whether b may have reached the
// server: if so the commands may have run.
func (b Batch) Abandoned(cause error, sent bool) *Error {
	e := &Error{Op: opOf(b), Index: -1, Message: cause.Error(), Sent: sent, repeatable: b.class() != command.Once, cause: cause}
	if sent {
		e.Attempts, e.outcome = 1, outcomeUnknown
	}
	return e
}

// For returns the error of a round trip as it concerns b, a part of what was
// sent: a read in a batch that failed may be repeated, whatever was beside it.
func (e *Error) For(b Batch) *Error {
	own := *e
	own.Op, own.Index, own.repeatable = opOf(b), -1, b.class() != command.Once
	return &own
}

// After returns the error of a round trip as it concerns a call that has run
// other commands too: all of it may be sent again only if those bear it.
func (e *Error) After(ran Batch) *Error {
	own := *e
	if ran.class() == command.Once {
		own.repeatable = false
		if own.outcome == notExecuted {
			own.outcome = answered
		}
	}
	return &own
}
