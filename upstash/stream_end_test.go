package upstash_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// stubborn is a body that ignores being closed until the test is over.
type stubborn struct {
	text    io.Reader
	release <-chan struct{}
}

func (b stubborn) Read(p []byte) (int, error) {
	if n, err := b.text.Read(p); err == nil {
		return n, nil
	}
	<-b.release
	return 0, io.EOF
}

func (b stubborn) Close() error { <-b.release; return nil }

// Whatever a stream is doing, the end of its context ends the loop at once, with
// the context's error. That no goroutine stays is what the bubble sees to.
func TestContextEndsAStream(t *testing.T) {
	t.Parallel()
	const when = 10 * time.Second
	for name, test := range map[string]struct {
		steps func(release <-chan struct{}) []step
		busy  time.Duration // in the body of the loop, per event
		took  time.Duration
		want  []told
	}{
		"connect": {
			steps: func(<-chan struct{}) []step {
				return []step{func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}}
			},
			took: when,
		},
		"connect, ignored": {
			steps: func(release <-chan struct{}) []step {
				return []step{func(r *http.Request) (*http.Response, error) {
					<-release
					return streamThenSilence(live)(r)
				}}
			},
			took: when,
		},
		"idle":          {steps: func(<-chan struct{}) []step { return []step{streamThenSilence(live)} }, took: when, want: []told{subscribed}},
		"before it was": {steps: func(<-chan struct{}) []step { return []step{streamThenSilence("data: sub")} }, took: when},
		"idle, ignored": {
			steps: func(release <-chan struct{}) []step {
				return []step{func(r *http.Request) (*http.Response, error) {
					return respond(200, eventStream, stubborn{strings.NewReader(live), release})(r)
				}}
			},
			took: when, want: []told{subscribed},
		},
		"the body of an error, ignored": {
			steps: func(release <-chan struct{}) []step {
				return []step{func(r *http.Request) (*http.Response, error) {
					return respond(502, http.Header{}, stubborn{strings.NewReader("<html>"), release})(r)
				}}
			},
			took: when,
		},
		"the body of the loop": {
			steps: func(<-chan struct{}) []step { return []step{streamThenSilence(live + message + message)} },
			busy:  when + time.Second, took: when + time.Second, want: []told{subscribed},
		},
		"back-off": {
			steps: func(<-chan struct{}) []step { return []step{failing(429, page, "Retry-After", "3600")} },
			took:  when, want: []told{gap},
		},
	} {
		for cause, within := range map[error]func(*testing.T) context.Context{
			context.Canceled: func(t *testing.T) context.Context { t.Helper(); return endsIn(t, when) },
			context.DeadlineExceeded: func(t *testing.T) context.Context {
				t.Helper()
				ctx, cancel := context.WithTimeout(t.Context(), when)
				t.Cleanup(cancel)
				return ctx
			},
		} {
			t.Run(name+"/"+cause.Error(), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					release := make(chan struct{})
					defer close(release)
					rdb := newClient(t, &scripted{steps: test.steps(release)})
					begin := time.Now()
					var got []told
					var last error
					for m, err := range rdb.Subscribe(within(t), "c") {
						if last = err; err == nil {
							got = append(got, tell(m))
							time.Sleep(test.busy) // bubble
						}
					}
					if took := time.Since(begin); took != test.took {
						t.Errorf("it took %v, not %v", took, test.took)
					}
					if diff := cmp.Diff(test.want, got); diff != "" {
						t.Errorf("(-want +got)\n%s", diff)
					}
					if e := mustBeTyped(t, last); !errors.Is(last, cause) || e.Op != "SUBSCRIBE" || upstash.IsTimeout(last) != (cause == context.DeadlineExceeded) { //nolint:errorlint // identity is meant
						t.Error(last)
					}
				})
			})
		}
	}
}

func TestContextEndedBeforeAStream(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	rt := &scripted{steps: []step{refuseConnection}}
	got, err := follow(newClient(t, rt).Subscribe(ctx, "c"), 1)
	if got != nil || !errors.Is(err, context.Canceled) || rt.requests() != 0 || mustBeTyped(t, err).Sent {
		t.Errorf("%v, %v, %d requests", got, err, rt.requests())
	}
}

// Whoever leaves the loop leaves the stream: the server counts it no more.
func TestLeavingALoopLeavesTheStream(t *testing.T) {
	t.Parallel()
	leave := map[string]func(t *testing.T, rdb *upstash.Client){
		"break": func(t *testing.T, rdb *upstash.Client) {
			t.Helper()
			mustFollow(t, rdb.Subscribe(t.Context(), "c"), subscribed)
		},
		"break at a pattern": func(t *testing.T, rdb *upstash.Client) {
			t.Helper()
			mustFollow(t, rdb.PSubscribe(t.Context(), "*"), subscribed)
		},
		"panic": func(t *testing.T, rdb *upstash.Client) {
			t.Helper()
			defer func() {
				if recover() == nil {
					t.Error("the panic did not come through")
				}
			}()
			for m, err := range rdb.Subscribe(t.Context(), "c") {
				panic(fmt.Sprint(m, err))
			}
		},
		"context": func(t *testing.T, rdb *upstash.Client) {
			t.Helper()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			for _, err := range rdb.Subscribe(ctx, "c") {
				cancel()
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}
		},
	}
	for name, f := range leave {
		t.Run("bubble/"+name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				_, rdb := inBubble(t)
				f(t, rdb)
				synctest.Wait()
				if n := publish(t, rdb.Commands, "c", "x"); n != 0 {
					t.Errorf("%d receivers", n)
				}
			})
		})
		for _, h2 := range []bool{false, true} {
			t.Run(name+"/HTTP 2 "+strconv.FormatBool(h2), func(t *testing.T) {
				t.Parallel()
				rdb, front := overSockets(t, h2)
				f(t, rdb)
				front.wait(t)
				if n := publish(t, rdb.Commands, "c", "x"); n != 0 {
					t.Errorf("%d receivers", n)
				}
			})
		}
	}
}

// streamServer counts the streams that a server has open.
type streamServer struct {
	*httptest.Server
	inner http.Handler
	open  sync.WaitGroup
}

func (f *streamServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		f.open.Add(1)
		defer f.open.Done()
	}
	f.inner.ServeHTTP(w, r)
}

// wait waits until the server has no stream open.
func (f *streamServer) wait(t *testing.T) {
	t.Helper()
	done := make(chan struct{})
	go func() { f.open.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Error("the server still has a stream open")
	}
}

// overSockets is a client over the pool of its own, or over one that speaks HTTP/2.
func overSockets(t *testing.T, h2 bool) (*upstash.Client, *streamServer) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	f := &streamServer{inner: srv.Handler()}
	f.Server = httptest.NewUnstartedServer(f)
	o := upstash.Options{Token: srv.Token}
	if h2 {
		f.EnableHTTP2 = true
		f.StartTLS()
		o.HTTPClient = f.Client()
	} else {
		f.Start()
	}
	t.Cleanup(f.Close)
	o.URL = f.URL
	rdb, err := upstash.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rdb.CloseIdle)
	return rdb, f
}

// A server that drops its connections is followed again over new ones.
func TestConnectionsOfStreamsBreak(t *testing.T) {
	t.Parallel()
	for _, h2 := range []bool{false, true} {
		t.Run("HTTP 2 "+strconv.FormatBool(h2), func(t *testing.T) {
			t.Parallel()
			rdb, front := overSockets(t, h2)
			var got []told
			for m, err := range rdb.Subscribe(t.Context(), "c") {
				if err != nil {
					t.Fatal(err)
				}
				if got = append(got, tell(m)); m.Kind == upstash.Received && len(got) > 3 {
					break
				}
				switch m.Kind {
				case upstash.Subscribed:
					publish(t, rdb.Commands, "c", "x")
				case upstash.Received:
					front.CloseClientConnections()
				case upstash.Gap:
				}
			}
			if diff := cmp.Diff([]told{subscribed, received("x"), gap, subscribed, received("x")}, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// A certificate that nobody vouches for is not better at the next attempt.
func TestStreamToAStranger(t *testing.T) {
	t.Parallel()
	_, front := overSockets(t, true)
	front.Config.ErrorLog = log.New(io.Discard, "", 0)
	rdb, err := upstash.New(upstash.Options{URL: front.URL, Token: testToken})
	if err != nil {
		t.Fatal(err)
	}
	got, err := follow(rdb.Subscribe(t.Context(), "c"), 9)
	if e := mustBeTyped(t, err); got != nil || e.Attempts != 1 || !strings.Contains(e.Error(), "certificate") {
		t.Errorf("%v, %v", got, err)
	}
}

// A slow loop gets everything in order; what it does not take waits at the server.
func TestSlowLoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, rdb := inBubble(t)
		const n = 1000
		var got []told
		want := []told{subscribed}
		for m, err := range rdb.Subscribe(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind == upstash.Subscribed {
				for i := range n {
					publish(t, rdb.Commands, "c", strconv.Itoa(i))
					want = append(want, received(strconv.Itoa(i)))
				}
			}
			time.Sleep(time.Minute) // bubble
			if got = append(got, tell(m)); len(got) == n+1 {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// A loop that is too far behind is cut off by the server, and told.
func TestLoopTooFarBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, rdb := inBubble(t)
		large := strings.Repeat("x", 1<<20)
		var kinds []upstash.EventKind
		for m, err := range rdb.Subscribe(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind == upstash.Subscribed && kinds == nil {
				for range 40 { // the server's limit is 32 MiB
					publish(t, rdb.Commands, "c", large)
				}
			}
			if len(kinds) == 0 || kinds[len(kinds)-1] != m.Kind {
				kinds = append(kinds, m.Kind)
			}
			if m.Kind == upstash.Subscribed && len(kinds) > 1 {
				break
			}
		}
		// What was on its way before the cut may have arrived.
		want := []upstash.EventKind{upstash.Subscribed, upstash.Gap, upstash.Subscribed}
		if len(kinds) == 4 {
			want = []upstash.EventKind{upstash.Subscribed, upstash.Received, upstash.Gap, upstash.Subscribed}
		}
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// The faults of the test server, one after the other, in front of a stream.
func TestStreamAfterFaults(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, rdb := inBubble(t)
		for _, fault := range []func(*upstashtest.Exchange){
			upstashtest.DropBefore, upstashtest.ExecuteThenDrop, upstashtest.HTMLBody, upstashtest.Status(500), upstashtest.TooManyRequests(time.Second),
		} {
			srv.Intercept(fault)
		}
		mustFollow(t, rdb.Subscribe(t.Context(), "c"), gap, gap, gap, gap, gap, subscribed)
	})
}
