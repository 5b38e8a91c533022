//go:build !js

package fetch_test

import "github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"

// database starts a local server.
func database() (url, token string, done func()) {
	srv, err := upstashtest.NewServer(upstashtest.Options{})
	if err != nil {
		panic(err)
	}
	return srv.URL, srv.Token, srv.Close
}
