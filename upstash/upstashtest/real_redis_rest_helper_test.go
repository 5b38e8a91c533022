package upstashtest_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// newRedisServer is a server over the Redis that the environment names, whose
// database 0 is emptied. Tests that use it wait for each other.
func newRedisServer(t *testing.T) *upstashtest.Server {
	t.Helper()
	addr := os.Getenv("UPSTASH_TEST_REDIS_ADDR")
	if addr == "" {
		t.Skip("UPSTASH_TEST_REDIS_ADDR names no Redis server; its database 0 would be emptied")
	}
	wholeRedis.Lock()
	t.Cleanup(wholeRedis.Unlock)
	srv := upstashtest.New(t, upstashtest.Options{Redis: addr})
	srv.Flush()
	t.Cleanup(srv.Flush)
	return srv
}

// redisVersion is the version of the Redis behind a server, as in
// [realRedis.version].
func redisVersion(t *testing.T, srv *upstashtest.Server) int {
	t.Helper()
	info, err := upstash.Exec(t.Context(), srv.Client(), command.New(command.Reply.Text, "INFO", "server"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(info, "redis_version:")
	var major, minor int
	if _, err := fmt.Sscanf(after, "%d.%d.", &major, &minor); err != nil {
		t.Fatalf("INFO shows no version: %v", err)
	}
	return 100*major + minor
}

// An ownRedis is a Redis that belongs to one test, which may stop it.
type ownRedis struct {
	addr string
	args []string
	cmd  *exec.Cmd
}

func startRedis(t *testing.T, args ...string) *ownRedis {
	t.Helper()
	if os.Getenv("UPSTASH_TEST_REDIS_ADDR") == "" {
		t.Skip("UPSTASH_TEST_REDIS_ADDR names no Redis server, and so none is started either")
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("no redis-server to start: ", err)
	}
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	if err := ln.Close(); err != nil { // the port is free now
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(addr)
	r := &ownRedis{addr: addr, args: append([]string{
		"--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir(),
	}, args...)}
	r.start(t)
	t.Cleanup(func() { r.stop(t) })
	return r
}

// start returns when the server accepts connections.
func (r *ownRedis) start(t *testing.T) {
	t.Helper()
	r.cmd = exec.Command("redis-server", r.args...) //nolint:noctx // stop ends it, after the context of the test has ended
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "eady to accept connections") {
			go func() {
				for lines.Scan() { // or it would wait for somebody who reads
				}
			}()
			return
		}
	}
	t.Fatal("the Redis did not start")
}

func (r *ownRedis) stop(t *testing.T) {
	t.Helper()
	if r.cmd == nil {
		return
	}
	if err := r.cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	var exit *exec.ExitError
	if err := r.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Error(err)
	}
	r.cmd = nil
}

// manyConnections is a client for very many requests at a time.
func manyConnections(t *testing.T, srv *upstashtest.Server) *upstash.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	c, err := upstash.New(upstash.Options{
		URL: srv.URL, Token: srv.Token, HTTPClient: &http.Client{Transport: transport, Timeout: time.Minute},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// serverOver is a server over the Redis at an address.
func serverOver(tb upstashtest.TB, redis string) *upstashtest.Server {
	tb.Helper()
	return upstashtest.New(tb, upstashtest.Options{Redis: redis})
}

// dialOwn connects to a Redis past the server.
func dialOwn(t *testing.T, addr string) *realRedis {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &realRedis{conn: conn, in: bufio.NewReader(conn)}
}
