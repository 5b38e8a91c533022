package main

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// It serves until it is told to end, and what is under way then is answered.
//
//nolint:paralleltest // this program reads the environment of the process
func TestServer(t *testing.T) {
	srv := upstashtest.New(t)
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err := errors.Join(err, listener.Close()); err != nil { // the server listens by itself
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		upstash.EnvURL: srv.URL, upstash.EnvToken: srv.Token, "PORT": port,
		app.EnvDatabase: filepath.Join(t.TempDir(), "shop.db"),
		app.EnvSecret:   base64.StdEncoding.EncodeToString(make([]byte, 32)),
	} {
		t.Setenv(name, value)
	}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()

	url := "http://127.0.0.1:" + port + "/api/categories"
	for get(t, url) != http.StatusOK {
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-time.After(10 * time.Millisecond): // until it listens
		}
	}
	srv.Intercept(upstashtest.On("MGET", func(x *upstashtest.Exchange) {
		end() // in the middle of the next request
		x.Execute()
	}))
	if status := get(t, url); status != http.StatusOK {
		t.Errorf("the request that was under way: %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func get(t *testing.T, url string) (status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", "198.51.100.7")
	r.Close = true
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}
