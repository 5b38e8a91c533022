package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A running command, with what it printed.
type running struct {
	url, token string
	lines      *bufio.Scanner
	stderr     *strings.Builder
	status     chan int
	interrupt  context.CancelFunc
}

// start runs the command until it says where it is.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, interrupt := context.WithCancel(t.Context())
	t.Cleanup(interrupt)
	out, stdout := io.Pipe()
	r := &running{lines: bufio.NewScanner(out), stderr: new(strings.Builder), status: make(chan int, 1), interrupt: interrupt}
	go func() {
		r.status <- run(ctx, append([]string{"-addr", "127.0.0.1:0"}, args...), stdout, r.stderr)
		_ = stdout.Close()
	}()
	r.url = r.line(t, "export UPSTASH_REDIS_REST_URL=")
	r.token = r.line(t, "export UPSTASH_REDIS_REST_TOKEN=")
	return r
}

func (r *running) line(t *testing.T, prefix string) string {
	t.Helper()
	if !r.lines.Scan() {
		t.Fatalf("it ended with status %d: %s", <-r.status, r.stderr)
	}
	rest, found := strings.CutPrefix(r.lines.Text(), prefix)
	if !found {
		t.Fatalf("it printed %q, want %s...", r.lines.Text(), prefix)
	}
	return rest
}

func (r *running) ask(ctx context.Context, token, command string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, strings.NewReader(command))
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if httptrace.ContextClientTrace(ctx) != nil {
		req.Header.Set("Expect", "100-continue") // which tells that the server has begun
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func (r *running) want(t *testing.T, token, command, want string) {
	t.Helper()
	got, err := r.ask(t.Context(), token, command)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", command, diff)
	}
}

// stop interrupts it, and returns the exit status and what is on standard error.
func (r *running) stop(t *testing.T) (status int, stderr string) {
	t.Helper()
	r.interrupt()
	if r.lines.Scan() {
		t.Errorf("a third line: %q", r.lines.Text())
	}
	return <-r.status, r.stderr.String()
}

// The two lines are all a program needs, and the end of the context ends run.
func TestServesUntilInterrupted(t *testing.T) {
	t.Parallel()
	r := start(t, "-token", "a$b")
	if !strings.HasPrefix(r.url, "http://127.0.0.1:") || r.token != `'a$b'` {
		t.Errorf("printed %q and %q", r.url, r.token)
	}
	r.want(t, "a$b", `["PING"]`, `{"result":"PONG"}`)
	if status, stderr := r.stop(t); status != 0 || stderr != "" {
		t.Errorf("status %d, said %q", status, stderr)
	}
}

func TestReadOnlyToken(t *testing.T) {
	t.Parallel()
	r := start(t, "-readonly-token", "look")
	r.want(t, "local", `["SET","k","v"]`, `{"result":"OK"}`)
	r.want(t, "look", `["GET","k"]`, `{"result":"v"}`)
	got, err := r.ask(t.Context(), "look", `["SET","k","w"]`)
	if err != nil || !strings.Contains(got, "NOPERM") {
		t.Errorf("%s, %v", got, err)
	}
}

// A request that is being served when the interrupt comes is served to its end.
func TestStopsGracefully(t *testing.T) {
	t.Parallel()
	r := start(t, "-latency", "300ms")
	begin, got := time.Now(), make(chan error, 1)
	begun := make(chan struct{})
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{Got100Continue: func() { close(begun) }})
	go func() {
		body, err := r.ask(ctx, "local", `["SET","k","v"]`)
		if err == nil && body != `{"result":"OK"}` {
			err = errors.New(body)
		}
		got <- err
	}()
	<-begun
	status, stderr := r.stop(t)
	if err := <-got; err != nil || status != 0 || stderr != "" {
		t.Errorf("the request got %v; status %d, said %q", err, status, stderr)
	}
	if took := time.Since(begin); took < 300*time.Millisecond {
		t.Errorf("it took %v, in spite of the latency", took)
	}
}

func seedWith(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "seed.jsonl")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestSeed(t *testing.T) {
	t.Parallel()
	r := start(t, "-v", "-seed", seedWith(t, "# greetings\n\n  [\"SET\", \"k\", \"hé\\u0000\"]\r\n"+
		`["HSET","h","n",9007199254740993,"yes",true]`+"\n"+`["GET","absent"]`))
	r.want(t, "local", `["GET","k"]`, `{"result":"hé\u0000"}`)
	r.want(t, "local", `["HGETALL","h"]`, `{"result":["n","9007199254740993","yes","true"]}`)
	if _, stderr := r.stop(t); strings.Count(stderr, "\n") != 2 || strings.Contains(stderr, "SET") {
		t.Errorf("the log does not have two requests only: %q", stderr)
	}
}

func TestSeedsThatAreRefused(t *testing.T) {
	t.Parallel()
	const notCommand = "want a JSON array"
	for name, tt := range map[string]struct{ content, want string }{
		"no JSON":       {"# fine\nSET k v\n", "seed.jsonl:2: " + notCommand},
		"object":        {`{"SET":"k"}`, "seed.jsonl:1: " + notCommand},
		"empty":         {`[]`, "seed.jsonl:1: " + notCommand},
		"null":          {`["SET","k",null]`, "seed.jsonl:1: " + notCommand},
		"nested":        {`["SET","k",["s3cret"]]`, "seed.jsonl:1: " + notCommand},
		"cut off":       {`["SET","k"`, "seed.jsonl:1: " + notCommand},
		"two in a line": {`["PING"] ["PING"]`, "seed.jsonl:1: there is something after the command"},
		"wrong type":    {`["SET","k","s3cret"]` + "\n\n" + `["LPUSH","k","s3cret"]`, "seed.jsonl:3: upstash: LPUSH: WRONGTYPE"},
		"unknown":       {`["NOSUCH"]`, "seed.jsonl:1: upstash: NOSUCH: ERR"},
		"too long":      {strings.Repeat(" ", maxLine+1), "seed.jsonl:1: bufio"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			status := run(t.Context(), []string{"-addr", "127.0.0.1:0", "-seed", seedWith(t, tt.content)}, &stdout, &stderr)
			if status != 1 || stdout.Len() > 0 || !strings.Contains(stderr.String(), tt.want) || strings.Contains(stderr.String(), "s3cret") {
				t.Errorf("status %d, stdout %q, stderr %q", status, &stdout, &stderr)
			}
		})
	}
}

// The log is for people: every line says when, what, and what came of it.
func TestRequestLog(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100)
	for name, tt := range map[string]struct {
		flags []string
		want  string
	}{
		"silent": {nil, ""},
		"names and keys": {[]string{"-v"},
			"TIME POST / SET k (+100 bytes) -> 200, 1 billed, TOOK, 114 B in, 15 B out\n" +
				"TIME POST / -> 401, 0 billed, TOOK, 0 B in, 51 B out\n"},
		"values": {[]string{"-values", "-latency", "1ms"},
			"TIME POST / SET k (+100 bytes) -> 200, 1 billed, TOOK, 114 B in, 15 B out\n" +
				`             "SET" "k" "` + long[:40] + `"...(100 bytes)` + "\n" +
				"TIME POST / -> 401, 0 billed, TOOK, 0 B in, 51 B out\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, append(tt.flags, "-token", "s3cret")...)
			r.want(t, "s3cret", `["SET","k","`+long+`"]`, `{"result":"OK"}`)
			r.want(t, "wrong", `["GET","k"]`, `{"error":"WRONGPASS invalid or missing auth token"}`)
			_, got := r.stop(t)
			got = regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d\.\d{3} `).ReplaceAllString(got, "TIME ")
			got = regexp.MustCompile(`[\d.]+(µs|ms|s), `).ReplaceAllString(got, "TOOK, ")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestManyArguments(t *testing.T) {
	t.Parallel()
	got := withValues(strings.Fields("DEL a b c d e f g h i j k l m n"))
	if diff := cmp.Diff(`"DEL" "a" "b" "c" "d" "e" "f" "g" "h" "i" "j" "k" and 3 more`, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWarnsWhoeverListensToOthers(t *testing.T) {
	t.Parallel()
	for addr, others := range map[string]bool{
		"127.0.0.1:0": false, "localhost:0": false, "LocalHost:0": false, "[::1]:0": false, "127.8.0.1:0": false,
		":0": true, "0.0.0.0:0": true, "[::]:0": true, "192.0.2.1:0": true, "example.com:0": true, "localhost": true,
	} {
		if got := (config{addr: addr}).loopback(); got == others {
			t.Errorf("%s is loopback: %v", addr, got)
		}
	}
	r := start(t, "-addr", ":0")
	if _, stderr := r.stop(t); !strings.HasPrefix(stderr, "upstash-local: warning: other machines can reach :0;") || strings.Count(stderr, "\n") != 1 {
		t.Errorf("it said %q", stderr)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		args   []string
		status int
		want   string
	}{
		"blank token":   {[]string{"-token", " "}, 2, "-token is blank"},
		"empty token":   {[]string{"-token", ""}, 2, "-token is blank"},
		"two words":     {[]string{"-addr", "127.0.0.1:0", "-token", "s3cret word"}, 1, "blank"},
		"blank reader":  {[]string{"-readonly-token", " "}, 2, "-readonly-token is blank"},
		"blank Redis":   {[]string{"-redis", " "}, 2, "-redis is blank"},
		"bad Redis":     {[]string{"-addr", "127.0.0.1:0", "-redis", "redis://:s3cret@"}, 1, "neither"},
		"same token":    {[]string{"-addr", "127.0.0.1:0", "-token", "s3cret", "-readonly-token", "s3cret"}, 1, "the same"},
		"blank address": {[]string{"-addr", ""}, 2, "-addr is blank"},
		"bad address":   {[]string{"-addr", "127.0.0.1:http:1"}, 1, "cannot listen"},
		"bad port":      {[]string{"-addr", "127.0.0.1:99999"}, 1, "cannot listen"},
		"backwards":     {[]string{"-latency", "-1s"}, 2, "-latency is negative"},
		"no duration":   {[]string{"-latency", "30"}, 2, "invalid value"},
		"no such seed":  {[]string{"-addr", "127.0.0.1:0", "-seed", "no-such-file"}, 1, "cannot read -seed"},
		"unknown flag":  {[]string{"-tokn", "x"}, 2, "not defined"},
		"argument":      {[]string{"serve"}, 2, "unexpected arguments"},
		"help":          {[]string{"-h"}, 0, "bearer token"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr strings.Builder
			status := run(t.Context(), tt.args, &stdout, &stderr)
			if status != tt.status || !strings.Contains(stderr.String(), tt.want) || stdout.Len() > 0 {
				t.Errorf("status %d, stdout %q, stderr %q", status, &stdout, &stderr)
			}
			if strings.Contains(stderr.String(), "s3cret") {
				t.Errorf("the token is in %q", &stderr)
			}
		})
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("broken") }

func TestBrokenOutput(t *testing.T) {
	t.Parallel()
	var stderr strings.Builder
	if status := run(t.Context(), []string{"-addr", "127.0.0.1:0"}, brokenWriter{}, &stderr); status != 1 {
		t.Errorf("status %d, stderr %q", status, &stderr)
	}
}
