package lambda

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/seed-9937a0e6/upstash-go/ratelimit/clientip"
)

var (
	errBody   = errors.New("lambda: the body of the event is not base64, though the event says so")
	errTarget = errors.New("lambda: the method or the path of the event cannot stand in a request")
)

// request makes what a server would have made of the request behind the event.
func (e *event) request(ctx context.Context, raw json.RawMessage, basePath string) (*http.Request, error) {
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, errBody
		}
	}
	ctx = context.WithValue(ctx, eventKey{}, received{source: e.source, raw: raw})
	r, err := http.NewRequestWithContext(ctx, e.method(), "/", bytes.NewReader(body))
	if err != nil || e.method() == "" {
		return nil, errTarget
	}
	r.RequestURI = e.target(basePath)
	if r.URL, err = url.ParseRequestURI(r.RequestURI); err != nil {
		return nil, errTarget
	}
	r.GetBody = nil
	if major, minor, ok := http.ParseHTTPVersion(e.protocol()); ok {
		r.Proto, r.ProtoMajor, r.ProtoMinor = e.protocol(), major, minor
	}
	r.Header = e.header()
	r.Host = r.Header.Get("Host")
	if r.Host == "" {
		r.Host = e.RequestContext.DomainName
	}
	// A server takes these out of the header as well.
	r.Header.Del("Host")
	r.Header.Del("Transfer-Encoding")
	r.RemoteAddr = e.remoteAddr(r.Header)
	if e.source != ALB || r.Header.Get("X-Forwarded-Proto") == "https" {
		// Not the connection, which ended before the event was made, but that
		// there was one with TLS: code that sets Secure cookies asks for it.
		r.TLS = &tls.ConnectionState{HandshakeComplete: true, ServerName: hostname(r.Host)}
	}
	return r, nil
}

// header joins the two forms. Where a header came more than once, HTTP APIs and
// function URLs have one value with commas, which is left as it is: to cut it
// would cut dates and user agents too.
func (e *event) header() http.Header {
	h := make(http.Header, max(len(e.Headers), len(e.MultiValueHeaders))+1)
	for name, values := range e.MultiValueHeaders {
		for _, value := range values {
			h.Add(name, value)
		}
	}
	for name, value := range e.Headers {
		if _, has := e.MultiValueHeaders[name]; !has {
			h.Add(name, value)
		}
	}
	if len(e.Cookies) > 0 { // in place of the header, which some events have besides
		h.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	return h
}

// The load balancer adds the address it was called from as the last.
var behindALB, _ = clientip.TrustedHops(1)

// remoteAddr is the address of who called, with port 0 where none is known, so
// that it reads like the RemoteAddr of a server: net.SplitHostPort and
// netip.ParseAddrPort take it. It is "" where the event has no address.
func (e *event) remoteAddr(h http.Header) string {
	var addr netip.Addr
	switch {
	case e.source == ALB:
		client := behindALB.Find(&http.Request{Header: h})
		if client.Doubt != clientip.Sure {
			return ""
		}
		addr = client.Addr
	case e.RequestContext.HTTP != nil:
		addr, _ = netip.ParseAddr(e.RequestContext.HTTP.SourceIP)
	default:
		addr, _ = netip.ParseAddr(e.RequestContext.Identity.SourceIP)
	}
	if !addr.IsValid() {
		return ""
	}
	return netip.AddrPortFrom(addr.Unmap().WithZone(""), 0).String()
}

func hostname(host string) string { return (&url.URL{Host: host}).Hostname() }
