package ratelimit_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// matrixFault is something that goes wrong with every request.
type matrixFault struct {
	on       func(*upstashtest.Exchange) // at the server
	way      func(http.RoundTripper) http.RoundTripper
	executed bool // the decision is made, whatever becomes of its answer
	late     bool // nothing is known when the budget is over
	repeats  bool // it is known that nothing was made of it, so that it may be sent again
}

var matrixFaults = map[string]matrixFault{
	"hangs before":  {on: hang, late: true},
	"hangs after":   {on: func(x *upstashtest.Exchange) { x.Execute(); hang(x) }, executed: true, late: true},
	"slow body":     {way: slowly, executed: true, late: true},
	"reset before":  {on: upstashtest.DropBefore},
	"reset after":   {on: upstashtest.ExecuteThenDrop, executed: true},
	"no connection": {way: unreachable, repeats: true},
	"500":           {on: upstashtest.Status(http.StatusInternalServerError)},
	"500 after":     {on: answerAfter(http.StatusInternalServerError, `{"error":"ERR internal"}`), executed: true},
	"429":           {on: upstashtest.TooManyRequests(0), repeats: true},
	"429 for long":  {on: upstashtest.TooManyRequests(time.Hour), repeats: true},
	"a proxy's 502": {on: upstashtest.HTMLBody},
	"cut":           {on: upstashtest.CutBody(4), executed: true},
	"empty":         {on: upstashtest.EmptyBody, executed: true},
	"nonsense":      {on: answerAfter(http.StatusOK, `{"result":[1,2]}`), executed: true},
}

// hang answers never.
func hang(x *upstashtest.Exchange) {
	<-x.Context().Done()
	x.Drop()
}

func answerAfter(status int, body string) func(*upstashtest.Exchange) {
	return func(x *upstashtest.Exchange) {
		x.Execute()
		x.Answer(status, nil, body)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func unreachable(http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		_ = r.Body.Close() // a transport has to
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
	})
}

func slowly(next http.RoundTripper) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := next.RoundTrip(r)
		if err == nil {
			resp.Body = &slowBody{ReadCloser: resp.Body, ctx: r.Context()}
		}
		return resp, err
	})
}

// slowBody sends a byte a second.
type slowBody struct {
	io.ReadCloser
	ctx context.Context //nolint:containedctx // a transport fails reads when it ends
}

func (b *slowBody) Read(p []byte) (int, error) {
	select {
	case <-time.After(time.Second):
		return b.ReadCloser.Read(p[:min(len(p), 1)])
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
}
