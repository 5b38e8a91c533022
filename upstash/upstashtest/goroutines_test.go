package upstashtest_test

import (
	"fmt"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// Clients that leave in the middle of a stream, or of a body, take their
// goroutines with them. It runs alone, for it counts those of all.
func TestNoGoroutineStays(t *testing.T) { //nolint:paralleltest // see above
	srv := newServer(t)
	transport := &http.Transport{}
	client := &http.Client{Transport: transport}
	before := runtime.NumGoroutine()

	for range 20 {
		followBy(t, client, srv.URL, srv.Token, "/subscribe/c", "subscribe,c,1").leave()
		followBy(t, client, srv.URL, srv.Token, "/psubscribe/c*", "psubscribe,c*,1").leave()
	}
	dialer := new(net.Dialer)
	for range 20 {
		conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n[\"SET\"", srv.Token)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	}
	transport.CloseIdleConnections()

	late := time.NewTimer(time.Minute)
	defer late.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for runtime.NumGoroutine() > before {
		select {
		case <-again.C:
		case <-late.C:
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}
