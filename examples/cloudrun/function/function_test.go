package function_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/examples/cloudrun/function"
	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

var srv *upstashtest.Server

// The function has one client for its process, as on Cloud Run.
func TestMain(m *testing.M) {
	var err error
	if srv, err = upstashtest.NewServer(upstashtest.Options{}); err != nil {
		panic(err)
	}
	for name, value := range map[string]string{upstash.EnvURL: srv.URL, upstash.EnvToken: srv.Token} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func ask(t *testing.T, query string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	function.Serve(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?"+query, http.NoBody))
	return w
}

func TestPrimes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 0, 1: 0, 2: 0, 3: 1, 10: 4, 100: 25, 1_000_000: 78498} {
		for _, from := range []string{"upstash; fwd=miss", "upstash; hit"} {
			w := ask(t, fmt.Sprintf("n=%d", n))
			body := fmt.Sprintf("{\"below\":%d,\"primes\":%d}\n", n, want)
			if w.Code != http.StatusOK || w.Body.String() != body || w.Header().Get("Cache-Status") != from {
				t.Errorf("n=%d: %d %s %s, want %s %s", n, w.Code, w.Header().Get("Cache-Status"), w.Body, from, body)
			}
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"", "n=", "n=-1", "n=2000001", "n=ten"} {
		if w := ask(t, query); w.Code != http.StatusBadRequest || !strings.HasPrefix(w.Body.String(), "n: expected") {
			t.Errorf("%q: %d %s", query, w.Code, w.Body)
		}
	}
}

// An instance is asked many things at once.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			if w := ask(t, fmt.Sprintf("n=%d", 4000+i%5)); w.Code != http.StatusOK {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		})
	}
	wg.Wait()
	for i := range 5 {
		if w := ask(t, fmt.Sprintf("n=%d", 4000+i)); w.Header().Get("Cache-Status") != "upstash; hit" {
			t.Errorf("n=%d afterwards: %s", 4000+i, w.Header().Get("Cache-Status"))
		}
	}
}
