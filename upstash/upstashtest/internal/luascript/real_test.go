package luascript

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

	"github.com/google/go-cmp/cmp"
)

// TestRealRedisScripts runs every script of testdata on a real server as well.
// The server is emptied. The recorded replies come from Redis 7.0.15:
//
//	UPSTASH_TEST_REDIS_ADDR=127.0.0.1:6379 UPSTASH_TEST_REDIS_RECORD=1 go test -run TestRealRedisScripts
func TestRealRedisScripts(t *testing.T) { //nolint:paralleltest // one server
	addr := os.Getenv("UPSTASH_TEST_REDIS_ADDR")
	if addr == "" {
		t.Skip("UPSTASH_TEST_REDIS_ADDR is not set")
	}
	server := dialRedis(t, addr)
	cases := readCases(t)
	for i, c := range cases {
		server.do(t, "FLUSHALL")
		server.do(t, "SET", "s", "x")
		server.do(t, "EVAL", resetJSON, "0")
		resp := server.do(t, "EVAL", c.script, "1", "s", "10", "b")
		if os.Getenv("UPSTASH_TEST_REDIS_RECORD") != "" {
			cases[i].reply = resp
			continue
		}
		if diff := cmp.Diff(resp, evaluate(t, c.script)); diff != "" && c.why == "" {
			t.Errorf("%s\n(-redis +got):\n%s", c.script, diff)
		}
	}
	if os.Getenv("UPSTASH_TEST_REDIS_RECORD") != "" {
		writeCases(t, cases)
	}
}

// resetJSON undoes what a script has set: a real server keeps it for the next.
const resetJSON = `cjson.encode_max_depth(1000) cjson.decode_max_depth(1000) cjson.encode_number_precision(14)
cjson.encode_sparse_array(true, 2, 10) cjson.encode_invalid_numbers(false) cjson.decode_invalid_numbers(true)
cjson.encode_keep_buffer(true)`

// TestRecordedReplies compares with what a real server answered.
func TestRecordedReplies(t *testing.T) {
	t.Parallel()
	for _, c := range readCases(t) {
		diff := cmp.Diff(c.reply, evaluate(t, c.script))
		if (c.why != "") != (diff != "") {
			t.Errorf("%s\nknown to differ: %q (-redis +got):\n%s", c.script, c.why, diff)
		}
	}
}

func evaluate(t *testing.T, script string) string {
	t.Helper()
	p, err := Compile(script)
	if err != nil {
		return string(ErrorReply(err.Error()))
	}
	e := newEngine()
	e.strings["s"] = "x"
	return string(p.Run(t.Context(), Options{Keys: []string{"s"}, Args: []string{"10", "b"}, Call: e.call}).Resp)
}

type redisConn struct {
	conn net.Conn
	in   *bufio.Reader
}

func dialRedis(t *testing.T, addr string) *redisConn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(context.WithoutCancel(t.Context()), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &redisConn{conn, bufio.NewReader(conn)}
}

func (c *redisConn) do(t *testing.T, args ...string) string {
	t.Helper()
	var request strings.Builder
	fmt.Fprintf(&request, "*%d\r\n", len(args))
	for _, arg := range args {
		request.WriteString(bulk(arg))
	}
	if _, err := io.WriteString(c.conn, request.String()); err != nil {
		t.Fatal(err)
	}
	return c.read(t)
}

func (c *redisConn) read(t *testing.T) string {
	t.Helper()
	line, err := c.in.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	n, _ := strconv.Atoi(strings.TrimSpace(line[1:]))
	switch {
	case line[0] == '$' && n >= 0:
		body := make([]byte, n+2)
		if _, err := io.ReadFull(c.in, body); err != nil {
			t.Fatal(err)
		}
		line += string(body)
	case line[0] == '*':
		parts := []string{line}
		for range n {
			parts = append(parts, c.read(t))
		}
		line = strings.Join(parts, "")
	}
	return line
}

// A replyCase is a script, what Redis answered, and why this package does not
// answer the same, if so.
type replyCase struct{ script, reply, why string }

const casesFile = "testdata/redis7.txt"

func readCases(t *testing.T) []replyCase {
	t.Helper()
	return readCasesFor(t)
}

func readCasesFor(tb testing.TB) []replyCase {
	tb.Helper()
	content, err := os.ReadFile(casesFile)
	if err != nil {
		tb.Fatal(err)
	}
	var cases []replyCase
	for i, line := range strings.Split(strings.TrimSpace(string(content)), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		kind, quotedText, _ := strings.Cut(line, " ")
		text, err := strconv.Unquote(quotedText)
		if err != nil {
			tb.Fatalf("%s:%d: %v", casesFile, i+1, err)
		}
		switch kind {
		case "eval":
			cases = append(cases, replyCase{script: text})
		case "says":
			cases[len(cases)-1].reply = text
		case "here":
			cases[len(cases)-1].why = text
		}
	}
	return cases
}

func writeCases(t *testing.T, cases []replyCase) {
	t.Helper()
	var out strings.Builder
	out.WriteString("# Scripts, what Redis 7.0.15 answers to them, and why it is different here.\n")
	for _, c := range cases {
		fmt.Fprintf(&out, "\neval %s\nsays %s\n", strconv.Quote(c.script), strconv.Quote(c.reply))
		if c.why != "" {
			fmt.Fprintf(&out, "here %s\n", strconv.Quote(c.why))
		}
	}
	if err := os.WriteFile(casesFile, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}
