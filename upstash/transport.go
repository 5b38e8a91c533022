package upstash

import (
	"context"
	"crypto/tls"
	"errors"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// transport is the innermost [Doer]: one call of Do is one HTTP exchange. It is
// the only place that knows resty.
type transport struct {
	url     func(path string) string // a closure prints as an address
	resty   *resty.Client
	http    *http.Client
	foreign bool // the RoundTripper is the user's: it may ignore contexts and traces
	timeout time.Duration
	scrub   func(string) string
	token   syncToken
	observe func(context.Context, RoundTrip)
}

func newTransport(base string, o Options) *transport {
	t := &transport{
		url:     func(path string) string { return base + path },
		foreign: o.HTTPClient != nil, timeout: o.Timeout, observe: o.Observe, scrub: newScrub(base, o.Token),
	}
	if t.timeout == 0 {
		t.timeout = defaultTimeout
	}
	maxReply := o.MaxReply
	if maxReply == 0 {
		maxReply = defaultMaxReply
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

	t.resty = resty.NewWithClient(t.http).
		SetResponseBodyLimit(maxReply).
		SetHeader("User-Agent", "upstash-go").
		SetHeader("Upstash-Encoding", "base64").
		SetLogger(silent{})
	return t
}

// newPool is the connection pool of a client that was given none. The reason
// for each number: a function that was frozen must not write on a connection
// that the server has closed meanwhile, and the age of an idle connection is
// judged by the wall clock when it is taken, so the limit is far below any
// server's; a new connection costs a TLS handshake, so sessions are resumed;
// the default of two idle connections for each host would drop most of a burst.
func newPool() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        32,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     10 * time.Second,
		TLSHandshakeTimeout: 5 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(8)},
		HTTP2:               &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
	}
}

// bearer adds the token below resty and in a closure, so that neither resty's
// debug log nor a printed struct ever holds it.
type bearer struct {
	next      http.RoundTripper
	authorize func(http.Header)
}

func newBearer(next http.RoundTripper, token string) bearer {
	return bearer{next: next, authorize: func(h http.Header) { h.Set("Authorization", "Bearer "+token) }}
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context()) // a RoundTripper must not change what it was given
	b.authorize(r.Header)
	return b.next.RoundTrip(r)
}

// CloseIdleConnections reaches through to the pool.
func (b bearer) CloseIdleConnections() {
	if pool, ok := b.next.(interface{ CloseIdleConnections() }); ok {
		pool.CloseIdleConnections()
	}
}

// Do makes one round trip.
func (t *transport) Do(ctx context.Context, b Batch) ([]command.Reply, error) {
	req, err := newRequest(b)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, &Error{Op: req.op, Index: -1, Message: err.Error(), cause: err}
	}
	if _, has := ctx.Deadline(); !has && t.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, t.timeout)
		defer cancel()
	}
	start := time.Now()
	resp, err := t.exchange(ctx, req)
	var replies []command.Reply
	if err == nil {
		replies, err = req.replies(resp, t.scrubber(req))
	}
	if t.observe != nil {
		t.observe(ctx, RoundTrip{
			Commands: b.names(), Atomic: b.Atomic, Status: resp.status, Sent: len(req.body), Received: len(resp.body),
			Duration: time.Since(start), Billed: billed(b.Commands), Err: err,
		})
	}
	return replies, err
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
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	r := t.resty.R().
		SetDebug(false). // its log shows the host and, in the path, keys
		SetContext(ctx).
		SetHeader("Content-Type", req.contentType).
		SetBody(req.body)
	if token := t.token.get(); token != "" {
		r.SetHeader(syncTokenHeader, token)
	}
	answer, err := r.Post(t.url(req.path))
	var resp response
	if answer != nil && answer.RawResponse != nil {
		t.token.learn(answer.Header().Get(syncTokenHeader))
		resp = response{status: answer.StatusCode(), contentType: answer.Header().Get("Content-Type"), body: answer.Body()}
	}
	if err != nil {
		// A RoundTripper of the user's may not trace: assume that it sent, unless
		// it had no connection to send on.
		return resp, t.failed(req, resp.status, err, wrote.Load() || t.foreign && !isDial(err))
	}
	return resp, nil
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// failed makes the error of an exchange that brought no answer.
func (t *transport) failed(req request, status int, err error, sent bool) error {
	e := &Error{Op: req.op, Index: -1, Status: status, Sent: sent, Attempts: 1, repeatable: req.batch.class() != command.Once}
	if sent {
		e.outcome = outcomeUnknown
	}
	if u, ok := errors.AsType[*url.Error](err); ok { // its text is the whole URL
		err = u.Err
	}
	if errors.Is(err, resty.ErrResponseBodyTooLarge) {
		e.Message, e.sentinel = "the reply is larger than Options.MaxReply", ErrTooLarge
		return e
	}
	text := limit(t.scrubber(req)(err.Error()))
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Message = text
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Message = "the connection ended before the answer"
	default:
		e.Message = "no answer: " + text
	}
	e.cause = networkError{text: text, err: err}
	return e
}

// newScrub returns a function that blots out the token, also in the forms that
// pages and documents write it in, and the address.
func newScrub(base, token string) func(string) string {
	var pairs []string
	for _, form := range []string{token, html.EscapeString(token), url.QueryEscape(token), strings.ReplaceAll(token, "/", `\/`)} {
		pairs = append(pairs, form, "[token]")
	}
	pairs = append(pairs, base, "[url]")
	if u, err := url.Parse(base); err == nil {
		for _, host := range []string{u.Host, u.Hostname()} {
			pairs = append(pairs, host, "[host]", strings.ToLower(host), "[host]")
		}
	}
	return strings.NewReplacer(pairs...).Replace
}

// scrubber returns the function for texts about one request, whose path may
// hold keys.
func (t *transport) scrubber(req request) func(string) string {
	if req.contentType != typeBytes {
		return t.scrub
	}
	pairs := []string{req.path, "[path]"}
	if decoded, err := url.PathUnescape(req.path); err == nil {
		pairs = append(pairs, decoded, "[path]")
	}
	path := strings.NewReplacer(pairs...)
	return func(text string) string { return path.Replace(t.scrub(text)) }
}

// networkError keeps the cause for errors.Is and errors.As, and shows it scrubbed.
type networkError struct {
	text string
	err  error
}

func (e networkError) Error() string        { return e.text }
func (e networkError) GoString() string     { return e.text }
func (e networkError) Is(target error) bool { return errors.Is(e.err, target) }
func (e networkError) As(target any) bool   { return errors.As(e.err, target) }

// LogValue shows the scrubbed text.
func (e networkError) LogValue() slog.Value { return slog.StringValue(e.text) }

// silent keeps resty from printing to standard error on its own.
type silent struct{}

func (silent) Errorf(string, ...any) {}
func (silent) Warnf(string, ...any)  {}
func (silent) Debugf(string, ...any) {}
