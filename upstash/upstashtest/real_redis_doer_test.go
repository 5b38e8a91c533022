package upstashtest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// realRedis is a connection to a real server: commands one after the other, and
// MULTI and EXEC around an atomic batch. It is not safe for concurrent use.
type realRedis struct {
	conn net.Conn
	in   *bufio.Reader
}

// dialRealRedis connects to one database of the server that the environment
// names. The database is emptied. Tests that use it wait for each other.
func dialRealRedis(t *testing.T, database string) *realRedis {
	t.Helper()
	addr := os.Getenv("UPSTASH_TEST_REDIS_ADDR")
	if addr == "" {
		t.Skip("UPSTASH_TEST_REDIS_ADDR names no Redis server; its databases 12 to 14 would be emptied")
	}
	wholeRedis.Lock()
	t.Cleanup(wholeRedis.Unlock)
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	r := &realRedis{conn: conn, in: bufio.NewReader(conn)}
	r.must(t, "SELECT", database)
	r.flush(t)
	return r
}

func (r *realRedis) flush(t *testing.T) {
	t.Helper()
	r.must(t, "FLUSHDB")
}

func (r *realRedis) must(t *testing.T, words ...string) command.Reply {
	t.Helper()
	reply, err := r.call(words)
	if err == nil {
		err = reply.Err()
	}
	if err != nil {
		t.Fatalf("%s: %v", words[0], err)
	}
	return reply
}

// version is that of the server: 7.0 is 700, and 8.4 is 804.
func (r *realRedis) version(t *testing.T) int {
	t.Helper()
	info, err := r.must(t, "INFO", "server").Text()
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

// Do implements [upstash.Doer].
func (r *realRedis) Do(_ context.Context, b upstash.Batch) ([]command.Reply, error) {
	if b.Atomic {
		return r.transaction(b.Commands)
	}
	replies := make([]command.Reply, len(b.Commands))
	for i, c := range b.Commands {
		var err error
		if replies[i], err = r.call(c.Words()); err != nil {
			return nil, err
		}
	}
	return replies, nil
}

func (r *realRedis) transaction(commands []command.Args) ([]command.Reply, error) {
	if _, err := r.call([]string{"MULTI"}); err != nil {
		return nil, err
	}
	for _, c := range commands {
		if _, err := r.call(c.Words()); err != nil { // what it refuses, EXEC tells
			return nil, err
		}
	}
	reply, err := r.call([]string{"EXEC"})
	if err != nil || reply.Kind() == command.KindArray {
		items, _ := reply.Array()
		return items, err
	}
	replies := make([]command.Reply, len(commands))
	for i := range replies {
		replies[i] = reply // discarded: the same error for each
	}
	return replies, nil
}

// call sends one command and reads its reply.
func (r *realRedis) call(words []string) (command.Reply, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(word), word)
	}
	if _, err := io.WriteString(r.conn, b.String()); err != nil {
		return command.Reply{}, err
	}
	return readReply(r.in)
}

// readReply reads one RESP2 reply.
func readReply(in *bufio.Reader) (command.Reply, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return command.Reply{}, err
	}
	kind, text := line[0], strings.TrimSuffix(line[1:], "\r\n")
	switch kind {
	case '+':
		return command.TextReply(text), nil
	case '-':
		return command.ErrorReply(text), nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return command.Reply{}, err
	case kind == ':':
		return command.IntReply(n), nil
	case n < 0:
		return command.Reply{}, nil
	case kind == '$':
		bulk := make([]byte, n+int64(len("\r\n")))
		_, err := io.ReadFull(in, bulk)
		return command.TextReply(string(bulk[:n])), err
	}
	items := make([]command.Reply, n)
	for i := range items {
		if items[i], err = readReply(in); err != nil {
			return command.Reply{}, err
		}
	}
	return command.ArrayReply(items...), nil
}
