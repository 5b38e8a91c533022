//go:build !wasm

package fetch_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// echoed is what a server says about the request that it got.
type echoed struct {
	Method string
	Path   string
	Header http.Header
	Body   []byte
}

// newHost starts a server with a path for everything that a transport can meet.
func newHost(t *testing.T) *httptest.Server {
	t.Helper()
	next, aborted := make(chan struct{}), make(chan struct{}, 100)
	mux := http.NewServeMux()
	mux.HandleFunc("/echo/", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Add("X-Twice", "one")
		w.Header().Add("X-Twice", "two")
		_ = json.NewEncoder(w).Encode(echoed{r.Method, r.URL.RequestURI(), r.Header, body})
	})
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "planted", Value: "1", Path: "/"})
		http.Redirect(w, r, "/echo/redirected", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		_, _ = io.WriteString(z, "packed")
		_ = z.Close()
	})
	mux.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 3<<20))
	})
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server watches the connection
		<-r.Context().Done()
		aborted <- struct{}{}
	})
	mux.HandleFunc("/aborted", func(_ http.ResponseWriter, r *http.Request) { // answers after a hang has ended
		select {
		case <-aborted:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/chunks", func(w http.ResponseWriter, r *http.Request) {
		for {
			_, _ = io.WriteString(w, "chunk\n")
			_ = http.NewResponseController(w).Flush()
			select {
			case <-next:
			case <-r.Context().Done():
				aborted <- struct{}{}
				return
			}
		}
	})
	mux.HandleFunc("/next", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case next <- struct{}{}:
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/drop/", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	})
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "abc")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	srv := httptest.NewServer(mux)
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	return srv
}
