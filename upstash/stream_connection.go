package upstash

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/sse"
)

const (
	typeEvents = "text/event-stream"
	// mostRefusal is how much is read of an answer that is no stream, in bytes.
	mostRefusal = 64 << 10
)

// connection is one response of a stream. A goroutine of its own makes the
// request and reads the body, so that the loop can leave at any time, also over
// a RoundTripper that ignores contexts and a body that ignores being closed.
// The goroutine ends as soon as they let it.
type connection struct {
	stream
	items chan item     // unbuffered: a loop that is slow makes the server wait
	beat  chan struct{} // bytes have arrived
	close context.CancelFunc

	status   atomic.Int64
	received atomic.Int64
}

// item is the text of an event, or the error that ends the connection.
type item struct {
	text string
	at   time.Time
	err  *Error
}

func (s stream) connect(ctx context.Context) *connection {
	ctx, cancel := context.WithCancel(ctx)
	c := &connection{stream: s, items: make(chan item), beat: make(chan struct{}, 1), close: cancel}
	go func() {
		defer cancel()
		c.deliver(ctx, item{err: c.receive(ctx)})
	}()
	return c
}

// deliver hands an item to the loop and reports whether it is still there.
func (c *connection) deliver(ctx context.Context, it item) bool {
	select {
	case c.items <- it:
		return true
	case <-ctx.Done():
		return false
	}
}

// receive opens the response and reads it to its end, which is always an error.
func (c *connection) receive(ctx context.Context) *Error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.t.url(c.path), http.NoBody)
	if err != nil {
		return c.broken(err)
	}
	req.Header.Set("User-Agent", "upstash-go")
	req.Header.Set("Accept", typeEvents)
	req.Header.Set("Accept-Encoding", "identity") // who compresses collects events before sending them
	client := *c.t.http
	client.Timeout = 0 // it would end the body, too
	resp, err := client.Do(req)
	if err != nil {
		return c.broken(err)
	}
	closeBody := sync.OnceFunc(func() { _ = resp.Body.Close() }) // nothing to do about it
	defer closeBody()
	defer context.AfterFunc(ctx, closeBody)() // frees a Read that ignores the context

	c.status.Store(int64(resp.StatusCode))
	c.t.token.learn(resp.Header.Get(syncTokenHeader))
	if err := c.refusal(resp); err != nil {
		return err
	}
	events := sse.NewReader(pulse{resp.Body, c}, int(c.t.maxReply))
	for {
		text, err := events.Next()
		if err != nil {
			return c.broken(err)
		}
		if !c.deliver(ctx, item{text: text, at: time.Now()}) {
			return nil // nobody asks any more
		}
	}
}

// pulse tells the loop of every byte that arrives, those of comments too.
type pulse struct {
	body io.Reader
	c    *connection
}

func (p pulse) Read(b []byte) (int, error) {
	n, err := p.body.Read(b)
	if n > 0 {
		p.c.received.Add(int64(n))
		select {
		case p.c.beat <- struct{}{}:
		default: // one is waiting already
		}
	}
	return n, err
}

// refusal is the error of an answer that is not a stream, or nil.
func (c *connection) refusal(resp *http.Response) *Error {
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")) // of one that does not parse it is not the kind
	if resp.StatusCode == http.StatusOK && kind == typeEvents {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostRefusal))
	switch {
	case resp.StatusCode == http.StatusOK && err != nil:
		return c.broken(err) // what breaks says nothing about who answers
	case resp.StatusCode == http.StatusOK:
		return &Error{
			Op: c.op, Index: -1, Status: resp.StatusCode, Sent: true, detail: excerpt(body, c.scrub),
			Message: "the answer is not an event stream: it came from a proxy, or the URL is not a database's",
		}
	}
	args := command.NewArgs(c.op) // of a body that broke, what came has to do
	req := request{op: c.op, batch: Batch{Commands: []command.Args{args}}}
	replies, err := req.replies(response{status: resp.StatusCode, header: resp.Header, body: body}, c.scrub)
	passing := false
	if err == nil {
		server := replies[0].Err()
		if refused, ok := errors.AsType[*command.Error](server); ok {
			passing = turnedAway(args, refused)
			err = commandError(args, 0, refused)
		}
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = &Error{Op: c.op, Index: -1, Status: resp.StatusCode, Sent: true, Message: "the answer is not an event stream"}
	}
	e.passing = e.passing || passing
	e.outcome = notExecuted // a subscription leaves nothing behind
	return e
}

// broken is the error of a connection that could not be made, or that ended.
func (c *connection) broken(err error) *Error {
	if u, ok := errors.AsType[*url.Error](err); ok { // its text is the whole URL
		err = u.Err
	}
	e := &Error{
		Op: c.op, Index: -1, Status: int(c.status.Load()), Sent: !neverSent(err),
		// The loop looks at its own context first: this is somebody else's.
		passing: !isPermanent(err) || errors.Is(err, context.Canceled),
	}
	if errors.Is(err, sse.ErrTooLong) {
		e.Message, e.sentinel = "a message is larger than Options.MaxReply", ErrTooLarge
		return e
	}
	text := limit(c.scrub(err.Error()))
	ended := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case e.Status == 0 && ended:
		e.Message = "the connection ended before the answer"
	case e.Status == 0:
		e.Message = "no answer: " + text
	case ended:
		e.Message = "the server ended the stream"
	default:
		e.Message = "the stream broke: " + text
	}
	e.cause = networkError{text: text, err: err}
	return e
}
