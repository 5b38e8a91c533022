package lambda_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/lambda"
)

// request is what a handler sees of one.
type request struct {
	Method, Target, Path, Escaped, RawQuery, Host, Proto, RemoteAddr string

	Query, Form      url.Values
	Header           http.Header
	Cookies          []string
	Body             string
	Length           int64
	TransferEncoding []string
	TLS, GetBody     bool
}

// recorder keeps the request that it is called with.
type recorder struct{ request }

// ServeHTTP implements [http.Handler].
func (rec *recorder) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what cannot be read is missing in the comparison
	rec.request = request{
		Method: r.Method, Target: r.RequestURI, Path: r.URL.Path, Escaped: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery,
		Host: r.Host, Proto: r.Proto, RemoteAddr: r.RemoteAddr, Query: r.URL.Query(), Header: r.Header, Body: string(body),
		Length: r.ContentLength, TransferEncoding: r.TransferEncoding, TLS: r.TLS != nil, GetBody: r.GetBody != nil,
	}
	for _, c := range r.Cookies() {
		rec.Cookies = append(rec.Cookies, c.String())
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	_ = r.ParseForm() // it is what the comparison shows
	rec.Form = r.Form
}

// TestEvents: for every event in testdata the handler sees what a server of
// net/http makes of the same request, which stands beside it, on a connection
// from the same address.
//
// The order of different names in a query is not in the events of REST APIs and
// load balancers, nor is how a REST API's were encoded. So those are compared as
// values; HTTP APIs and function URLs to the byte.
func TestEvents(t *testing.T) {
	t.Parallel()
	events, err := filepath.Glob("testdata/events/*.json")
	if err != nil || len(events) < 40 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	for _, file := range events {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			event, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := &recorder{}
			result, err := lambda.HTTPHandler(got)(t.Context(), event)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := json.Marshal(result); err != nil {
				t.Error(err)
			}
			want := served(t, strings.TrimSuffix(file, ".json")+".http")
			if !strings.HasPrefix(name, "http-") && !strings.HasPrefix(name, "url-") {
				for _, r := range []*request{&got.request, &want} {
					r.Target, _, _ = strings.Cut(r.Target, "?")
					r.RawQuery = ""
				}
			}
			if diff := cmp.Diff(want, got.request); diff != "" {
				t.Errorf("(-net/http +event)\n%s", diff)
			}
			// Both ways to read an address take it.
			host, _, err := net.SplitHostPort(got.RemoteAddr)
			if err != nil || host == "" {
				t.Errorf("RemoteAddr %q: %v", got.RemoteAddr, err)
			}
		})
	}
}

// served sends a file's request through a real server. Its first line is where the
// request comes from, and over what.
func served(t *testing.T, file string) request {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := bytes.Cut(text, []byte("\n"))
	head, body, _ := bytes.Cut(rest, []byte("\n\n"))
	from, scheme, _ := strings.Cut(string(first), " ")
	wire := strings.ReplaceAll(string(head), "\n", "\r\n") + "\r\n\r\n" + string(body)

	rec := &recorder{}
	srv := httptest.NewUnstartedServer(rec)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	address := srv.Listener.Addr().String()
	srv.Listener = listenerFrom{srv.Listener, net.ParseIP(from)}
	dial := func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", address) }
	if scheme == "https" {
		srv.StartTLS()
		dial = func(ctx context.Context) (net.Conn, error) {
			return (&tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}}).DialContext(ctx, "tcp", address)
		}
	} else {
		srv.Start()
	}
	defer srv.Close()
	conn, err := dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, wire); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("the server does not take the request: %s", resp.Status)
	}
	return rec.request
}

// listenerFrom has connections come from an address of choice.
type listenerFrom struct {
	net.Listener
	ip net.IP
}

// Accept implements [net.Listener].
func (l listenerFrom) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &connFrom{conn, l.ip}, nil
}

type connFrom struct {
	net.Conn
	ip net.IP
}

// RemoteAddr implements [net.Conn].
func (c *connFrom) RemoteAddr() net.Addr { return &net.TCPAddr{IP: c.ip} }
