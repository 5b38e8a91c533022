//go:build !js

package fetch

import (
	"errors"
	"fmt"
	"net/http"
)

func roundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close() // which a RoundTripper owes its caller
	}
	return nil, fmt.Errorf("fetch: there is no JavaScript host: build with GOOS=js, or leave Options.HTTPClient empty: %w", errors.ErrUnsupported)
}
