package command

import (
	"errors"
	"strings"
)

// ErrNil is returned for a single value that is not there: GET of a missing
// key, HGET of a missing field. Compare with [errors.Is].
var ErrNil = errors.New("upstash: nil: no such value")

// Error is a command's own failure as the server worded it, for example WRONGTYPE.
type Error struct {
	// Code is the first upper-case word of the server's text ("WRONGTYPE",
	// "NOSCRIPT"), or "ERR".
	Code string
	// Message is the text after the code, without what a server echoes of the
	// command that it refused.
	Message string

	text string
}

// NewError parses a server's error text.
func NewError(text string) *Error {
	code, message, found := strings.Cut(text, " ")
	if !found || !isCode(code) {
		code, message = "ERR", text
	}
	message = withoutEcho(message)
	return &Error{Code: code, Message: message, text: text}
}

func isCode(word string) bool {
	for _, c := range []byte(word) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return word != ""
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + " " + e.Message }

// GoString is [Error.Error], so that %#v does not show the full text.
func (e *Error) GoString() string { return e.Error() }

// Detail is the server's full text. It may repeat arguments of the command:
// keep it out of logs.
func (e *Error) Detail() string { return e.text }

// DecodeError says that a reply, or the text in it, is not what the command
// expects. It never shows the reply.
type DecodeError struct {
	Want string // what was expected, for example "integer"
	Got  string // what came, for example "array of 3"

	err error
}

// Error says what was expected and what came.
func (e *DecodeError) Error() string { return "reply is not " + e.Want + " but " + e.Got }

// GoString is [DecodeError.Error]: the cause may quote a value.
func (e *DecodeError) GoString() string { return e.Error() }

// Unwrap returns the cause where there is one. Its text may quote the value.
func (e *DecodeError) Unwrap() error { return e.err }
