package upstashtest_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// recordingTB notes what New asks of a test.
type recordingTB struct {
	cleanups []func()
	failed   string
	fatal    string
}

func (*recordingTB) Helper()                           {}
func (tb *recordingTB) Cleanup(f func())               { tb.cleanups = append(tb.cleanups, f) }
func (tb *recordingTB) Errorf(format string, a ...any) { tb.failed = fmt.Sprintf(format, a...) }
func (tb *recordingTB) Fatalf(format string, a ...any) { tb.fatal = fmt.Sprintf(format, a...) }

func TestNewClosesWithTheTest(t *testing.T) {
	t.Parallel()
	tb := &recordingTB{}
	srv := upstashtest.New(tb)
	if len(tb.cleanups) != 1 || tb.fatal != "" {
		t.Fatalf("%d cleanups, fatal %q", len(tb.cleanups), tb.fatal)
	}
	must(t, srv, `"PONG"`, "PING")
	tb.cleanups[0]()
	tb.cleanups[0]() // Close is idempotent
	addr := strings.TrimPrefix(srv.URL, "http://")
	if conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr); err == nil {
		_ = conn.Close()
		t.Error("the listener is still there")
	}
	resp, err := srv.Transport().RoundTrip(inProcessRequest(t, srv, http.MethodPost, "/", `["PING"]`))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d after Close", resp.StatusCode)
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		opts []upstashtest.Options
		want string
	}{
		"two options":     {make([]upstashtest.Options, 2), "at most one Options"},
		"blank token":     {[]upstashtest.Options{{Token: " "}}, "blank"},
		"blank in token":  {[]upstashtest.Options{{Token: "s3cret word"}}, "blank"},
		"line in token":   {[]upstashtest.Options{{Token: "s3cret\n"}}, "blank"},
		"address":         {[]upstashtest.Options{{Addr: "no such address"}}, "cannot listen"},
		"address in vain": {[]upstashtest.Options{{Addr: "127.0.0.1:0", InProcess: true}}, "exclude each other"},
	} {
		tb := &recordingTB{}
		srv := upstashtest.New(tb, tt.opts...)
		if srv != nil || !strings.Contains(tb.fatal, tt.want) || strings.Contains(tb.fatal, "s3cret") {
			t.Errorf("%s: %q", name, tb.fatal)
		}
	}
}

func TestServersAreApart(t *testing.T) {
	t.Parallel()
	one, other := newServer(t), newServer(t)
	if one.URL == other.URL || one.Token == other.Token || one.Token == "" {
		t.Errorf("%q %q", one.URL, other.URL)
	}
	must(t, one, `"OK"`, "SET", "k", "v")
	must(t, other, `null`, "GET", "k")
}

func TestListeningEverywhere(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{Addr: ":0"})
	if !strings.HasPrefix(srv.URL, "http://127.0.0.1:") {
		t.Errorf("URL is %q", srv.URL)
	}
	must(t, srv, `"PONG"`, "PING")
}

// A client that goes away in the middle of a body costs one failed request; Close
// waits for its goroutine, and so hangs here if it stays.
func TestClientThatGoesAway(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n[\"SET\"", srv.Token)
	if err != nil {
		t.Fatal(err)
	}
	_ = conn.Close()
	must(t, srv, `"PONG"`, "PING")

	stuck, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(srv.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	_, err = fmt.Fprintf(stuck, "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 100\r\n\r\n[", srv.Token)
	if err != nil {
		t.Fatal(err)
	}
	must(t, srv, `"PONG"`, "PING")
	srv.Close()
}
