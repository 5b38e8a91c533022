package upstashtest

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

// inProcessURL is the URL of a server without a listener. It is a loopback
// address, which clients accept over plain http, and port 0, which no
// connection reaches, so that a client without the round tripper fails at once.
const inProcessURL = "http://127.0.0.1:0"

const defaultAddr = "127.0.0.1:0"

// headerTimeout keeps a client that connects and says nothing from holding a
// connection for ever. Bodies have no limit in time: a test may well be slow.
const headerTimeout = 10 * time.Second

// A listener serves one handler on one address until it is closed.
type listener struct {
	addr net.Addr
	http *http.Server
	done chan struct{} // closed when the accept loop has ended
}

func listen(addr string, h http.Handler) (*listener, error) {
	if addr == "" {
		addr = defaultAddr
	}
	ln, err := net.Listen("tcp", addr) //nolint:noctx // listening does not wait
	if err != nil {
		return nil, fmt.Errorf("upstashtest: cannot listen: %w", err)
	}
	l := &listener{
		addr: ln.Addr(),
		http: &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout},
		done: make(chan struct{}),
	}
	go func() {
		defer close(l.done)
		_ = l.http.Serve(ln) // always http.ErrServerClosed, or an accept error that clients notice
	}()
	return l, nil
}

// url names the listener as a client on the same machine reaches it: an
// unspecified address ("listen everywhere") is no address to connect to.
func (l *listener) url() string {
	host, port, err := net.SplitHostPort(l.addr.String())
	if err != nil {
		return "http://" + l.addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

func (l *listener) close() {
	_ = l.http.Close() // nothing to do about a listener that will not close
	<-l.done
}
