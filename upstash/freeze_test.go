//go:build unix

package upstash_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestFreeze: a process is stopped, as a function is between two events, and the
// server ends its idle connection meanwhile. Once the pause is longer than the
// idle limit of the client's pool, no command fails; and whatever the pause, none
// is executed twice.
//
// UPSTASH_LONG=1 runs the long form: 200 commands in each scenario.
func TestFreeze(t *testing.T) {
	t.Parallel()
	scenarios := []freeze{
		{name: "longer than the limit", limit: 30 * time.Millisecond, pause: 60 * time.Millisecond, timeout: 20 * time.Second, times: 10},
		{name: "shorter", limit: time.Minute, pause: 10 * time.Millisecond, timeout: 200 * time.Millisecond, times: 3},
	}
	protocols := []protocol{{name: "HTTP/1.1"}, {name: "HTTP/1.1 TLS", tls: true}, {name: "HTTP/2 TLS", tls: true, http2: true}}
	ends := []connectionEnd{byFIN, byLateRST, bySilence}
	lines := make([]string, 0, len(scenarios)*len(protocols)*len(ends))
	var wg sync.WaitGroup
	for _, s := range scenarios { //nolint:paralleltest // its subtests run side by side, see below
		if os.Getenv("UPSTASH_LONG") != "" {
			s.times = 200
		}
		for _, p := range protocols {
			for _, end := range ends {
				lines = append(lines, "")
				line := &lines[len(lines)-1]
				// All at once, where t.Parallel has as many as there are processors: they wait.
				wg.Go(func() {
					t.Run(s.name+"/"+p.name+"/"+string(end), func(t *testing.T) {
						failed, twice := s.run(t, p, end)
						if twice > 0 {
							t.Errorf("%d of %d commands were executed twice", twice, s.times)
						}
						if len(failed) > 0 && s.pause > s.limit {
							t.Errorf("%d of %d commands failed: %s", len(failed), s.times, failed[0])
						}
						*line = fmt.Sprintf("pause %-22s %-13s %-12s %3d of %d, %d", s.name, p.name, end, len(failed), s.times, twice)
					})
				})
			}
		}
	}
	wg.Wait()
	t.Logf("failed of how many, and executed twice:\n%s", strings.Join(lines, "\n"))
}

type freeze struct {
	name    string
	limit   time.Duration // of idle connections
	pause   time.Duration
	timeout time.Duration // of a command
	times   int
}

// run freezes a client again and again, and returns what became of the commands
// that came first after each thaw.
func (s freeze) run(t *testing.T, p protocol, end connectionEnd) (failed []string, twice int) {
	t.Helper()
	server := newHibernal(t, p)
	client := startClient(t, server.url, s.limit, s.timeout)
	for i := range s.times {
		before, after := fmt.Sprintf("before-%d", i), fmt.Sprintf("after-%d", i)
		s.connect(t, client, before)
		wait(settle)
		client.stop()
		server.endAll(t, end)
		wait(s.pause)
		client.send(after) // what it wakes up for, as an event is
		client.thaw()
		problem := client.reply()
		n := server.executions(after)
		switch {
		case problem != "":
			failed = append(failed, problem)
		case n == 0:
			t.Errorf("%s: success, and nothing was executed", after)
		}
		if n > 1 || server.executions(before) > 1 {
			twice++
		}
	}
	return failed, twice
}

// connect leaves the client with a new connection that is idle. Where the last
// command was given up, HTTP/2 may still have its stream in use and keep the old one.
func (s freeze) connect(t *testing.T, client *frozenClient, key string) {
	t.Helper()
	for range 50 {
		client.send("")
		client.send(key)
		problem := client.reply()
		if problem == "" {
			return
		}
		if s.pause > s.limit {
			t.Errorf("the client failed before the freeze: %s", problem)
		}
		key += "-again"
	}
	t.Fatal("the client does not connect again")
}

// settle is what the client needs to put a connection back after the response.
const settle = 3 * time.Millisecond

// wait is real time: another process is what is waited for.
func wait(d time.Duration) { <-time.After(d) }

// connectionEnd is how an idle connection ends while nobody looks.
type connectionEnd string

const (
	byFIN     connectionEnd = "FIN"         // the server's idle limit
	byLateRST connectionEnd = "late RST"    // who forgot it answers the next bytes so
	bySilence connectionEnd = "silent drop" // nothing ever comes back
)

// hibernal is a server whose connections can be ended in these ways. It executes
// INCR, which is to say that it counts requests for each key.
type hibernal struct {
	url string

	mu    sync.Mutex
	keys  map[string]int
	conns map[net.Conn]struct{} // as HTTP sees them
	raw   []*forgetful          // what is under them
}

func newHibernal(t *testing.T, p protocol) *hibernal {
	t.Helper()
	h := &hibernal{keys: map[string]int{}, conns: map[net.Conn]struct{}{}}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{
		Handler: h, ErrorLog: log.New(io.Discard, "", 0), Protocols: new(http.Protocols), ConnState: h.track,
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{newIdentity().certificate}, MinVersion: tls.VersionTLS12},
	}
	server.Protocols.SetHTTP1(!p.http2)
	server.Protocols.SetHTTP2(p.http2)
	h.url = "http://" + l.Addr().String()
	serve := server.Serve
	if p.tls {
		h.url = "https://" + l.Addr().String()
		serve = func(l net.Listener) error { return server.ServeTLS(l, "", "") }
	}
	go func() { _ = serve(forgetfulListener{l, h}) }() // until it is closed
	t.Cleanup(func() { _ = server.Close() })
	return h
}

func (h *hibernal) track(c net.Conn, state http.ConnState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch state {
	case http.StateNew:
		h.conns[c] = struct{}{}
	case http.StateClosed:
		delete(h.conns, c)
	}
}

// ServeHTTP implements [http.Handler].
func (h *hibernal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	h.mu.Lock()
	h.keys[string(body)]++
	h.mu.Unlock()
	_, _ = io.WriteString(w, `{"result":1}`) // the client may be gone
}

func (h *hibernal) executions(key string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.keys[`["INCR","`+key+`"]`]
}

// endAll ends all connections that there are.
func (h *hibernal) endAll(t *testing.T, end connectionEnd) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.raw) == 0 {
		t.Error("there is no connection to end")
	}
	if end == byFIN {
		for c := range h.conns {
			_ = c.Close() // with TLS it says goodbye
		}
	}
	for _, c := range h.raw {
		c.forget(end)
	}
	h.raw = nil
}
