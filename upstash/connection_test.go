package upstash_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// rawServer hands every connection to f and closes it afterwards. It returns
// the URL and counts the connections.
func rawServer(t *testing.T, f func(net.Conn)) (url string, connections *atomic.Int32) {
	t.Helper()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	connections = new(atomic.Int32)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			f(conn)
			_ = conn.Close() // some were closed by f
		}
	}()
	t.Cleanup(func() {
		_ = l.Close() // nothing depends on it
		<-done
	})
	return "http://" + l.Addr().String(), connections
}

// readRequest reads a whole request, so that the client has sent it all.
func readRequest(r *bufio.Reader) bool {
	req, err := http.ReadRequest(r)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, req.Body)
	return err == nil
}

// overTCP makes a client with a connection pool of its own, or over a pool of the user's.
func overTCP(t *testing.T, url string, own bool) *upstash.Client {
	t.Helper()
	o := upstash.Options{URL: url, Token: testToken, Retry: noRetry}
	if !own {
		o.HTTPClient = &http.Client{Transport: &http.Transport{}}
	}
	rdb, err := upstash.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(rdb.CloseIdle)
	return rdb
}

func TestConnectionBreaks(t *testing.T) {
	t.Parallel()
	const headers = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
	for name, test := range map[string]struct {
		serve  func(net.Conn)
		status int
	}{
		"before the request was read": {serve: func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1)) // the client has begun to send
		}},
		"reset before the request was read": {serve: func(c net.Conn) {
			_, _ = c.Read(make([]byte, 1))
			_ = c.(*net.TCPConn).SetLinger(0) //nolint:errcheck,forcetypeassert // it is TCP
		}},
		"after the request was read": {serve: func(c net.Conn) {
			readRequest(bufio.NewReader(c))
		}},
		"inside the headers": {serve: func(c net.Conn) {
			readRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, headers[:40])
		}},
		"inside the body": {status: 200, serve: func(c net.Conn) {
			readRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, headers+`{"result":`)
		}},
		"not HTTP": {serve: func(c net.Conn) {
			readRequest(bufio.NewReader(c))
			_, _ = io.WriteString(c, "-ERR this is Redis\r\n")
		}},
	} {
		for _, op := range operations() {
			for _, own := range []bool{true, false} {
				t.Run(name+"/"+op.name, func(t *testing.T) {
					t.Parallel()
					url, connections := rawServer(t, test.serve)
					err := op.run(t, overTCP(t, url, own))
					want := verdict{Op: op.name, Status: test.status, Index: -1, Sent: true, Attempts: 1, Safe: op.repeatable, Unknown: true}
					if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
						t.Errorf("%v (-want +got)\n%s", err, diff)
					}
					if n := connections.Load(); n != 1 {
						t.Errorf("%d connections were made", n)
					}
				})
			}
		}
	}
}

// A connection that is reused may be gone. What was written on it may have run:
// it is not written again.
func TestReusedConnectionBreaks(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	url, connections := rawServer(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		if readRequest(r) {
			requests.Add(1)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"result\":1}")
		}
		if readRequest(r) {
			requests.Add(1)
		}
	})
	rdb := overTCP(t, url, true)
	if n, err := rdb.Incr(t.Context(), "k"); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	_, err := rdb.Incr(t.Context(), "k")
	want := verdict{Op: "INCR", Index: -1, Sent: true, Attempts: 1, Unknown: true}
	if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if got := [2]int32{connections.Load(), requests.Load()}; got != [2]int32{1, 2} {
		t.Errorf("connections and requests: %v", got)
	}
}

func TestConnectionRefused(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	l, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	url := "http://" + l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, own := range []bool{true, false} {
		for _, op := range operations() {
			err := op.run(t, overTCP(t, url, own))
			want := verdict{Op: op.name, Index: -1, Attempts: 1, Safe: true}
			if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
				t.Errorf("own pool: %v: %v (-want +got)\n%s", own, err, diff)
			}
			var opErr *net.OpError
			if !errors.Is(err, syscall.ECONNREFUSED) || !errors.As(err, &opErr) {
				t.Errorf("the cause is not reachable from %v", err)
			}
		}
	}
}

func TestDialError(t *testing.T) {
	t.Parallel()
	dial := func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: testHost, IsNotFound: true}}
	}
	_, err := newClient(t, &http.Transport{DialContext: dial}).Incr(t.Context(), "k")
	if diff := cmp.Diff(verdict{Op: "INCR", Index: -1, Attempts: 1, Safe: true}, verdictOf(t, err)); diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if !strings.Contains(err.Error(), "no such host") {
		t.Errorf("the reason is missing: %v", err)
	}
}

// each is every way with every operation.
func each[V any](ways map[string]V, operations []operation) iter.Seq2[string, operation] {
	return func(yield func(string, operation) bool) {
		for way := range ways {
			for _, op := range operations {
				if !yield(way, op) {
					return
				}
			}
		}
	}
}

// timeoutError is a network's own deadline.
type timeoutError struct{}

func (timeoutError) Error() string   { return "i/o timeout" }
func (timeoutError) Timeout() bool   { return true }
func (timeoutError) Temporary() bool { return true }

// What a RoundTripper of the user's did with a body that it took is unknown, and
// without the body no server can have run anything.
func TestForeignTransportFails(t *testing.T) {
	t.Parallel()
	takes := map[string]func(*http.Request) error{
		"nothing": func(*http.Request) error { return nil },
		"a byte":  func(r *http.Request) error { _, err := r.Body.Read(make([]byte, 1)); return err },
		"all":     func(r *http.Request) error { _, err := io.Copy(io.Discard, r.Body); return err },
	}
	for _, cause := range []error{errors.New("fetch failed"), timeoutError{}, io.EOF, net.ErrClosed} {
		for took, op := range each(takes, operations()) {
			sent := took != "nothing"
			m := mock(func(r *http.Request) (*http.Response, error) {
				if err := takes[took](r); err != nil {
					t.Error(err)
				}
				return nil, cause
			})
			err := op.run(t, newClient(t, m))
			want := verdict{
				Op: op.name, Index: -1, Sent: sent, Attempts: 1, Safe: op.repeatable || !sent, Unknown: sent,
				Timeout: cause == timeoutError{}, //nolint:errorlint // identity is meant
			}
			if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
			if !errors.Is(err, cause) {
				t.Errorf("%v does not lead to its cause", err)
			}
			if n := m.GetTotalCallCount(); n != 1 {
				t.Errorf("%d requests were made", n)
			}
		}
	}
}
