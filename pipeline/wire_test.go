package pipeline_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// wiretap is a server that answers every command with null and keeps the bodies.
type wiretap struct {
	mu     sync.Mutex
	bodies []string
}

func (w *wiretap) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.bodies = append(w.bodies, string(body))
	w.mu.Unlock()
	answer := `{"result":null}`
	if req.URL.Path != "/" {
		var commands []json.RawMessage
		if err := json.Unmarshal(body, &commands); err != nil {
			return nil, err
		}
		answer = "[" + strings.TrimSuffix(strings.Repeat(answer+",", len(commands)), ",") + "]"
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(answer)), ContentLength: int64(len(answer)), Request: req,
	}, nil
}

// commands are the words of all requests, one list for each request.
func (w *wiretap) commands(t *testing.T) (requests [][][]string) {
	t.Helper()
	for _, body := range w.bodies {
		var batch [][]string
		if !strings.HasPrefix(body, "[[") {
			body = "[" + body + "]"
		}
		if err := json.Unmarshal([]byte(body), &batch); err != nil {
			t.Fatal(err)
		}
		requests = append(requests, batch)
	}
	return requests
}

func overWire(t *testing.T) (*wiretap, *upstash.Client) {
	t.Helper()
	w := &wiretap{}
	rdb, err := upstash.New(upstash.Options{URL: "https://x.upstash.io", Token: "token", HTTPClient: &http.Client{Transport: w}})
	if err != nil {
		t.Fatal(err)
	}
	return w, rdb
}
