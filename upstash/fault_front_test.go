package upstash_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"regexp"
	"sync"
	"testing"
)

// faultFront stands before the local server, applies a fault to connections and
// requests of one call at a time, and counts what came of them.
type faultFront struct {
	url     string
	fault   netFault
	backend http.Handler
	server  *http.Server
	broken  string // the address of a listener that breaks what connects to it
	dialer  net.Dialer

	busy   sync.RWMutex // held shared by handlers
	closed bool

	mu      sync.Mutex
	current *faultCall // the last one to be armed
	calls   map[string]*faultCall
	conns   map[net.Conn]struct{}
}

// faultCall is what the front counts for one call of a client.
type faultCall struct {
	id       string
	number   int // in its cell
	left     int // faults to come
	rng      *rand.Rand
	arrived  int // whole requests
	refused  int // of those, how many were answered with a 429
	executed int
}

// protocol is what client and front speak.
type protocol struct {
	name       string
	tls, http2 bool
}

func newFaultFront(t *testing.T, p protocol, f netFault, backend http.Handler) *faultFront {
	t.Helper()
	front := &faultFront{fault: f, backend: backend, calls: map[string]*faultCall{}, conns: map[net.Conn]struct{}{}}
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	broken, _ := rawServer(t, breakOff)
	front.broken = broken[len("http://"):]
	front.server = &http.Server{
		Handler: front, ErrorLog: log.New(io.Discard, "", 0), Protocols: new(http.Protocols),
		TLSConfig: &tls.Config{Certificates: []tls.Certificate{newIdentity().certificate}, MinVersion: tls.VersionTLS12},
		ConnState: func(c net.Conn, state http.ConnState) {
			front.mu.Lock()
			defer front.mu.Unlock()
			switch state {
			case http.StateNew:
				front.conns[c] = struct{}{}
			case http.StateClosed:
				delete(front.conns, c)
			}
		},
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, c)
		},
	}
	front.server.Protocols.SetHTTP1(!p.http2)
	front.server.Protocols.SetHTTP2(p.http2)
	front.url = "http://" + l.Addr().String()
	serve := front.server.Serve
	if p.tls {
		front.url = "https://" + l.Addr().String()
		serve = func(l net.Listener) error { return front.server.ServeTLS(l, "", "") }
	}
	go func() { _ = serve(l) }() // until it is closed
	return front
}

// breakOff is a server that resets what connects to it as soon as it says something.
func breakOff(c net.Conn) {
	_, _ = c.Read(make([]byte, 1))
	reset(c)
}

type connKey struct{}

// reset ends a connection with an RST. One under TLS is not told before.
func reset(c net.Conn) {
	if over, ok := c.(*tls.Conn); ok {
		c = over.NetConn()
	}
	_ = c.(*net.TCPConn).SetLinger(0) //nolint:errcheck,forcetypeassert // it is TCP, or closed already
	_ = c.Close()
}

// arm has the next faults strike the call.
func (f *faultFront) arm(c *faultCall, faults int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.left = faults
	f.current, f.calls[c.id] = c, c
	if f.fault.idle {
		for conn := range f.conns {
			_ = conn.Close()
		}
	}
}

// disarm has what comes next be no call's.
func (f *faultFront) disarm() {
	f.mu.Lock()
	f.current = nil
	f.mu.Unlock()
}

// strikes takes a fault from those that are to come.
func (f *faultFront) strikes(c *faultCall) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c == nil || c.left == 0 {
		return false
	}
	c.left--
	return true
}

func (f *faultFront) armed() *faultCall {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current
}

// dial is what the client connects with.
func (f *faultFront) dial(ctx context.Context, network, address string) (net.Conn, error) {
	f.mu.Lock()
	if c := f.current; f.fault.dial != nil && c != nil && c.left > 0 {
		if to := f.fault.dial(f, c); to != "" {
			c.left--
			address = to
		}
	}
	f.mu.Unlock()
	return f.dialer.DialContext(ctx, network, address)
}

var callID = regexp.MustCompile(`call-[0-9]+-[0-9]+`)

// ServeHTTP passes a request on, or has the fault strike it.
func (f *faultFront) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.busy.RLock()
	defer f.busy.RUnlock()
	if f.closed {
		panic(http.ErrAbortHandler)
	}
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	if c := f.armed(); f.fault.early && f.strikes(c) {
		reset(conn)
		panic(http.ErrAbortHandler)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	f.mu.Lock()
	c := f.calls[callID.FindString(string(body))]
	if c != nil {
		c.arrived++
	}
	f.mu.Unlock()
	x := &struck{front: f, call: c, w: w, r: r, body: body, conn: conn}
	if f.fault.request != nil && f.strikes(c) {
		f.fault.request(x)
		return
	}
	x.write(x.execute()) //nolint:contextcheck // the request has it
}

// close ends everything, so that no request runs any more.
func (f *faultFront) close() {
	_ = f.server.Close()
	f.busy.Lock()
	f.closed = true
	f.busy.Unlock()
}
