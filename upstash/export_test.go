package upstash

import "net/http"

// Pool is the client's own connection pool, for tests that shorten its limits or
// watch its connections; nil when the user gave one.
func (c *Client) Pool() *http.Transport {
	if c.transport.foreign {
		return nil
	}
	return c.transport.http.Transport.(bearer).next.(*http.Transport) //nolint:errcheck,forcetypeassert // newTransport made them
}

// NeverSent is neverSent, for the tests that provoke its texts.
var NeverSent = neverSent
