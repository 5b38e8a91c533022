package lambda

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Response is what the runtime sends back for an HTTP event: the JSON document
// that the event's source expects, or a stream. It is a reader, as the runtime of
// aws-lambda-go takes it; a document is its own JSON too.
type Response struct {
	document []byte // nil for a stream
	body     io.Reader
	closer   func() error
}

// Types of responses: the first is JSON, the second a JSON document with status,
// header and cookies, 8 zero bytes, and the body.
const (
	typeDocument = "application/json"
	typeStream   = "application/vnd.awslambda.http-integration-response"
)

// Read implements [io.Reader].
func (r *Response) Read(p []byte) (int, error) { return r.body.Read(p) }

// Close ends a stream whose reader has gone, and waits for its handler.
func (r *Response) Close() error {
	if r.closer == nil {
		return nil
	}
	return r.closer()
}

// ContentType is the type that tells a stream from a document.
func (r *Response) ContentType() string {
	if r.document == nil {
		return typeStream
	}
	return typeDocument
}

// MarshalJSON returns a document. For a stream it is an error, from which the
// runtime learns to read it instead.
func (r *Response) MarshalJSON() ([]byte, error) {
	if r.document == nil {
		return nil, errors.New("lambda: the response is a stream: read it")
	}
	return r.document, nil
}

// largest is what Lambda takes as a response that is not streamed: 6 MB, in its
// quotas. A load balancer takes 1 MB.
var largest = map[Source]int{RESTAPI: 6 << 20, HTTPAPI: 6 << 20, FunctionURL: 6 << 20, ALB: 1 << 20}

// answer is what all sources know in common. Which of the members one has, and
// how several values of a header are written, is its own.
type answer struct {
	StatusCode        int                 `json:"statusCode"`
	StatusDescription string              `json:"statusDescription,omitempty"`
	Headers           map[string]string   `json:"headers,omitempty"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders,omitempty"`
	Cookies           []string            `json:"cookies,omitempty"`
	Body              *string             `json:"body,omitempty"`
	IsBase64Encoded   bool                `json:"isBase64Encoded,omitempty"`
}

func (e *event) answer(status int, h http.Header) (answer, error) {
	a := answer{StatusCode: status}
	if e.source == ALB {
		a.StatusDescription = strings.TrimSpace(strconv.Itoa(status) + " " + http.StatusText(status))
	}
	if e.multi() {
		a.MultiValueHeaders = h
		return a, nil
	}
	a.Headers = make(map[string]string, len(h))
	for name, values := range h {
		switch {
		case name != "Set-Cookie":
			a.Headers[name] = strings.Join(values, ", ")
		case e.source != ALB:
			a.Cookies = values // which cannot be joined: their dates have commas
		case len(values) == 1:
			a.Headers[name] = values[0]
		default:
			return answer{}, fmt.Errorf("lambda: the handler set %d cookies, and a load balancer takes one: "+
				"set lambda.multi_value_headers.enabled on the target group", len(values))
		}
	}
	return a, nil
}

// document makes a response that is sent as a whole. Text is sent as text, which
// a REST API needs unless it is told of binary types; what is not UTF-8 would not
// survive that.
func (e *event) document(status int, h http.Header, body []byte) (*Response, error) {
	a, err := e.answer(status, h)
	if err != nil {
		return nil, err
	}
	text := string(body)
	if !utf8.Valid(body) {
		text, a.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	a.Body = &text
	doc, err := encode(a)
	if err != nil {
		return nil, err
	}
	if most := largest[e.source]; len(doc) > most {
		return nil, fmt.Errorf("lambda: the response has %d bytes and this way takes %d: stream it, or store it and redirect there", len(doc), most)
	}
	return &Response{document: doc, body: bytes.NewReader(doc)}, nil
}

// prelude is what a stream begins with.
func (e *event) prelude(status int, h http.Header) ([]byte, error) {
	a, err := e.answer(status, h)
	if err != nil {
		return nil, err
	}
	doc, err := encode(a)
	return append(doc, make([]byte, 8)...), err
}

func encode(a answer) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(a)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
