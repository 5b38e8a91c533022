package main

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/examples/products/app"
	"github.com/seed-9937a0e6/upstash-go/examples/products/shop"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

//nolint:paralleltest // the framework and this program read the environment of the process
func TestFunction(t *testing.T) {
	srv := upstashtest.New(t)
	file := filepath.Join(t.TempDir(), "shop.db")
	s, err := shop.Open(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Fill(t.Context(), 12), s.Close()); err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err := errors.Join(err, listener.Close()); err != nil { // the framework listens by itself
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		upstash.EnvURL: srv.URL, upstash.EnvToken: srv.Token, app.EnvDatabase: file,
		app.EnvSecret: base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"HOST":        "127.0.0.1", "PORT": port, "FUNCTION_TARGET": "Shop",
	} {
		t.Setenv(name, value)
	}
	ended := make(chan error, 1)
	go func() { ended <- run(t.Context()) }() // until the test's process ends

	url := "http://127.0.0.1:" + port + "/api/products/p001"
	for _, want := range []string{"upstash; fwd=miss", "upstash; hit"} {
		status, from, body := get(t, url, ended)
		if status != http.StatusOK || from != want || !strings.Contains(body, "Small Headphones") {
			t.Errorf("%d, %s: %s, want %s", status, from, body, want)
		}
	}
}

// get asks until the server listens.
func get(t *testing.T, url string, ended <-chan error) (status int, from, body string) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-For", "198.51.100.7")
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			if err != nil {
				t.Fatal(err)
			}
			return res.StatusCode, res.Header.Get("Cache-Status"), string(body)
		}
		select {
		case err := <-ended:
			t.Fatal(err)
		case <-tick.C:
		}
	}
}

func TestWithoutSecret(t *testing.T) {
	srv := upstashtest.New(t)
	t.Setenv(upstash.EnvURL, srv.URL)
	t.Setenv(upstash.EnvToken, srv.Token)
	t.Setenv(app.EnvSecret, "short")
	if err := run(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "SESSION_SECRET is not a secret") {
		t.Errorf("error %v", err)
	}
}
