//go:build !js

package fetch_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/fetch"
)

// closeCounter is a body that knows whether it was closed.
type closeCounter struct {
	io.Reader
	closed int
}

func (c *closeCounter) Close() error { c.closed++; return nil }

func TestElsewhere(t *testing.T) {
	t.Parallel()
	body := &closeCounter{Reader: strings.NewReader("x")}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://name.example.com", body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := fetch.Transport{}.RoundTrip(req)
	if resp != nil {
		_ = resp.Body.Close()
	}
	if !errors.Is(err, errors.ErrUnsupported) || strings.Contains(err.Error(), "example") {
		t.Errorf("the error is %v", err)
	}
	if body.closed != 1 {
		t.Errorf("the body was closed %d times", body.closed)
	}
}
