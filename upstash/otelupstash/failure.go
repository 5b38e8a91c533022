package otelupstash

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// failure is why a call failed; the zero value is for one that did not. It has
// no text of the server's, which may repeat a key or a value.
type failure struct {
	kind        string // error.type
	code        string // db.response.status_code, "" where the server gave none
	description string // of the span's status
}

func (f failure) attributes() []attribute.KeyValue {
	switch {
	case f.kind == "":
		return nil
	case f.code == "":
		return []attribute.KeyValue{semconv.ErrorTypeKey.String(f.kind)}
	}
	return []attribute.KeyValue{semconv.ErrorTypeKey.String(f.kind), semconv.DBResponseStatusCode(f.code)}
}

// failureOf looks at everything that a call returns. The commands are names.
func failureOf(commands []string, replies []command.Reply, err error) failure {
	if err != nil {
		return failureOfTrip(err)
	}
	var f failure
	failed, first := 0, 0
	for i, r := range replies {
		server, ok := errors.AsType[*command.Error](r.Err())
		if !ok {
			continue
		}
		if failed++; failed == 1 {
			first, f.kind, f.code = i, server.Code, server.Code
		}
	}
	if failed > 0 && len(commands) > 1 && len(replies) == len(commands) {
		f.description = strconv.Itoa(failed) + " of " + strconv.Itoa(len(commands)) + " commands failed, the first is " +
			commands[first] + " at index " + strconv.Itoa(first)
	}
	return f
}

// failureOfTrip is for a call that failed as a whole.
func failureOfTrip(err error) failure {
	var f failure
	if upstash.OutcomeUnknown(err) {
		f.description = "no answer was understood; the commands may have run"
	}
	e, ours := errors.AsType[*upstash.Error](err)
	if ours {
		f.code = e.Code
	}
	switch {
	case errors.Is(err, context.Canceled):
		f.kind = "canceled"
	case upstash.IsTimeout(err):
		f.kind = "timeout"
	case !ours:
		f.kind = semconv.ErrorTypeOther.Value.AsString()
	case isTelling(e):
		f.kind = e.Code
	case e.Status != 0 && e.Status != http.StatusOK && e.Status != http.StatusBadRequest:
		f.kind = strconv.Itoa(e.Status)
	case e.Code != "":
		f.kind = e.Code
	case errors.Is(err, upstash.ErrTooLarge):
		f.kind = "too_large"
	case e.Attempts == 0: // it counts round trips
		f.kind = "not_sent"
	case e.Status == 0 || e.Unwrap() != nil: // the protocol's own failures have no cause
		f.kind = "connection"
	default:
		f.kind = "invalid_reply"
	}
	return f
}

// isTelling reports whether the code says more than the HTTP status: ERR is what
// a server's text without a code gets.
func isTelling(e *upstash.Error) bool { return e.Code != "" && e.Code != "ERR" }
