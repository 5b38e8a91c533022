package upstash

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// request is one round trip on its way out.
type request struct {
	op          string
	path        string // escaped, from the base URL on
	contentType string
	body        []byte
	batch       Batch
}

// response is one round trip on its way back.
type response struct {
	status      int
	contentType string
	body        []byte
}

const (
	typeJSON  = "application/json"
	typeBytes = "application/octet-stream"
)

// newRequest chooses the endpoint and encodes the body, or says why the batch
// cannot be sent.
func newRequest(b Batch) (request, error) {
	r := request{op: opOf(b), contentType: typeJSON, batch: b}
	if len(b.Commands) == 0 {
		return r, &Error{Op: r.op, Index: -1, Message: "the batch is empty: add a command"}
	}
	for i, c := range b.Commands {
		if err := c.Err(); err != nil {
			return r, refusedError(c, i, err)
		}
	}
	var err error
	body := make([]byte, 0, wire.Size(b.Commands))
	switch {
	case b.Atomic:
		r.path = "/multi-exec"
		r.body, err = wire.AppendBatch(body, b.Commands)
	case len(b.Commands) > 1:
		r.path = "/pipeline"
		r.body, err = wire.AppendBatch(body, b.Commands)
	case onlyLastIsBinary(b.Commands[0]):
		c := b.Commands[0]
		r.contentType = typeBytes
		r.body = []byte(c.At(c.Len() - 1))
		r.path, err = pathStyle(c)
	default:
		r.path = "/"
		r.body, err = wire.AppendCommand(body, b.Commands[0])
	}
	var notText *wire.NotTextError
	if errors.As(err, &notText) {
		return r, &Error{Op: notText.Command, Index: notText.Index, Message: err.Error(), cause: err}
	}
	return r, err
}

// opOf names a batch in errors.
func opOf(b Batch) string {
	n := strconv.Itoa(len(b.Commands))
	switch {
	case b.Atomic:
		return "transaction of " + n
	case len(b.Commands) == 1:
		return b.Commands[0].Name()
	default:
		return "pipeline of " + n
	}
}

// onlyLastIsBinary tells the commands that JSON cannot carry and the path style can.
func onlyLastIsBinary(c command.Args) bool {
	last := c.Len() - 1
	for i := range last {
		if !utf8.ValidString(c.At(i)) {
			return false
		}
	}
	return last > 0 && !utf8.ValidString(c.At(last))
}

// pathStyle writes all words but the last one as path segments; the last one
// travels as the body, byte for byte. A segment that a proxy would fold away
// cannot be sent so.
func pathStyle(c command.Args) (string, error) {
	var b strings.Builder
	for i := range c.Len() - 1 {
		word := c.At(i)
		if word == "" || word == "." || word == ".." {
			return "", &Error{Op: c.Name(), Message: "argument " + strconv.Itoa(i) +
				" is empty or made of dots, and the last argument is not valid UTF-8: such a command has no safe form over HTTP. Encode the value, for example as base64"}
		}
		b.WriteByte('/')
		b.WriteString(url.PathEscape(word))
	}
	return b.String(), nil
}

// replies reads the answer. It evens out that a lone command's error comes with
// status 400 and a pipelined one inside a 200: both end in a reply.
func (r request) replies(resp response) ([]command.Reply, error) {
	// 4xx says that nothing ran, whatever the body is; after anything else that
	// is not a clear answer the commands may have run.
	outcome := outcomeUnknown
	if resp.status >= 400 && resp.status < 500 {
		outcome = notExecuted
	}
	fail := func(e Error) ([]command.Reply, error) {
		e.Op, e.Index, e.Status, e.Sent = r.op, -1, resp.status, true
		e.repeatable = r.batch.class() != command.Once
		return nil, &e
	}
	if resp.status != http.StatusOK && resp.status != http.StatusBadRequest {
		e := Error{outcome: outcome, sentinel: sentinelOfStatus(resp.status)}
		if text, ok := wire.Error(resp.body); ok {
			sentinel := e.sentinel
			e.fill(command.NewError(text))
			if e.sentinel == nil {
				e.sentinel = sentinel
			}
			if resp.status == http.StatusUnauthorized {
				e.Message += ": use the REST token, not the password of TCP clients"
			}
			return fail(e)
		}
		e.Message = statusMessage(resp)
		e.detail = prefix(resp.body)
		return fail(e)
	}
	if len(resp.body) == 0 {
		return fail(Error{outcome: outcome, Message: "the answer is empty"})
	}
	replies, refused, err := r.decode(resp.body)
	switch {
	case err != nil && resp.status == http.StatusBadRequest:
		return fail(Error{outcome: outcome, Message: statusMessage(resp), detail: prefix(resp.body)})
	case err != nil:
		return fail(Error{outcome: outcome, Message: "the answer is not what the protocol says: " + err.Error()})
	case refused.Kind() == command.KindError:
		e := Error{outcome: notExecuted}
		var server *command.Error
		if errors.As(refused.Err(), &server) {
			e.fill(server)
		}
		if r.batch.Atomic && e.sentinel == nil {
			e.sentinel = ErrTxAborted
		}
		return fail(e)
	}
	return replies, nil
}

func (r request) decode(body []byte) (replies []command.Reply, refused command.Reply, err error) {
	if r.batch.Atomic || len(r.batch.Commands) > 1 {
		return wire.Batch(body, wire.Base64, len(r.batch.Commands))
	}
	reply, err := wire.Single(body, wire.Base64)
	return []command.Reply{reply}, command.Reply{}, err
}

// statusMessage describes an answer that is not the protocol's, such as the
// error page of a proxy.
func statusMessage(resp response) string {
	kind, _, _ := strings.Cut(resp.contentType, ";")
	switch {
	case resp.status >= 300 && resp.status < 400:
		return "the server redirects: give the final URL, redirects are not followed with a token"
	case resp.status == http.StatusUnauthorized:
		return "the server refuses the token: use the REST token, not the password of TCP clients"
	case kind == "" || kind == typeJSON:
		return "the server failed without an error of the protocol"
	}
	return "the answer is " + kind + " instead of JSON: it came from a proxy, or the URL is not a database's"
}

// prefix is the part of a foreign answer that is kept for [Error.Detail].
func prefix(body []byte) string {
	const most = 512
	return strings.ToValidUTF8(string(body[:min(len(body), most)]), "\uFFFD")
}
