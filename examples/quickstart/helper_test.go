package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// The tests do not know the environment of who runs them: no test may reach
// somebody's database.
func TestMain(m *testing.M) {
	if err := errors.Join(os.Unsetenv(upstash.EnvURL), os.Unsetenv(upstash.EnvToken)); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// small is a catalog that makes few requests, for tests that go through all of
// them. Its first product, the one that is changed, is in the second category.
const small = `{
  "categories": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
  "products": [
    {"id": "p", "name": "P", "price": 1250, "categoryId": "b", "createdAt": "2026-01-01T08:00:00Z"},
    {"id": "q", "name": "Q", "price": 990, "categoryId": "b", "createdAt": "2026-01-02T08:00:00Z"},
    {"id": "r", "name": "R & R", "price": 5, "categoryId": "a", "createdAt": "2026-01-03T08:00:00Z"}
  ]
}`

// smallRequests is how many requests measuring the small catalog takes.
const smallRequests = 2*15 + 2*5 + 1 + 4 + 2*(3+2*3)

func smallCatalog(t *testing.T) Catalog {
	t.Helper()
	c, err := parseCatalog("small.json", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func writeFile(t *testing.T, text string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "shop.json")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// over returns how to reach srv, with a network that is in the hands of the
// test: it is told the number of every request, from 1.
func over(srv *upstashtest.Server, network func(number int, r *http.Request) (*http.Response, error)) upstash.Options {
	var number atomic.Int64
	o := srv.ClientOptions()
	o.Retry.Attempts = 1 // each failure shows
	o.HTTPClient = &http.Client{
		Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			return network(int(number.Add(1)), r)
		}),
	}
	return o
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// keys lists what is in the database.
func keys(t *testing.T, srv *upstashtest.Server) []string {
	t.Helper()
	reply, err := srv.Client().Raw(t.Context(), "KEYS", "*")
	if err != nil {
		t.Fatal(err)
	}
	list, err := reply.Texts()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func checkEmpty(t *testing.T, srv *upstashtest.Server) {
	t.Helper()
	if left := keys(t, srv); len(left) > 0 {
		t.Errorf("%d keys are left: %s", len(left), strings.Join(left, " "))
	}
}

func silent() *printer { return &printer{out: io.Discard} }
