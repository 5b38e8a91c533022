package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// scenario asks as two visitors do, with real requests, and prints the answers.
func scenario(ctx context.Context, url string, out io.Writer) error {
	for i := 1; i <= 102; i++ {
		a, err := ask(ctx, url+"/api/products", "198.51.100.7")
		if err != nil {
			return err
		}
		if i == 1 || i >= 100 {
			a.print(out, fmt.Sprintf("request %d for /api/products", i))
		}
	}
	for _, visit := range []struct{ what, path, address string }{
		{"another path", "/api/categories", "198.51.100.7"},
		{"another address", "/api/products", "198.51.100.8"},
		{"an address that the client invented", "/api/products", "203.0.113.1, 198.51.100.7"},
		{"a path without a limit", "/healthz", "198.51.100.7"},
	} {
		a, err := ask(ctx, url+visit.path, visit.address)
		if err != nil {
			return err
		}
		a.print(out, visit.what)
	}
	return nil
}

// answer is what a visitor got.
type answer struct {
	status string
	header http.Header
	body   string
}

// ask sends a request as the load balancer passes it on: what the client wrote
// into X-Forwarded-For is in front, and its address behind.
func ask(ctx context.Context, url, forwarded string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("X-Forwarded-For", forwarded)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.Status, res.Header, strings.TrimSpace(string(body))}, err
}

func (a answer) print(out io.Writer, what string) {
	_, _ = fmt.Fprintf(out, "%s: %s\n", what, a.status)
	for _, field := range []string{"RateLimit-Policy", "RateLimit", "Retry-After"} {
		if value := a.header.Get(field); value != "" {
			_, _ = fmt.Fprintf(out, "    %s: %s\n", field, value)
		}
	}
	_, _ = fmt.Fprintf(out, "    %s\n", a.body)
}
