package upstash

import (
	"crypto/tls"
	"net/http"
	"time"
)

// newPool is the connection pool of a client that was given none. The reason
// for each number: a function that was frozen must not write on a connection
// that the server has closed meanwhile, and the age of an idle connection is
// judged by the wall clock when it is taken, so the limit is far below any
// server's; a new connection costs a TLS handshake, so sessions are resumed;
// the default of two idle connections for each host would drop most of a burst.
func newPool() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        32,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     10 * time.Second,
		TLSHandshakeTimeout: 5 * time.Second,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(8)},
		HTTP2:               &http.HTTP2Config{SendPingTimeout: 15 * time.Second, PingTimeout: 5 * time.Second},
	}
}

// bearer adds the token below the HTTP client and in a closure, so that neither
// a debug log nor a printed struct ever holds it.
type bearer struct {
	next      http.RoundTripper
	authorize func(http.Header)
}

func newBearer(next http.RoundTripper, token string) bearer {
	value := []string{"Bearer " + token}
	return bearer{next: next, authorize: func(h http.Header) { h["Authorization"] = value }}
}

// RoundTrip writes into the request it was given, which others must not do: but
// every request here is this package's own, made for one exchange.
func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	b.authorize(r.Header)
	return b.next.RoundTrip(r)
}

// CloseIdleConnections reaches through to the pool.
func (b bearer) CloseIdleConnections() {
	if pool, ok := b.next.(interface{ CloseIdleConnections() }); ok {
		pool.CloseIdleConnections()
	}
}
