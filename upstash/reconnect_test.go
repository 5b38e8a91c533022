package upstash_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

const message = "data: message,c,x\n\n"

// Whatever interrupts a stream, it comes back, and the loop is told each time.
func TestReconnect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reset := errors.New("connection reset")
		rt := &scripted{steps: []step{
			streamThenEnd(live + message + "data: message,c,lost"),
			refuseConnection,
			failing(503, `{"error":"ERR down"}`),
			failing(502, page),
			failing(429, `{"error":"ERR slow down"}`),
			failing(400, `{"error":"LOADING Redis is loading the dataset in memory"}`),
			func(r *http.Request) (*http.Response, error) {
				return respond(200, eventStream, io.NopCloser(io.MultiReader(strings.NewReader(live), iotest.ErrReader(reset))))(r)
			},
			func(*http.Request) (*http.Response, error) { return nil, io.EOF },
			streamThenSilence(live + message),
		}}
		type failure struct {
			Status, Attempts int
			Says             string
		}
		want := []failure{
			{200, 1, "the server ended the stream"}, {0, 2, "no answer: dial tcp: connection refused"}, {503, 3, "down"},
			{502, 4, "text/html"}, {429, 5, "slow down"}, {0, 6, "LOADING"}, {200, 7, "the stream broke: connection reset"},
			{0, 8, "the connection ended before the answer"},
		}
		var failures []failure
		var all []told
		for m, err := range newClient(t, rt).Subscribe(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, tell(m))
			if m.Kind == upstash.Gap {
				n := len(failures)
				if !strings.Contains(m.Err.Error(), want[n].Says) || upstash.OutcomeUnknown(m.Err) {
					t.Errorf("%v does not say %q", m.Err, want[n].Says)
				}
				e := mustBeTyped(t, m.Err)
				failures = append(failures, failure{e.Status, e.Attempts, want[n].Says})
			}
			if len(failures) == len(want) && m.Kind == upstash.Received {
				break
			}
		}
		if diff := cmp.Diff(want, failures); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		wantAll := []told{subscribed, received("x"), gap, gap, gap, gap, gap, gap, subscribed, gap, gap, subscribed, received("x")}
		if diff := cmp.Diff(wantAll, all); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		// Full jitter under a bound that doubles.
		bound := 250 * time.Millisecond
		for i, at := range rt.times[1:] {
			if wait := at.Sub(rt.times[i]); wait < 0 || wait > bound {
				t.Errorf("wait %d is %v, more than %v", i+1, wait, bound)
			}
			bound *= 2
		}
	})
}

func TestBackOffIsCapped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const most = 30 * time.Second
		rt := &scripted{steps: []step{refuseConnection}}
		for m, err := range newClient(t, rt).Subscribe(t.Context(), "c") {
			if m.Kind != upstash.Gap || err != nil {
				t.Fatal(m, err)
			}
			if mustBeTyped(t, m.Err).Attempts == 300 {
				break
			}
		}
		var sum, longest time.Duration
		for i := 100; i < 300; i++ {
			wait := rt.times[i].Sub(rt.times[i-1])
			sum, longest = sum+wait, max(longest, wait)
		}
		if longest > most || longest < most*9/10 {
			t.Errorf("the longest of 200 waits is %v, the cap %v", longest, most)
		}
		if mean := sum / 200; mean < most*4/10 || mean > most*6/10 {
			t.Errorf("the mean is %v: that is no full jitter under %v", mean, most)
		}
	})
}

// A server that takes every connection and drops it is not asked in a loop; one
// that worked for a while is asked soon.
func TestBackOffStartsAgainAfterAStableTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stable time.Duration
		want   []int
	}{
		"at once": {0, []int{1, 2, 3, 4}}, "short": {29 * time.Second, []int{1, 2, 3, 4}}, "stable": {30 * time.Second, []int{1, 1, 1, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt := &scripted{steps: []step{paced(true, piece{0, live}, piece{test.stable, "\n"})}}
				var got []int
				for m, err := range newClient(t, rt).Subscribe(t.Context(), "c") {
					if err != nil {
						t.Fatal(err)
					}
					if m.Kind == upstash.Gap {
						if got = append(got, mustBeTyped(t, m.Err).Attempts); len(got) == len(test.want) {
							break
						}
					}
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("(-want +got)\n%s", diff)
				}
			})
		})
	}
}

func TestRetryAfterOfAStream(t *testing.T) {
	t.Parallel()
	for text, bounds := range map[string][2]time.Duration{
		"5": {5 * time.Second, 5250 * time.Millisecond}, "3600": {30 * time.Second, 30 * time.Second}, "0": {0, 250 * time.Millisecond},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt := &scripted{steps: []step{failing(429, page, "Retry-After", text), streamThenSilence(live)}}
				mustFollow(t, newClient(t, rt).Subscribe(t.Context(), "c"), gap, subscribed)
				if wait := rt.times[1].Sub(rt.times[0]); wait < bounds[0] || wait > bounds[1] {
					t.Errorf("the wait is %v", wait)
				}
			})
		})
	}
}

// An answer that breaks off is no answer of a proxy's: the next one tells.
func TestRefusalThatBreaksOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := func(r *http.Request) (*http.Response, error) {
			return respond(200, http.Header{"Content-Type": {inHTML}}, io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)))(r)
		}
		rt := &scripted{steps: []step{broken, streamThenSilence(live)}}
		mustFollow(t, newClient(t, rt).Subscribe(t.Context(), "c"), gap, subscribed)
	})
}

// What no other attempt would mend ends the loop, after one request.
func TestRefusedStreams(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer step
		want   verdict
		is     error
		says   string
	}{
		"wrong token":  {failing(401, `{"error":"WRONGPASS invalid or missing auth token"}`), verdict{Code: "WRONGPASS", Status: 401, Index: -1}, upstash.ErrUnauthorized, "REST token"},
		"forbidden":    {failing(403, page), verdict{Status: 403, Index: -1}, nil, "text/html"},
		"no rights":    {failing(400, `{"error":"NOPERM this user has no permissions"}`), verdict{Code: "NOPERM"}, nil, "no permissions"},
		"wrong arity":  {failing(400, `{"error":"ERR wrong number of arguments for 'subscribe' command"}`), verdict{Code: "ERR"}, nil, "wrong number"},
		"quota":        {failing(400, `{"error":"ERR max requests limit exceeded"}`), verdict{Code: "ERR"}, upstash.ErrRateLimited, "max requests"},
		"no error":     {failing(400, `{"result":"OK"}`), verdict{Status: 400, Index: -1}, nil, "not an event stream"},
		"empty":        {failing(400, ""), verdict{Status: 400, Index: -1}, nil, "empty"},
		"no such path": {failing(404, page), verdict{Status: 404, Index: -1}, nil, "text/html"},
		"method":       {failing(405, ""), verdict{Status: 405, Index: -1}, nil, "405"},
		"redirect":     {failing(301, "", "Location", "https://elsewhere.example"), verdict{Status: 301, Index: -1}, nil, "redirects"},
		"no content":   {failing(204, ""), verdict{Status: 204, Index: -1}, nil, "204"},
		"page":         {failing(200, page), verdict{Status: 200, Index: -1}, nil, "not an event stream"},
		"JSON":         {failing(200, `{"result":"OK"}`), verdict{Status: 200, Index: -1}, nil, "not an event stream"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				rt := &scripted{steps: []step{test.answer}}
				got, err := follow(newClient(t, rt).Subscribe(t.Context(), "c"), 9)
				test.want.Op, test.want.Sent, test.want.Attempts, test.want.Safe = "SUBSCRIBE", true, 1, true
				if diff := cmp.Diff(test.want, verdictOf(t, err)); diff != "" || got != nil {
					t.Errorf("%v, %v (-want +got)\n%s", got, err, diff)
				}
				if test.is != nil && !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%v is not %v, or does not say %q", err, test.is, test.says)
				}
				if n := rt.requests(); n != 1 {
					t.Errorf("%d requests", n)
				}
			})
		})
	}
}

// A stream that was live ends when the token is taken away.
func TestRefusedAfterAGap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := &scripted{steps: []step{streamThenEnd(live), refuseConnection, failing(401, page)}}
		got, err := follow(newClient(t, rt).Subscribe(t.Context(), "c"), 9)
		if diff := cmp.Diff([]told{subscribed, gap, gap}, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		if e := mustBeTyped(t, err); e.Attempts != 3 || !errors.Is(err, upstash.ErrUnauthorized) {
			t.Errorf("%d attempts, %v", e.Attempts, err)
		}
	})
}

// Since is when the last event was read, not when the break was noticed.
func TestSinceOfAGap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		rt := &scripted{steps: []step{
			refuseConnection,
			paced(true, piece{0, live}, piece{time.Minute, message}, piece{time.Minute, "\n"}),
			refuseConnection,
		}}
		var since, want []time.Time
		for m, err := range newClient(t, rt).Subscribe(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
			switch m.Kind {
			case upstash.Gap:
				since = append(since, m.Since)
			case upstash.Received:
				at := time.Now()
				want = []time.Time{begin, at, at}
			case upstash.Subscribed:
			}
			if len(since) == 3 {
				break
			}
		}
		if diff := cmp.Diff(want, since); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// A connection over which nothing comes is given up after the idle time; what
// is no message, such as a comment, keeps it, and the loop's own time does not count.
func TestIdle(t *testing.T) {
	t.Parallel()
	const never = 100 * time.Hour
	beats := func(every time.Duration, n int) step {
		return paced(false, append([]piece{{0, live}}, slices.Repeat([]piece{{every, ":\n"}}, n)...)...)
	}
	for name, test := range map[string]struct {
		option, busy time.Duration
		answer       step
		want         time.Duration
	}{
		"default over a foreign transport": {answer: streamThenSilence(live), want: 5 * time.Minute},
		"option":                           {option: time.Minute, answer: streamThenSilence(live), want: time.Minute},
		"negative":                         {option: -1, answer: streamThenSilence(live), want: never},
		"comments":                         {option: time.Minute, answer: beats(59*time.Second, 10), want: 590*time.Second + time.Minute},
		"a busy loop":                      {option: time.Minute, busy: time.Hour, answer: streamThenSilence(live), want: time.Hour + time.Minute},
		"a busy loop and comments":         {option: time.Minute, busy: time.Hour, answer: beats(30*time.Second, 3), want: time.Hour + time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := endsIn(t, never)
				begin := time.Now()
				rdb := newClient(t, &scripted{steps: []step{test.answer}})
				for m, err := range rdb.SubscribeWith(ctx, []string{"c"}, upstash.StreamOptions{Idle: test.option}) {
					if m.Kind == upstash.Subscribed {
						time.Sleep(test.busy) // bubble
						continue
					}
					if (err != nil) != (test.want == never) {
						t.Error(m, err)
					}
					if m.Kind == upstash.Gap && !upstash.IsTimeout(m.Err) {
						t.Errorf("%v is no timeout", m.Err)
					}
					break
				}
				if waited := time.Since(begin); waited != test.want {
					t.Errorf("it took %v, not %v", waited, test.want)
				}
			})
		})
	}
}

// Neither the timeout of calls nor that of the HTTP client ends a stream.
func TestTimeoutsDoNotEndAStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := &scripted{steps: []step{func(r *http.Request) (*http.Response, error) {
			if _, has := r.Context().Deadline(); has {
				t.Error("the request has a deadline")
			}
			return paced(false, piece{0, live}, piece{time.Hour, message})(r)
		}}}
		rdb := newClient(t, rt, func(o *upstash.Options) {
			o.Timeout, o.HTTPClient.Timeout = time.Second, time.Second
		})
		mustFollow(t, rdb.SubscribeWith(t.Context(), []string{"c"}, upstash.StreamOptions{Idle: -1}), subscribed, received("x"))
	})
}

// A server that takes the request and says nothing, or only half of it, is given
// up after 30 seconds.
func TestStreamIsNotConfirmed(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]step{
		"no headers": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"no body":       streamThenSilence(""),
		"one of two":    streamThenSilence("data: subscribe,c,1\n\n"),
		"another name":  streamThenSilence("data: subscribe,c,1\n\ndata: subscribe,x,2\n\n"),
		"half an error": streamThenSilence("data: sub"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				for m, err := range newClient(t, &scripted{steps: []step{answer}}).Subscribe(t.Context(), "c", "d") {
					if m.Kind != upstash.Gap || err != nil || !strings.Contains(m.Err.Error(), "did not confirm the stream within 30s") {
						t.Error(m, err)
					}
					break
				}
				if waited := time.Since(begin); waited != 30*time.Second {
					t.Errorf("it took %v", waited)
				}
			})
		})
	}
}

func TestMessageTooLarge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rt := &scripted{steps: []step{streamThenEnd(live + "data: message,c," + strings.Repeat("x", 200) + "\n\n"), streamThenSilence(live + message)}}
		rdb := newClient(t, rt, func(o *upstash.Options) { o.MaxReply = 100 })
		for m, err := range rdb.Subscribe(t.Context(), "c") {
			if err != nil {
				t.Fatal(err)
			}
			if m.Kind == upstash.Gap && !errors.Is(m.Err, upstash.ErrTooLarge) {
				t.Error(m.Err)
			}
			if m.Kind == upstash.Received {
				break
			}
		}
	})
}

// However a network cuts the stream into pieces, the loop gets the same.
func TestChunksOfAStream(t *testing.T) {
	t.Parallel()
	text := "\uFEFF" + live + ": c\r\n" + "data: message,c,é,\r\ndata: b\r\n\r\n" + message
	for cut := range len(text) {
		synctest.Test(t, func(t *testing.T) {
			rt := &scripted{steps: []step{paced(false, piece{0, text[:cut]}, piece{time.Second, text[cut:]})}}
			mustFollow(t, newClient(t, rt).Subscribe(t.Context(), "c"), subscribed, received("é,\nb"), received("x"))
		})
	}
}

// The hook sees a round trip for each connection, when it is over.
func TestObserveStreams(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []upstash.RoundTrip
		rt := &scripted{steps: []step{streamThenEnd(live), refuseConnection, streamThenSilence(live)}}
		rdb := newClient(t, rt, func(o *upstash.Options) {
			o.Observe = func(_ context.Context, trip upstash.RoundTrip) {
				if (trip.Err != nil) != (len(got) < 2) {
					t.Errorf("round trip %d: %v", len(got), trip.Err)
				}
				trip.Err, trip.Duration = nil, 0
				got = append(got, trip)
			}
		})
		mustFollow(t, rdb.Subscribe(t.Context(), "c"), subscribed, gap, gap, subscribed)
		want := []upstash.RoundTrip{
			{Commands: []string{"SUBSCRIBE"}, Attempt: 1, Status: 200, Received: len(live), Billed: 1},
			{Commands: []string{"SUBSCRIBE"}, Attempt: 2, Billed: 1},
			{Commands: []string{"SUBSCRIBE"}, Attempt: 3, Status: 200, Received: len(live), Billed: 1},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}

// A stream's answer carries a sync token like any other.
func TestStreamTeachesTheSyncToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		header := eventStream.Clone()
		header.Set("Upstash-Sync-Token", "t1")
		rt := &scripted{steps: []step{
			respond(200, header, io.NopCloser(strings.NewReader(live))),
			failing(200, `{"result":"dg=="}`),
		}}
		rdb := newClient(t, rt)
		mustFollow(t, rdb.Subscribe(t.Context(), "c"), subscribed)
		if v, err := rdb.Get(t.Context(), "k"); v != "v" || err != nil {
			t.Fatal(v, err)
		}
		if got := rt.last.Header.Get("Upstash-Sync-Token"); got != "t1" {
			t.Errorf("the token sent is %q", got)
		}
	})
}
