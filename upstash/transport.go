package upstash

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/internal/wire"
)

// transport is the innermost [Doer]: one call of Do is one HTTP exchange. This
// file is the only one that knows resty.
type transport struct {
	url      func(path string) string
	resty    *resty.Client
	http     *http.Client
	foreign  bool          // the RoundTripper is the user's: it may ignore contexts
	timeout  time.Duration // of a call whose context has none, negative for no bound
	maxReply int64
	scrub    func(string) string
	format   atomic.Uint32 // a wire.Format
	token    syncToken
	clock    serverClock
	observe  func(context.Context, RoundTrip)
}

func newTransport(base string, o Options) *transport {
	t := &transport{
		url:     newURL(base),
		foreign: o.HTTPClient != nil, timeout: orDefault(o.Timeout, defaultTimeout), maxReply: int64(orDefault(o.MaxReply, defaultMaxReply)),
		observe: o.Observe, scrub: newScrub(base, o.Token),
	}
	t.http = &http.Client{}
	if t.foreign {
		*t.http = *o.HTTPClient
	}
	if t.http.Transport == nil {
		t.http.Transport = newPool()
		t.foreign = false
	}
	t.http.Transport = newBearer(t.http.Transport, o.Token)
	t.http.Jar = nil
	t.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

	t.format.Store(uint32(o.Format.wire()))

	// What is the same for every request is set here: resty copies it faster
	// than it takes it for each.
	t.resty = resty.NewWithClient(t.http).
		SetDoNotParseResponse(true).
		SetHeader("User-Agent", "upstash-go").
		SetHeader("Accept", typeJSON).
		SetHeader("Content-Type", typeJSON).
		SetPreRequestHook(func(_ *resty.Client, r *http.Request) error {
			if x, ok := r.Context().Value(exchangeKey{}).(*exchange); ok {
				x.fill(r)
			}
			return nil
		}).
		SetLogger(silent{})
	return t
}

// Do makes one round trip, and once in a client's life a second one: where the
// server turns out not to know the format that was asked for.
func (t *transport) Do(ctx context.Context, b Batch) ([]command.Reply, error) {
	format := t.formatFor(b)
	replies, resp, err := t.trip(ctx, b, format)
	if format != wire.RESP2 || resp.status == 0 || resp.isRESP2() || !isPlainAnswer(resp.status) {
		return replies, err
	}
	t.format.Store(uint32(wire.Base64)) // which carries every byte too
	switch {
	case resp.refusesFormat(), b.class() == command.ReadOnly && damaged(replies):
		replies, _, err = t.trip(ctx, b, wire.Base64)
	case damaged(replies):
		return nil, &Error{
			Op: opOf(b), Index: -1, Sent: true, Attempts: 1, outcome: answered,
			Message: "the server ran it and does not know RESP2: what it returned may have lost bytes that are not UTF-8. Later calls ask for base64",
		}
	}
	return replies, err
}

func (t *transport) trip(ctx context.Context, b Batch, format wire.Format) ([]command.Reply, response, error) {
	req, err := newRequest(b)
	if err != nil {
		return nil, response{}, err
	}
	req.format = format
	if err := ctx.Err(); err != nil {
		// The bound of one attempt may pass in a pause of the process; the next one has its own.
		return nil, response{}, &Error{Op: req.op, Index: -1, Message: err.Error(), cause: err, passing: !isPermanent(err)}
	}
	start := time.Now()
	resp, err := t.exchange(ctx, req)
	var replies []command.Reply
	if err == nil {
		replies, err = req.replies(resp, t.scrubber(req))
	}
	if t.observe != nil {
		t.observe(ctx, RoundTrip{
			Commands: b.names(), Atomic: b.Atomic, Attempt: attemptOf(ctx), Status: resp.status, Sent: len(req.body), Received: len(resp.body),
			Duration: time.Since(start), Billed: billed(b.Commands), Err: err,
		})
	}
	return replies, resp, err
}

// isPlainAnswer tells the statuses of the protocol's own answers; an error page
// of something else says nothing about what the server knows.
func isPlainAnswer(status int) bool {
	return status == http.StatusOK || status == http.StatusBadRequest
}

// exchange sends the request and reads the whole response, and ends when the
// context ends even over a RoundTripper that ignores it.
func (t *transport) exchange(ctx context.Context, req request) (response, error) {
	if !t.foreign {
		return t.send(ctx, req)
	}
	type result struct {
		resp response
		err  error
	}
	done := make(chan result, 1)
	go func() {
		resp, err := t.send(ctx, req)
		done <- result{resp, err}
	}()
	select {
	case r := <-done:
		return r.resp, r.err
	case <-ctx.Done():
		return response{}, t.failed(req, 0, ctx.Err(), true)
	}
}

func (t *transport) send(ctx context.Context, req request) (response, error) {
	tokens := t.tokens(ctx)
	x := newExchange(req, tokens.get())
	sent := time.Now()
	answer, err := t.resty.R().
		SetDebug(false). // its log shows the host and, in the path, keys
		SetContext(context.WithValue(ctx, exchangeKey{}, x)).
		SetBody(noBody).
		Post(t.url(req.path))
	if err != nil {
		return response{}, t.failed(req, 0, err, x.taken())
	}
	raw := answer.RawResponse
	t.clock.learn(raw.Header.Get("Date"), sent, time.Now())
	resp := response{status: raw.StatusCode, header: raw.Header}
	resp.body, err = readBody(raw, t.maxReply)
	// Only now: a response that is not here yet has not completed.
	tokens.learn(raw.Header.Get(syncTokenHeader))
	if err != nil {
		return resp, t.failed(req, resp.status, err, true)
	}
	return resp, nil
}

// noBody stands for the body until [exchange.fill] puts it in its place: of any
// other reader resty makes copies.
var noBody = bytes.NewReader(nil)

// newURL returns a function, because a closure prints as an address.
func newURL(base string) func(path string) string {
	root := base + "/"
	return func(path string) string {
		if path == "/" {
			return root
		}
		return base + path
	}
}

// silent keeps resty from printing to standard error on its own.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}

// readBody reads a response to its end, so that its connection can be used again.
func readBody(resp *http.Response, limit int64) ([]byte, error) {
	defer resp.Body.Close()
	if resp.ContentLength > limit {
		return nil, errTooLarge
	}
	size := int64(512) // as io.ReadAll
	if resp.ContentLength >= 0 {
		size = min(resp.ContentLength+1, 1<<20) // room to see the end; a promise is not yet a body
	}
	body := make([]byte, 0, size)
	for {
		n, err := resp.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case int64(len(body)) > limit:
			return nil, errTooLarge
		case err == io.EOF:
			return body, nil
		case err != nil:
			return body, err
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}
