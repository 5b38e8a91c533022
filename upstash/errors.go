package upstash

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// ErrNil is returned for a single value that is not there.
var ErrNil = command.ErrNil

// Sentinels that an [*Error] matches with [errors.Is].
var (
	// ErrUnauthorized: the token is missing, wrong or incomplete. The password
	// of TCP clients is not the REST token.
	ErrUnauthorized = errors.New("upstash: unauthorized")
	// ErrRateLimited: the plan's quota of requests is used up, or the server
	// asked to slow down.
	ErrRateLimited = errors.New("upstash: rate limited")
	// ErrTooLarge: the request, a value or the reply is larger than a limit.
	ErrTooLarge = errors.New("upstash: too large")
	// ErrTxAborted: the transaction was discarded as a whole; none of it ran.
	ErrTxAborted = errors.New("upstash: transaction discarded")
)

type outcome uint8

const (
	// notExecuted: the server certainly ran none of it.
	notExecuted outcome = iota
	// answered: the command ran, or was refused, and the server said so.
	answered
	// outcomeUnknown: the request may have run, and no answer was understood.
	outcomeUnknown
)

// Error is a failure of a round trip or of one command. It never shows a value,
// the token or the URL, however it is printed.
type Error struct {
	// Op is the command's name ("GET"), or what the round trip was
	// ("pipeline of 3", "transaction of 2").
	Op string
	// Code is the first word of the server's error ("WRONGTYPE", "NOSCRIPT"),
	// empty where the failure is not the server's.
	Code string
	// Message says what happened, without what a server echoes of the command.
	Message string
	// Status is the HTTP status of a failed round trip, 0 where there was none
	// and for a command's own error.
	Status int
	// Index is the command's position in its batch, -1 for the round trip.
	Index int
	// Sent tells whether the request may have reached the server.
	Sent bool
	// Attempts counts the round trips of a call that failed as a whole; it is 1
	// for a command's own error.
	Attempts int

	outcome    outcome
	repeatable bool
	passing    bool          // another attempt may succeed
	retryAfter time.Duration // the server asked to wait so long
	discarded  bool          // a transaction as a whole
	sentinel   error
	detail     string
	cause      error
}

// Error says the operation, the server's code where there is one, and the reason.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("upstash: ")
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	if e.Code != "" {
		b.WriteString(e.Code + " ")
	}
	b.WriteString(e.Message)
	if e.Status != 0 {
		b.WriteString(" (HTTP status " + strconv.Itoa(e.Status) + ")")
	}
	if e.outcome == outcomeUnknown {
		b.WriteString("; the command may have run")
	}
	return b.String()
}

// GoString is [Error.Error], so that %#v shows no more.
func (e *Error) GoString() string { return e.Error() }

// Detail is the server's full answer, at most a few hundred bytes of it and
// never with the token. It may repeat arguments of the command: keep it out of logs.
func (e *Error) Detail() string { return e.detail }

// Unwrap returns the cause where there is one: a context's error, an error of
// the network, a [*command.Error], a [*command.DecodeError].
func (e *Error) Unwrap() error { return e.cause }

// Is matches the sentinels of this package.
func (e *Error) Is(target error) bool {
	return e.sentinel != nil && target == e.sentinel || e.discarded && target == ErrTxAborted
}

// SafeToRetry reports whether sending the same again cannot run a command
// twice to any effect: it certainly did not run, or all of it may be repeated.
// It does not say that a retry would succeed.
func SafeToRetry(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.outcome == notExecuted || e.outcome == outcomeUnknown && e.repeatable)
}

// OutcomeUnknown reports whether the commands may have run although no answer
// was understood. A write may or may not have taken effect.
func OutcomeUnknown(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.outcome == outcomeUnknown
}

// IsNoScript reports whether the server does not know the script of an EVALSHA.
func IsNoScript(err error) bool { return hasCode(err, "NOSCRIPT") }

// IsTimeout reports whether a deadline passed, the context's or the network's.
func IsTimeout(err error) bool {
	var n net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &n) && n.Timeout()
}

func hasCode(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Code == code
}

// refusedError is for a command that cannot be sent.
func refusedError(c command.Args, index int, err error) error {
	return &Error{Op: c.Name(), Message: strings.TrimPrefix(err.Error(), "command: "+c.Name()+": "), Index: index, cause: err}
}

// commandError is for a command that was answered, with an error or with a
// reply of another shape than expected. An absent value stays [ErrNil].
func commandError(c command.Args, index int, err error) error {
	if errors.Is(err, ErrNil) {
		return err
	}
	e := &Error{Op: c.Name(), Message: err.Error(), Index: index, Sent: true, Attempts: 1, outcome: answered, cause: err}
	if server, ok := errors.AsType[*command.Error](err); ok {
		e.fill(server)
		if turnedAway(c, server) {
			e.outcome = notExecuted
		}
	}
	return e
}

// fill takes over a server's error.
func (e *Error) fill(server *command.Error) {
	e.Code, e.Message, e.detail, e.cause = server.Code, limit(server.Message), limit(server.Detail()), server
	e.sentinel = sentinelOf(server)
}

// sentinelOf recognizes the texts that protocol documentation lists.
func sentinelOf(e *command.Error) error {
	switch e.Code {
	case "WRONGPASS", "NOAUTH":
		return ErrUnauthorized
	case "EXECABORT":
		return ErrTxAborted
	}
	for _, known := range []struct {
		prefix   string
		sentinel error
	}{
		{"max requests limit exceeded", ErrRateLimited},
		{"max daily request limit exceeded", ErrRateLimited},
		{"max request size exceeded", ErrTooLarge},
		{"max single record size exceeded", ErrTooLarge},
		{"max key size exceeded", ErrTooLarge},
	} {
		if strings.HasPrefix(e.Message, known.prefix) {
			return known.sentinel
		}
	}
	return nil
}

// sentinelOfStatus serves answers that carry no code of the server.
func sentinelOfStatus(status int) error {
	switch status {
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusTooManyRequests:
		return ErrRateLimited
	case http.StatusRequestEntityTooLarge:
		return ErrTooLarge
	}
	return nil
}
