package upstash_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// scripted answers the first request with the first step and so on, and all
// that come later with the last one. It notes when they came.
type scripted struct {
	steps []step

	mu    sync.Mutex
	times []time.Time
	last  *http.Request
}

type step func(*http.Request) (*http.Response, error)

func (s *scripted) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	next := s.steps[min(len(s.times), len(s.steps)-1)]
	s.times, s.last = append(s.times, time.Now()), r
	s.mu.Unlock()
	return next(r)
}

func (s *scripted) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.times)
}

func respond(status int, header http.Header, body io.ReadCloser) step {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header.Clone(), Body: body, Request: r, ContentLength: -1}, nil
	}
}

var eventStream = http.Header{"Content-Type": {"text/event-stream"}}

// streamThenEnd is a stream that ends behind this text.
func streamThenEnd(text string) step { return paced(true, piece{text: text}) }

// streamThenSilence is a stream that goes on behind this text, without a word.
func streamThenSilence(text string) step { return paced(false, piece{text: text}) }

// piece is a part of a stream that comes so long after the one before it.
type piece struct {
	wait time.Duration
	text string
}

// paced is a stream in pieces that ends behind the last one, or goes on in silence.
func paced(ends bool, pieces ...piece) step {
	return func(r *http.Request) (*http.Response, error) {
		return respond(200, eventStream, &pacedBody{ends: ends, pieces: pieces, closed: make(chan struct{})})(r)
	}
}

type pacedBody struct {
	ends   bool
	pieces []piece
	text   string
	once   sync.Once
	closed chan struct{}
}

var errClosedBody = errors.New("read of a closed body")

func (b *pacedBody) Read(p []byte) (int, error) {
	for b.text == "" {
		if len(b.pieces) == 0 && b.ends {
			return 0, io.EOF
		}
		if len(b.pieces) == 0 {
			<-b.closed
			return 0, errClosedBody
		}
		next := b.pieces[0]
		b.pieces, b.text = b.pieces[1:], next.text
		select {
		case <-time.After(next.wait):
		case <-b.closed:
			return 0, errClosedBody
		}
	}
	n := copy(p, b.text)
	b.text = b.text[n:]
	return n, nil
}

func (b *pacedBody) Close() error {
	b.once.Do(func() { close(b.closed) })
	return nil
}

// failing answers with an error, as JSON where the text begins as it does.
func failing(code int, text string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {inHTML}}
		if strings.HasPrefix(text, "{") {
			h.Set("Content-Type", inJSON)
		}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return respond(code, h, io.NopCloser(strings.NewReader(text)))(r)
	}
}

func refuseConnection(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
}

const live = "data: subscribe,c,1\n\n"

// told is an event without the errors and times that differ from run to run.
type told struct {
	Kind                      upstash.EventKind
	Channel, Pattern, Payload string
}

func tell(m upstash.Message) told { return told{m.Kind, m.Channel, m.Pattern, m.Payload} }

var (
	subscribed = told{Kind: upstash.Subscribed}
	gap        = told{Kind: upstash.Gap}
)

func received(payload string) told { return told{Channel: "c", Payload: payload} }

// follow reads n events and leaves, or all until the error.
func follow(seq iter.Seq2[upstash.Message, error], n int) (got []told, err error) {
	for m, err := range seq {
		if err != nil {
			return got, err
		}
		if got = append(got, tell(m)); len(got) == n {
			return got, nil
		}
	}
	return got, errors.New("the loop ended without an error")
}

// mustFollow compares the first events.
func mustFollow(t *testing.T, seq iter.Seq2[upstash.Message, error], want ...told) {
	t.Helper()
	got, err := follow(seq, len(want))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// publish sends a message and returns how many received it.
func publish(t *testing.T, d upstash.Commands, channel, payload string) int64 {
	t.Helper()
	r, err := d.Raw(t.Context(), "PUBLISH", channel, payload)
	if err != nil {
		t.Error(err)
	}
	n, err := r.Int()
	if err != nil {
		t.Error(err)
	}
	return n
}

// inBubble is a server for a synctest bubble.
func inBubble(t *testing.T) (*upstashtest.Server, *upstash.Client) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	return srv, srv.Client()
}

// endsIn returns a context that is canceled after d.
func endsIn(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	time.AfterFunc(d, cancel)
	return ctx
}
