package upstashtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// mapHandler answers GET from a map, with the parser of the server and nothing
// else of it: what is on top of it is what the server costs.
type mapHandler struct {
	mu     sync.RWMutex
	values map[string]string
}

func (h *mapHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _, err := readBody(r, freePlan.MaxRequest)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	var out []byte
	if r.URL.Path == pathPipeline {
		var commands [][]string
		commands, err = commandsFromBody(body)
		out = append(out, '[')
		for i, command := range commands {
			if i > 0 {
				out = append(out, ',')
			}
			out = h.appendGet(out, command)
		}
		out = append(out, ']')
	} else {
		var command []string
		if command, err = commandFromBody(body); err == nil {
			out = h.appendGet(out, command)
		}
	}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", typeJSON)
	_, _ = w.Write(out)
}

func (h *mapHandler) appendGet(dst []byte, command []string) []byte {
	h.mu.RLock()
	value := h.values[command[1]]
	h.mu.RUnlock()
	dst = append(dst, `{"result":`...)
	return append(appendString(dst, []byte(value)), '}')
}

// BenchmarkThroughput sends each request to the server and to a map in turn, over
// sockets, and reports how many times longer the server takes.
func BenchmarkThroughput(b *testing.B) {
	const value = "0123456789abcdef0123456789abcdef"
	srv, err := NewServer(Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer srv.Close()
	plain := httptest.NewServer(&mapHandler{values: map[string]string{"key": value}})
	defer plain.Close()

	post := func(url, path, body string) time.Duration {
		begin := time.Now()
		req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url+path, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+srv.Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			b.Fatal(err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			b.Fatalf("status %d, %v", resp.StatusCode, err)
		}
		return time.Since(begin)
	}
	post(srv.URL, "/", `["SET","key","`+value+`"]`)

	for _, bb := range []struct{ name, path, body string }{
		{"get", "/", `["GET","key"]`},
		{"pipeline=100", pathPipeline, `[["GET","key"]` + strings.Repeat(`,["GET","key"]`, 99) + `]`},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var server, plainMap time.Duration
			for b.Loop() {
				server += post(srv.URL, bb.path, bb.body)
				plainMap += post(plain.URL, bb.path, bb.body)
			}
			b.ReportMetric(float64(server)/float64(b.N), "server-ns/op")
			b.ReportMetric(float64(plainMap)/float64(b.N), "map-ns/op")
			b.ReportMetric(float64(server)/float64(plainMap), "ratio")
		})
	}
}
