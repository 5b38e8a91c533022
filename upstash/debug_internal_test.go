package upstash

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// capture collects what the HTTP client would print.
type capture struct {
	mu   sync.Mutex
	text strings.Builder
}

func (c *capture) Errorf(format string, v ...any) { c.print(format, v) }
func (c *capture) Warnf(format string, v ...any)  { c.print(format, v) }
func (c *capture) Debugf(format string, v ...any) { c.print(format, v) }

func (c *capture) print(format string, v []any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(&c.text, format, v...)
}

// Debug mode prints requests and responses whole. Should somebody switch it on
// inside this package, still nothing is printed.
func TestDebugModeShowsNoSecret(t *testing.T) {
	t.Parallel()
	const token, key, value = "t0k3n-of-the-test", "k3y-of-the-test", "v4lue-of-the-test"
	rdb, err := New(Options{URL: "http://localhost:8079", Token: token, HTTPClient: &http.Client{Transport: handlerTransport{
		http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Upstash-Sync-Token", value)
			_, _ = w.Write([]byte(`{"error":"ERR ` + value + `"}`))
		}),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	var log capture
	rdb.transport.resty.SetDebug(true).SetLogger(&log)
	for _, v := range []string{value, value + "\xff"} {
		if err := rdb.Set(t.Context(), key, v); err == nil {
			t.Error("the fake server did not fail")
		}
	}
	for _, secret := range []string{token, key, value, "localhost"} {
		if strings.Contains(log.text.String(), secret) {
			t.Errorf("%q is printed:\n%s", secret, &log.text)
		}
	}
}

type handlerTransport struct{ handler http.Handler }

func (h handlerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	return w.Result(), nil
}
