package fetch

import "net/http"

// Transport is an [http.RoundTripper] over globalThis.fetch. The zero value is
// ready to use and safe for concurrent use.
//
// The call ends when the request's context ends, at once, also in a host whose
// fetch ignores its signal; the same holds for reading the body of the response,
// which arrives as the host receives it. While a call waits, the event loop of
// the host goes on.
//
// What fetch decides, and net/http elsewhere: the body of a request is sent when
// it has been read to its end; Request.Host is ignored; a response has no
// trailers, and its body is decompressed. Redirects are never followed: the
// response is the redirect itself, or in browsers, which hide it, an error. No
// cookies are sent along, and none are kept.
//
// Errors show what kind of failure it was, in the words of the host as far as
// they are not part of the request: never its URL, its headers or its body. A
// failure that says that no connection was made is a [net.OpError] of a dial, of
// which the client knows that nothing was sent.
type Transport struct{}

// RoundTrip implements [http.RoundTripper].
func (Transport) RoundTrip(r *http.Request) (*http.Response, error) { return roundTrip(r) }

// Client returns a client over [Transport], for Options.HTTPClient. It follows no
// redirects and keeps no cookies.
func Client() *http.Client {
	return &http.Client{
		Transport:     Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
