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
	format      wire.Format // of the answer that is asked for
}

// response is one round trip on its way back.
type response struct {
	status int
	header http.Header
	body   []byte
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
	if notText, ok := errors.AsType[*wire.NotTextError](err); ok {
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
// status 400 and a pipelined one inside a 200: both end in a reply. Every text of
// the server's goes through scrub before anything is made of it.
func (r request) replies(resp response, scrub func(string) string) ([]command.Reply, error) {
	outcome := outcomeUnknown
	if refuses(resp.status) {
		outcome = notExecuted
	}
	fail := func(e Error) ([]command.Reply, error) {
		e.Op, e.Index, e.Status, e.Sent, e.Attempts = r.op, -1, resp.status, true, 1
		e.repeatable = r.batch.class() != command.Once
		e.passing, e.retryAfter = isPassing(resp.status), retryAfter(resp.header)
		return nil, &e
	}
	if resp.status != http.StatusOK && resp.status != http.StatusBadRequest {
		e := Error{outcome: outcome}
		if text, ok := wire.Error(resp.body); ok {
			e.fill(command.NewError(scrub(text)))
			if resp.status == http.StatusUnauthorized {
				e.Message += ": use the REST token, not the password of TCP clients"
			}
		} else {
			e.Message, e.detail = statusMessage(resp, scrub), excerpt(resp.body, scrub)
		}
		if e.sentinel == nil {
			e.sentinel = sentinelOfStatus(resp.status)
		}
		return fail(e)
	}
	if len(resp.body) == 0 {
		return fail(Error{outcome: outcome, Message: "the answer is empty"})
	}
	replies, refused, err := r.decode(resp)
	switch {
	case err != nil && resp.status == http.StatusBadRequest:
		return fail(Error{outcome: outcome, Message: statusMessage(resp, scrub), detail: excerpt(resp.body, scrub)})
	case err != nil:
		return fail(Error{outcome: outcome, Message: "the answer is not what the protocol says: " + err.Error()})
	case refused.Kind() == command.KindError:
		e := Error{outcome: notExecuted, discarded: r.batch.Atomic}
		if server, ok := errors.AsType[*command.Error](clean(refused, scrub).Err()); ok {
			e.fill(server)
		}
		return fail(e)
	}
	for i, reply := range replies {
		replies[i] = clean(reply, scrub)
	}
	return replies, nil
}

// refuses tells the statuses which say that nothing ran, whatever the body is:
// errors of the client, and redirects that ask for the same request elsewhere.
// After anything else that is no clear answer the commands may have run.
func refuses(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return status >= 400 && status < 500
}

// isPassing tells the statuses after which another attempt may be answered: the
// server or something before it is busy or failed, or what it sent was damaged.
func isPassing(status int) bool {
	return status == http.StatusOK || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500
}

// clean scrubs the errors in a reply, those inside arrays too.
func clean(r command.Reply, scrub func(string) string) command.Reply {
	if server, ok := errors.AsType[*command.Error](r.Err()); ok {
		return command.ErrorReply(scrub(server.Detail()))
	}
	if r.Kind() == command.KindArray {
		items, _ := r.Array() // it is one
		for i, item := range items {
			items[i] = clean(item, scrub)
		}
	}
	return r
}

func (r request) decode(resp response) (replies []command.Reply, refused command.Reply, err error) {
	format := r.formatOf(resp)
	if r.batch.Atomic || len(r.batch.Commands) > 1 {
		return wire.Batch(resp.body, format, len(r.batch.Commands))
	}
	reply, err := wire.Single(resp.body, format)
	return []command.Reply{reply}, command.Reply{}, err
}

// statusMessage describes an answer that is not the protocol's, such as the
// error page of a proxy.
func statusMessage(resp response, scrub func(string) string) string {
	kind, _, _ := strings.Cut(scrub(resp.header.Get("Content-Type")), ";")
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

// mostDetail is how much of a server's text an error keeps, in bytes.
const mostDetail = 512

// excerpt is the part of a foreign answer that is kept for [Error.Detail]. What
// must be blotted out is looked for in more than what is kept, and where the
// search ended in the middle of it, that end is dropped.
func excerpt(body []byte, scrub func(string) string) string {
	const searched, longest = 64 << 10, 8 << 10
	if len(body) <= searched {
		return limit(scrub(string(body)))
	}
	text := scrub(string(body[:searched]))
	return limit(text[:max(0, len(text)-longest)])
}

func limit(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), mostDetail)], "\uFFFD")
}
