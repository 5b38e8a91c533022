package upstashtest

import (
	"net/http"
	"runtime"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// Client returns a client of the server, the same one on every call. It makes no
// retries, so that every fault shows and every round trip is one the test made;
// for another client change [Server.ClientOptions].
func (s *Server) Client() *upstash.Client { return s.client }

// ClientOptions returns the options to reach the server with, for [upstash.New].
// All that is not needed for that is as in production, retries too.
func (s *Server) ClientOptions() upstash.Options {
	// Plain http to an address of this machine that is not loopback is what
	// whoever chose such an address asked for.
	o := upstash.Options{URL: s.URL, Token: s.Token, AllowInsecure: true}
	// On WebAssembly a listener exists only inside the program, where the
	// usual transport does not look for it.
	if s.front == nil || runtime.GOARCH == "wasm" {
		o.HTTPClient = &http.Client{Transport: s.Transport()}
	}
	return o
}

func newClient(s *Server) (*upstash.Client, error) {
	o := s.ClientOptions()
	o.Retry.Attempts = 1
	return upstash.New(o)
}
