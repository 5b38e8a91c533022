package upstash_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// overTLS makes a client with a connection pool of its own that trusts the tests'
// servers. It retries, unless told otherwise.
func overTLS(t *testing.T, url string, change ...func(*upstash.Options)) *upstash.Client {
	t.Helper()
	rdb := trustingClient(t, url, change...)
	t.Cleanup(rdb.CloseIdle)
	return rdb
}

// trustingClient leaves it to its caller to close the client's connections.
func trustingClient(t *testing.T, url string, change ...func(*upstash.Options)) *upstash.Client {
	t.Helper()
	o := upstash.Options{URL: url, Token: testToken, Retry: upstash.RetryOptions{BaseDelay: time.Microsecond}}
	for _, f := range change {
		f(&o)
	}
	rdb, err := upstash.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if pool := rdb.Pool(); pool != nil {
		pool.TLSClientConfig.RootCAs = newIdentity().trusted
	}
	return rdb
}

// TestHTTP2StreamsThatEndEarly pins the texts by which net/http says that a
// server did not look at a stream, and shows that it sends nothing again by itself:
// a PROTOCOL_ERROR may come after the command ran.
func TestHTTP2StreamsThatEndEarly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		end     func(c *http2Conn, stream uint32)
		unknown bool
	}{
		"refused stream": {end: func(c *http2Conn, stream uint32) { c.reset(stream, refusedStreamCode) }},
		"goes away":      {end: func(c *http2Conn, stream uint32) { c.goAway(stream - 2) }},
		"protocol error": {end: func(c *http2Conn, stream uint32) { c.reset(stream, protocolError) }, unknown: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var requests atomic.Int32
			url := rawHTTP2(t, func(c *http2Conn, stream uint32) {
				if requests.Add(1) == 2 { // the first one is for the handshake
					tt.end(c, stream)
					return
				}
				c.answer(stream, `{"result":7}`)
			})
			var observed []int
			rdb := overTLS(t, url, func(o *upstash.Options) {
				o.Observe = func(_ context.Context, rt upstash.RoundTrip) { observed = append(observed, rt.Attempt) }
			})
			if _, err := rdb.Incr(t.Context(), "k"); err != nil {
				t.Fatal(err)
			}
			n, err := rdb.Incr(t.Context(), "k")
			if !tt.unknown {
				if n != 7 || err != nil {
					t.Errorf("Incr = %d, %v: the server looked at no more than one of the two", n, err)
				}
				if diff := cmp.Diff([]int{1, 1, 2}, observed); diff != "" || requests.Load() != 3 {
					t.Errorf("%d requests; attempts (-want +got)\n%s", requests.Load(), diff)
				}
				return
			}
			want := verdict{Op: "INCR", Index: -1, Sent: true, Attempts: 1, Unknown: true}
			if diff := cmp.Diff(want, verdictOf(t, err)); diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
			if requests.Load() != 2 {
				t.Errorf("the server got %d requests, want 2: net/http has sent one again", requests.Load())
			}
		})
	}
}

// TestNetHTTPSendsABodyAgain is why requests have no GetBody: with one, net/http
// repeats a POST whose stream ended with a PROTOCOL_ERROR. Should Go change that,
// the field may come back.
func TestNetHTTPSendsABodyAgain(t *testing.T) {
	t.Parallel()
	for _, withGetBody := range []bool{true, false} {
		var requests atomic.Int32
		url := rawHTTP2(t, func(c *http2Conn, stream uint32) {
			if requests.Add(1) == 1 {
				c.reset(stream, protocolError)
				return
			}
			c.answer(stream, `{"result":7}`)
		})
		rdb := overTLS(t, url)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(`["INCR","k"]`))
		if err != nil {
			t.Fatal(err)
		}
		if !withGetBody {
			req.GetBody = nil
		}
		resp, err := rdb.Pool().RoundTrip(req)
		if err == nil {
			resp.Body.Close()
		}
		if again := requests.Load() == 2 && err == nil; again != withGetBody {
			t.Errorf("with GetBody %v: %d requests, %v", withGetBody, requests.Load(), err)
		}
	}
}

// A connection that tells when the client closes it.
type tellingConn struct {
	net.Conn
	closed chan struct{}
}

func (c tellingConn) Close() error {
	select {
	case <-c.closed:
	default:
		close(c.closed)
	}
	return c.Conn.Close()
}

// TestServerClosedIdleConnection provokes the text for real: the server closes a
// kept connection when the client has taken it for a request and not yet written.
func TestServerClosedIdleConnection(t *testing.T) {
	t.Parallel()
	const want = "http: server closed idle connection"
	var requests atomic.Int32
	hangUp := make(chan struct{})
	url, _ := rawServer(t, func(c net.Conn) {
		if readRequest(bufio.NewReader(c)) {
			requests.Add(1)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"result\":1}")
			<-hangUp
		}
	})
	rdb := overTCP(t, url, true)
	var last tellingConn
	rdb.Pool().DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		last = tellingConn{conn, make(chan struct{})}
		return last, err
	}
	taken := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		if info.Reused {
			hangUp <- struct{}{}
			<-last.closed
		}
	}})
	// net/http notices in one of two ways, as it happens: this text, or a write
	// on a connection that is closed.
	for tries := int32(1); ; tries++ {
		if _, err := rdb.Incr(t.Context(), "k"); err != nil {
			t.Fatal(err)
		}
		_, err := rdb.Incr(taken, "k")
		if diff := cmp.Diff(verdict{Op: "INCR", Index: -1, Attempts: 1, Safe: true}, verdictOf(t, err)); diff != "" {
			t.Fatalf("%v (-want +got)\n%s", err, diff)
		}
		if n := requests.Load(); n != tries {
			t.Fatalf("the server got %d requests, want %d", n, tries)
		}
		if strings.HasSuffix(err.Error(), want) {
			break
		}
		if tries == 1000 {
			t.Fatalf("%q did not come in %d tries, but %v", want, tries, err)
		}
	}
	if !upstash.NeverSent(errors.New(want)) || upstash.NeverSent(errors.New("by the way: "+want)) {
		t.Errorf("neverSent does not know %q, or more than it", want)
	}
}
