package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// orderServer answers after random times, so that responses complete in another
// order than requests were sent. It lives in a bubble: every request and every
// end of a response has an instant of its own, and no instant has two of them.
type orderServer struct {
	mu     sync.Mutex
	rng    *rand.Rand
	start  time.Time
	taken  map[time.Duration]bool // instants of responses
	issued int

	// last is the token of the response that completed last; wrong is what
	// requests showed instead.
	last     string
	requests int
	shown    map[string]bool
	wrong    []string
}

func newOrderServer(seed int) *orderServer {
	return &orderServer{
		rng: rand.New(rand.NewPCG(uint64(seed), 4)), start: time.Now(), taken: map[time.Duration]bool{}, shown: map[string]bool{},
	}
}

// tick is what separates instants. Responses arrive at full ones, and requests
// begin half a tick later.
const tick = 2 * time.Microsecond

// later is how long it is until a free instant.
func (s *orderServer) later() time.Duration {
	for {
		d := time.Since(s.start).Truncate(tick) + time.Duration(1+s.rng.IntN(40))*tick
		if !s.taken[d] {
			s.taken[d] = true
			return d - time.Since(s.start)
		}
	}
}

// RoundTrip implements [http.RoundTripper].
func (s *orderServer) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body) // from memory
	s.mu.Lock()
	s.requests++
	if got := r.Header.Get(syncHeader); got != s.last {
		s.wrong = append(s.wrong, fmt.Sprintf("request %d showed %q, and %q was the last to complete", s.requests, got, s.last))
	}
	s.shown[s.last] = true
	kind, headers, body := s.rng.IntN(10), s.later(), s.later()
	s.issued++
	token := fmt.Sprintf("token-%d-%d", s.issued, s.rng.Uint32()) // in no order that shows
	s.mu.Unlock()

	if headers > body {
		headers, body = body, headers
	}
	time.Sleep(headers) // bubble
	if kind == 0 {      // a request without an answer
		return nil, errors.New("the connection broke")
	}
	resp, err := answer(map[bool]int{true: 200, false: 500}[kind > 1], inJSON, "")(r)
	reader := &lateBody{Reader: strings.NewReader(`{"result":1}`), wait: body - headers, complete: func() {}}
	if kind != 2 { // one without a token
		resp.Header.Set(syncHeader, token)
		reader.complete = func() {
			s.mu.Lock()
			s.last = token
			s.mu.Unlock()
		}
	}
	if kind == 3 { // cut off, which teaches too
		reader.end = io.ErrUnexpectedEOF
	}
	resp.ContentLength, resp.Body = -1, reader
	return resp, err
}

// lateBody comes to its end after a while.
type lateBody struct {
	*strings.Reader
	wait     time.Duration
	complete func()
	end      error
}

func (b *lateBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		time.Sleep(b.wait) // bubble
		b.wait = 0
		b.complete()
		if b.end != nil {
			err = b.end
		}
	}
	return n, err
}

func (*lateBody) Close() error { return nil }

// run has callers of one client call at random instants, each at its own, so
// that a seed is one schedule.
func (s *orderServer) run(rdb *upstash.Client, seed, callers, calls int) {
	var wg sync.WaitGroup
	for caller := range callers {
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(seed), uint64(caller)))
			for range calls {
				round := time.Duration(callers) * tick
				at := time.Since(s.start).Truncate(round) + time.Duration(1+rng.IntN(4))*round + time.Duration(caller)*tick + tick/2
				time.Sleep(at - time.Since(s.start))       // bubble
				_, _ = rdb.Incr(context.Background(), "k") // failures teach too
			}
		})
	}
	wg.Wait()
}

// TestSyncTokenOrder: each request shows the token of the last response that
// completed before it was sent, in many interleavings.
func TestSyncTokenOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests, tokens := 0, 0
		for seed := range 200 {
			srv := newOrderServer(seed)
			srv.run(newClient(t, srv), seed, 6, 12)
			requests += srv.requests
			tokens += len(srv.shown)
			if len(srv.wrong) > 0 {
				t.Fatalf("schedule %d: %d of %d requests are wrong: %s", seed, len(srv.wrong), srv.requests, srv.wrong[0])
			}
		}
		if tokens < requests/3 {
			t.Errorf("%d requests showed only %d different tokens: the schedules are too tame", requests, tokens)
		}
		t.Logf("%d requests, %d different tokens", requests, tokens)
	})
}

// TestSyncTokenOrderCatches: clients that learn at another moment are found out.
func TestSyncTokenOrderCatches(t *testing.T) {
	t.Parallel()
	type learner func(learned *string, sent string, resp *http.Response)
	for name, learn := range map[string]learner{
		"when the headers are here": func(learned *string, _ string, resp *http.Response) {
			if token := resp.Header.Get(syncHeader); token != "" {
				*learned = token
			}
		},
		"the newest that was issued": func(learned *string, _ string, resp *http.Response) {
			number := func(token string) int {
				n, _ := strconv.Atoi(strings.Split(token+"--", "-")[1]) // 0 for none
				return n
			}
			if token := resp.Header.Get(syncHeader); number(token) > number(*learned) {
				*learned = token
			}
		},
		"never": func(*string, string, *http.Response) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				srv := newOrderServer(1)
				var mu sync.Mutex
				var learned string
				srv.run(newClient(t, roundTripper(func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					sent := learned
					mu.Unlock()
					r.Header.Set(syncHeader, sent)
					resp, err := srv.RoundTrip(r)
					if err == nil {
						mu.Lock()
						learn(&learned, sent, resp)
						mu.Unlock()
					}
					return resp, err
				})), 1, 6, 12)
				if len(srv.wrong) == 0 {
					t.Errorf("%d requests passed", srv.requests)
				}
			})
		})
	}
}
