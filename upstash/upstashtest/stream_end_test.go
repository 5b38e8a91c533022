package upstashtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// mounted is a server behind another one, which tells when a request is over.
func mounted(t *testing.T) (*upstashtest.Server, string, handlers) {
	t.Helper()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	h := handlers{srv.Handler(), make(chan struct{}, 1000)}
	front := httptest.NewServer(h)
	t.Cleanup(front.Close)
	return srv, front.URL, h
}

// The server forgets a client that goes, without anything being published.
func TestClientThatLeavesAStream(t *testing.T) {
	t.Parallel()
	srv, url, served := mounted(t)
	var all []*follower
	for i := range 20 {
		path, begin := "/subscribe/c", "subscribe,c,1"
		if i%2 == 1 {
			path, begin = "/psubscribe/c*", "psubscribe,c*,1"
		}
		all = append(all, followBy(t, http.DefaultClient, url, srv.Token, path, begin))
	}
	for _, f := range all {
		f.leave()
	}
	served.wait(t, len(all))
	rdb := &http.Client{Transport: srv.Transport()}
	got, _ := exchange(t, rdb, inProcessRequest(t, srv, http.MethodPost, "/pipeline", `[["PUBLISH","c","x"],["PUBSUB","CHANNELS"],["PUBSUB","NUMPAT"]]`))
	if diff := cmp.Diff(reply{200, `[{"result":0},{"result":[]},{"result":0}]`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Close ends open streams, whichever way they came, and waits for them: also for
// those whose client does not read.
func TestCloseEndsStreams(t *testing.T) {
	t.Parallel()
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		srv := newServer(t)
		follow(t, srv, "/subscribe/c", "subscribe,c,1")
		follow(t, srv, "/monitor", `"OK"`)
		publishLarge(t, srv, 2)
		srv.Close()
	})
	t.Run("mounted", func(t *testing.T) {
		t.Parallel()
		srv, url, served := mounted(t)
		f := followBy(t, http.DefaultClient, url, srv.Token, "/subscribe/c", "subscribe,c,1")
		publishLarge(t, srv, 2)
		srv.Close()
		served.wait(t, 1)
		if _, err := io.Copy(io.Discard, f.body); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the stream ended with %v", err)
		}
	})
	t.Run("in process", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
			client := &http.Client{Transport: srv.Transport()}
			f := followBy(t, client, srv.URL, srv.Token, "/subscribe/c", "subscribe,c,1")
			publishLarge(t, srv, 2)
			srv.Close()
			if _, err := io.Copy(io.Discard, f.body); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("the stream ended with %v", err)
			}
			// One that comes later is turned away like any request.
			got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/subscribe/c", ""))
			if got.Status != http.StatusServiceUnavailable {
				t.Errorf("status %d after Close", got.Status)
			}
		})
	})
}

// publishLarge publishes messages that no socket buffer takes in one.
func publishLarge(t *testing.T, srv *upstashtest.Server, n int) (receivers []string) {
	t.Helper()
	client := &http.Client{Transport: srv.Transport()}
	body := strings.Repeat("x", 9<<20)
	for range n {
		got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/publish/c", body))
		receivers = append(receivers, got.Body)
	}
	return receivers
}

// A client that does not read holds up nobody, and loses its stream when 32 MiB
// wait for it.
func TestSlowConsumerIsCutOff(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	slow := follow(t, srv, "/subscribe/c", "subscribe,c,1")
	receivers := publishLarge(t, srv, 12)
	if first, last := receivers[2], receivers[11]; first != `{"result":1}` || last != `{"result":0}` {
		t.Errorf("receivers: %q", receivers)
	}
	if _, err := io.Copy(io.Discard, slow.body); err == nil {
		t.Error("the stream ended as if it was complete")
	}
	must(t, srv, `["c",0]`, "PUBSUB", "NUMSUB", "c")
}

// In a bubble streams work, and nothing of them is left when they end: a
// goroutine that stayed would fail the test.
func TestStreamsInsideABubble(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
		client := &http.Client{Transport: srv.Transport()}
		open := func() *follower {
			return followBy(t, client, srv.URL, srv.Token, "/subscribe/c", "subscribe,c,1")
		}
		publish := func(want string) {
			t.Helper()
			got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodPost, "/publish/c/hello", ""))
			if diff := cmp.Diff(reply{200, `{"result":` + want + `}`}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}

		canceled := open()
		publish("1")
		canceled.want(t, "message,c,hello")
		canceled.leave()
		if _, err := canceled.next(); !errors.Is(err, context.Canceled) {
			t.Errorf("after cancel: %v", err)
		}
		synctest.Wait()
		publish("0")

		closed := open()
		_ = closed.body.Close()
		synctest.Wait()
		publish("0")

		unread := open() // its write waits when the client goes
		publish("1")
		synctest.Wait()
		unread.leave()
		synctest.Wait()
		publish("0")

		got, _ := exchange(t, client, inProcessRequest(t, srv, http.MethodGet, "/subscribe", ""))
		if got.Status != http.StatusBadRequest {
			t.Errorf("%+v", got)
		}
	})
}

// Every subscriber gets every message, all of them in the same order, and those
// of one publisher in the order it sent them.
func TestConcurrentPublishers(t *testing.T) {
	t.Parallel()
	const publishers, messages, subscribers = 8, 100, 3
	srv := newServer(t)
	var followers []*follower
	for range subscribers {
		followers = append(followers, follow(t, srv, "/subscribe/c", "subscribe,c,1"))
	}
	followers = append(followers, follow(t, srv, "/psubscribe/[a-d]", "psubscribe,[a-d],1"))

	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for m := range messages {
				got := run(t, srv, "PUBLISH", "c", fmt.Sprintf("%d:%d", p, m))
				if got.Body != fmt.Sprintf(`{"result":%d}`, subscribers+1) {
					t.Errorf("%+v", got)
				}
			}
		})
	}
	received := make([][]string, len(followers))
	for i, f := range followers {
		wg.Go(func() {
			for range publishers * messages {
				event, err := f.next()
				if err != nil {
					t.Error(err)
					return
				}
				received[i] = append(received[i], event[strings.LastIndexByte(event, ',')+1:])
			}
		})
	}
	wg.Wait()

	next := make([]int, publishers)
	for _, text := range received[0] {
		var p, m int
		if _, err := fmt.Sscanf(text, "%d:%d", &p, &m); err != nil || m != next[p] {
			t.Fatalf("%s where message %d of publisher %d belongs: %v", text, next[p], p, err)
		}
		next[p]++
	}
	for i, other := range received[1:] {
		if diff := cmp.Diff(received[0], other); diff != "" {
			t.Errorf("subscriber %d (-first +this):\n%s", i+1, diff)
		}
	}
}
