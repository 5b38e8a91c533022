package upstashtest_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// hold has the next request wait until it is released, or the client is gone.
func hold(srv *upstashtest.Server) (arrived <-chan struct{}, release func()) {
	there, free := make(chan struct{}), make(chan struct{})
	srv.Intercept(func(x *upstashtest.Exchange) {
		close(there)
		select {
		case <-free:
			x.Execute()
		case <-x.Context().Done():
			x.Drop()
		}
	})
	return there, sync.OnceFunc(func() { close(free) })
}

func TestShutdownLetsRequestsFinish(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	pool := &http.Transport{}
	defer pool.CloseIdleConnections()
	arrived, release := hold(srv)
	got, closed := make(chan experience), make(chan error)
	go func() {
		o, _ := meet(t, srv, &http.Client{Transport: pool}, "/", `["INCR","n"]`)
		got <- o
	}()
	<-arrived
	go func() { closed <- srv.Shutdown(t.Context()) }()
	release()
	if diff := cmp.Diff(experience{200, `{"result":1}`, ""}, <-got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	resp, err := srv.Transport().RoundTrip(inProcessRequest(t, srv, http.MethodPost, "/", `["PING"]`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d after Shutdown", resp.StatusCode)
	}
}

func TestShutdownDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	pool := &http.Transport{}
	defer pool.CloseIdleConnections()
	arrived, _ := hold(srv)
	got := make(chan experience)
	go func() {
		o, _ := meet(t, srv, &http.Client{Transport: pool}, "/", `["INCR","n"]`)
		got <- o
	}()
	<-arrived
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := srv.Shutdown(ended); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if diff := cmp.Diff(experience{Lost: "reply"}, <-got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestShutdownWithoutListener(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	if err := srv.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// Observe is told what the log is told, refused requests included.
func TestObserve(t *testing.T) {
	t.Parallel()
	var got []upstashtest.Request
	srv := upstashtest.New(t, upstashtest.Options{Observe: func(r upstashtest.Request, took time.Duration) {
		got = append(got, r)
		if took < 0 || r.Fault != "" && took < 20*time.Millisecond {
			t.Errorf("%v took %v", r, took)
		}
	}})
	must(t, srv, `"OK"`, "SET", "k", "v")
	request{Body: `["PING"]`, NoAuth: true}.do(t, srv)
	srv.Intercept(upstashtest.Delay(20 * time.Millisecond))
	must(t, srv, `"v"`, "GET", "k")
	if diff := cmp.Diff(srv.Requests(), got); diff != "" || len(got) != 3 {
		t.Errorf("(-log +observed):\n%s", diff)
	}
}
