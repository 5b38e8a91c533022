package pipeline_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
)

// minimal is a server that answers every command with the same value after a
// delay, and counts. It lives in a process of its own, which is this program again.
type minimal struct {
	delay                     time.Duration
	requests, open, now, most atomic.Int64
}

// counted are the numbers of a minimal server.
type counted struct{ Requests, Connections, InFlight int64 }

const benchServer = "UPSTASH_TEST_BENCH_SERVER"

// TestBenchServer is that process. It ends when its input does.
func TestBenchServer(t *testing.T) {
	t.Parallel()
	delay, err := time.ParseDuration(os.Getenv(benchServer))
	if err != nil {
		t.Skip("no benchmark has started it")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it listens at once
	if err != nil {
		t.Fatal(err)
	}
	s := &minimal{delay: delay}
	server := &http.Server{Handler: s, ConnState: func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.open.Add(1)
		}
	}}
	go func() { _ = server.Serve(listener) }() // until it is closed
	if _, err := os.Stderr.WriteString("http://" + listener.Addr().String() + "\n"); err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark is over
	_ = server.Close()                   // so is this process
}

func (s *minimal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		_ = json.NewEncoder(w).Encode(counted{s.requests.Load(), s.open.Load(), s.most.Load()}) // who asked is told or gone
		return
	}
	s.requests.Add(1)
	now := s.now.Add(1)
	defer s.now.Add(-1)
	for {
		if most := s.most.Load(); now <= most || s.most.CompareAndSwap(most, now) {
			break
		}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if s.delay > 0 {
		<-time.After(s.delay)
	}
	const reply = `{"result":"hello"}`
	answer := []byte(reply)
	if r.URL.Path != "/" {
		answer = append(bytes.Repeat([]byte(","+reply), bytes.Count(body, []byte(`["GET"`))), ']')
		answer[0] = '['
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer)
}

// remote is a minimal server and a client of it.
type remote struct {
	url    string
	client *upstash.Client
}

func startMinimal(b *testing.B, delay time.Duration) remote {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Skip("this program cannot be found: ", err)
	}
	cmd := exec.CommandContext(b.Context(), self, "-test.run=^TestBenchServer$")
	cmd.Env = append(os.Environ(), benchServer+"="+delay.String())
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = stdin.Close() // it ends then
		_ = cmd.Wait()
	})
	line := make([]byte, 100)
	n, err := stderr.Read(line)
	if err != nil {
		b.Fatal(err)
	}
	r := remote{url: string(bytes.TrimSpace(line[:n]))}
	r.client, err = upstash.New(upstash.Options{URL: r.url, Token: "token", AllowInsecure: true, Format: upstash.FormatJSON})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(r.client.CloseIdle)
	return r
}

func (r remote) counted(b *testing.B) (c counted) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, r.url, http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&c); err != nil {
		b.Fatal(err)
	}
	c.Connections-- // this one
	return c
}
