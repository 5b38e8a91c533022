package lambdatest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Result is what became of an event.
type Result struct {
	RequestID   string
	ContentType string
	Payload     []byte
	// Left is the time that was left before the deadline when the reply was
	// complete; 0 or less where the process was killed.
	Left time.Duration
	// Err is how the function failed, nil if it did not. The payload is then
	// what it sent before.
	Err *FunctionError
}

// FunctionError is a failure of the function as Lambda reports it.
type FunctionError struct {
	Type    string          `json:"errorType"`
	Message string          `json:"errorMessage"`
	Stack   json.RawMessage `json:"stackTrace,omitempty"`
}

// Error implements error.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// Types of errors that the function does not report itself.
const (
	TypeTimeout = "Sandbox.Timedout"  // it was killed at its deadline
	TypeExit    = "Runtime.ExitError" // its process ended
	TypeTooBig  = "Function.ResponseSizeTooLarge"
)

// Decode reads the reply as JSON into v. An error of the function is returned.
func (r Result) Decode(v any) error {
	if r.Err != nil {
		return r.Err
	}
	return json.Unmarshal(r.Payload, v)
}

const typeStream = "application/vnd.awslambda.http-integration-response"

// HTTP is the response that a client sees, of a reply to an HTTP event, streamed
// or not. An error of the function is returned as such, also when it came in the
// middle of a stream.
func (r Result) HTTP() (*http.Response, error) {
	if r.Err != nil {
		return nil, r.Err
	}
	head, body := r.Payload, []byte(nil)
	if r.ContentType == typeStream {
		var ok bool
		if head, body, ok = bytes.Cut(r.Payload, make([]byte, 8)); !ok {
			return nil, errors.New("lambdatest: the stream has no end of its prelude")
		}
	}
	var reply struct {
		StatusCode        int                 `json:"statusCode"`
		Headers           map[string]string   `json:"headers"`
		MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
		Cookies           []string            `json:"cookies"`
		Body              string              `json:"body"`
		IsBase64Encoded   bool                `json:"isBase64Encoded"`
	}
	if err := json.Unmarshal(head, &reply); err != nil {
		return nil, errors.New("lambdatest: the reply is no JSON of a response")
	}
	if r.ContentType != typeStream {
		body = []byte(reply.Body)
		if reply.IsBase64Encoded {
			var err error
			if body, err = base64.StdEncoding.DecodeString(reply.Body); err != nil {
				return nil, errors.New("lambdatest: the body of the reply is no base64, though it says so")
			}
		}
	}
	h := http.Header{}
	for name, values := range reply.MultiValueHeaders {
		for _, value := range values {
			h.Add(name, value)
		}
	}
	for name, value := range reply.Headers {
		if _, has := reply.MultiValueHeaders[name]; !has {
			h.Add(name, value)
		}
	}
	for _, cookie := range reply.Cookies {
		h.Add("Set-Cookie", cookie)
	}
	return &http.Response{
		Status:     strings.TrimSpace(http.StatusText(reply.StatusCode)),
		StatusCode: reply.StatusCode, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
	}, nil
}
