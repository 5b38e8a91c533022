package upstashtest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash"
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest/internal/conform"
)

// TestRealRedisRESTConforms executes the cases of every typed command over REST
// on a real Redis: what it has it answers, and conditional writes in any case.
func TestRealRedisRESTConforms(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	version, executed := redisVersion(t, srv), rowSet{}
	for name, way := range conformWays {
		for _, c := range conform.Cases() {
			if since := realRedisSince[realRedisSince.Entry(c)]; since > version && since != conditionalWrites {
				continue
			}
			if strings.HasPrefix(c.Command(), "ACL ") && engineLacks.Entry(c) != "" {
				continue // the server has users of its own, whatever is behind it
			}
			if c.Dumps() {
				continue // a real dump is binary, which a body of JSON cannot hold
			}
			srv.Flush()
			for _, problem := range c.Problems(t.Context(), srv.Client(), way, about) {
				t.Errorf("%s: %s", name, problem)
			}
			executed.add(c)
		}
	}
	t.Logf("version %d executed %d of %d rows", version, len(executed), len(tableRows(t)))
}

// Arguments arrive byte by byte, and replies come back so.
func TestRealRedisRESTIsExact(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	must(t, srv, `2`, "RPUSH", "l", "", "a\r\nb\x00\"\\é€😀")
	must(t, srv, `["","a\r\nb\u0000\"\\é€😀"]`, "LRANGE", "l", "0", "-1")
	got, _ := request{Body: `["RPUSH","n",9007199254740993,-0,1.50,1e400,true,false,12345678901234567890]`}.do(t, srv)
	if diff := cmp.Diff(reply{200, `{"result":7}`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	must(t, srv, `["9007199254740993","-0","1.50","1e400","true","false","12345678901234567890"]`, "LRANGE", "n", "0", "-1")
	must(t, srv, `9223372036854775807`, "INCRBY", "i", "9223372036854775807")

	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	large := bytes.Repeat(all, 4<<10) // one megabyte
	for name, value := range map[string][]byte{"all bytes": all, "large": large, "ends": []byte("\r\n$-1\r\n")} {
		got, _ := request{Path: "/set/b", Body: string(value)}.do(t, srv)
		if diff := cmp.Diff(reply{200, `{"result":"OK"}`}, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", name, diff)
		}
		encoded, _ := request{Path: "/get/b", Header: map[string]string{"Upstash-Encoding": "base64"}}.do(t, srv)
		if encoded.Body != `{"result":"`+base64.StdEncoding.EncodeToString(value)+`"}` {
			t.Errorf("%s: another value", name)
		}
		raw, _ := request{Path: "/get/b", Header: map[string]string{"Upstash-Response-Format": "resp2"}}.do(t, srv)
		if raw.Body != fmt.Sprintf("$%d\r\n%s\r\n", len(value), value) {
			t.Errorf("%s: another value in RESP2", name)
		}
	}
}

func TestRealRedisRESTErrors(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	must(t, srv, `1`, "RPUSH", "l", "x")
	mustFail(t, srv, wrongType, "GET", "l")
	mustFail(t, srv, "ERR wrong number of arguments for 'get' command", "GET")
	mustFail(t, srv, "ERR value is not an integer or out of range", "EXPIRE", "l", "soon")
	mustFail(t, srv, noScript, "EVALSHA", strings.Repeat("0", 40), "0")
	for _, words := range [][]string{{"BLPOP", "l", "0"}, {"XREAD", "BLOCK", "0", "STREAMS", "s", "$"}, {"SELECT", "1"}, {"SHUTDOWN"}} {
		mustFail(t, srv, unavailable(words[0]), words...)
	}
	if got := run(t, srv, "NOSUCH", "x"); got.Status != 400 || !strings.HasPrefix(got.Body, `{"error":"ERR unknown command 'NOSUCH'`) {
		t.Errorf("not the text of Redis: %+v", got)
	}
	mustFail(t, srv, unavailable("POST"), "POST", "/", "HTTP/1.1") // Redis would hang up
	must(t, srv, `"PONG"`, "PING")

	batch, _ := request{Path: "/pipeline", Body: `[["SET","k","v"],["LPUSH","k","x"],[],["BLPOP","l",0],["GET"],["SET","k","w","IFEQ","v","EX",0],["GET","k"]]`}.do(t, srv)
	want := reply{200, `[{"result":"OK"},{"error":"` + wrongType + `"},{"error":"ERR empty pipeline command"},` +
		`{"error":"` + unavailable("BLPOP") + `"},{"error":"ERR wrong number of arguments for 'get' command"},{"error":"ERR invalid expire time in 'set' command"},{"result":"v"}]`}
	if diff := cmp.Diff(want, batch); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRealRedisRESTBills(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	version := redisVersion(t, srv)
	for _, tt := range []struct {
		words string
		want  int
	}{
		{"SET k v", 1}, {"LPUSH k x", 1}, {"PING", 0}, {"INFO", 0}, {"BLPOP q 0", 0}, {"NOSUCH x", 0}, {"GET", 0},
		{"EVAL return{redis.call('GET','k'),redis.call('GET','k')} 0", 1}, {"SET k w IFEQ v", 1}, {"DIGEST k", 1}, {"DELEX k", 1},
	} {
		srv.Reset()
		run(t, srv, strings.Fields(tt.words)...)
		if got := srv.Meter().Commands; got != tt.want {
			t.Errorf("%s on version %d is billed %d, want %d", tt.words, version, got, tt.want)
		}
	}
}

func TestRealRedisRESTDiscards(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	for name, tt := range map[string]struct{ bad, reason string }{
		"unknown":    {`["NOSUCH","x"]`, "ERR unknown command 'NOSUCH'"},
		"refused":    {`["BLPOP","q",0]`, unavailable("BLPOP")},
		"empty":      {`[]`, "ERR empty pipeline command"},
		"too few":    {`["GET"]`, "ERR wrong number of arguments for 'get' command"},
		"too many":   {`["GET","a","b"]`, "ERR wrong number of arguments for 'get' command"},
		"supplement": {`["DELEX"]`, "ERR wrong number of arguments for 'delex' command"},
		"digest":     {`["DIGEST","a","b"]`, "ERR wrong number of arguments for 'digest' command"},
	} {
		got, _ := request{Path: "/multi-exec", Body: `[["SET","a","1"],` + tt.bad + `,["SET","b","2"]]`}.do(t, srv)
		if got.Status != 400 || !strings.HasPrefix(got.Body, `{"error":"EXECABORT Transaction discarded because of: `+tt.reason) {
			t.Errorf("%s: %+v", name, got)
		}
		must(t, srv, `"PONG"`, "PING") // and not QUEUED
		must(t, srv, `0`, "DBSIZE")
	}
	got, _ := request{Path: "/multi-exec", Body: `[["SET","k","v"],["INCR","k"],["SET","k","w","EX","no"],["GET","k"]]`}.do(t, srv)
	want := reply{200, `[{"result":"OK"},{"error":"ERR value is not an integer or out of range"},` +
		`{"error":"ERR value is not an integer or out of range"},{"result":"v"}]`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("errors while it runs (-want +got):\n%s", diff)
	}
}

// Transfers between accounts keep the total, and whoever reads all accounts in a
// transaction sees it.
func TestRealRedisRESTTransactionsAreAtomic(t *testing.T) {
	t.Parallel()
	const accounts, clients, rounds = 4, 16, 50
	srv := newRedisServer(t)
	client, ctx := manyConnections(t, srv), t.Context()
	var read []command.Args
	for i := range accounts {
		must(t, srv, `"OK"`, "SET", fmt.Sprintf("account:%d", i), "100")
		read = append(read, conform.Raw([]string{"GET", fmt.Sprintf("account:%d", i)}).Args())
	}
	var wg sync.WaitGroup
	for c := range clients {
		wg.Go(func() {
			for round := range rounds {
				from, to := (c+round)%accounts, (c+round+1+c%3)%accounts
				_, err := client.Do(ctx, upstash.Batch{Atomic: true, Commands: []command.Args{
					conform.Raw([]string{"DECRBY", fmt.Sprintf("account:%d", from), "7"}).Args(),
					conform.Raw([]string{"ECHO", "x"}).Args(),
					conform.Raw([]string{"INCRBY", fmt.Sprintf("account:%d", to), "7"}).Args(),
				}})
				if err != nil {
					t.Error(err)
				}
				replies, err := client.Do(ctx, upstash.Batch{Atomic: true, Commands: read})
				if err != nil {
					t.Error(err)
				}
				sum := 0
				for _, r := range replies {
					text, _ := r.Text()
					n, _ := strconv.Atoi(text)
					sum += n
				}
				if sum != accounts*100 {
					t.Errorf("the total is %d", sum)
				}
			}
		})
	}
	wg.Wait()
}

// A thousand writers at once get their replies, and no other's.
func TestRealRedisRESTManyWriters(t *testing.T) {
	t.Parallel()
	const writers = 1000
	srv := newRedisServer(t)
	client := manyConnections(t, srv)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			text := fmt.Sprintf("writer %d", i)
			got, err := upstash.Exec(t.Context(), client, command.New(command.Reply.Text, "ECHO", text))
			if err != nil || got != text {
				t.Errorf("writer %d got %q, %v", i, got, err)
			}
			if n, err := upstash.Exec(t.Context(), client, command.Incr("n")); err != nil || n < 1 || n > writers {
				t.Errorf("writer %d counts %d, %v", i, n, err)
			}
		})
	}
	wg.Wait()
	must(t, srv, fmt.Sprintf(`"%d"`, writers), "GET", "n")
}

// What only the embedded engine can do fails the test that asks for it.
func TestRealRedisIsNotMoved(t *testing.T) {
	t.Parallel()
	tb := &recordingTB{}
	srv := serverOver(tb, "127.0.0.1:1")
	defer srv.Close()
	before := srv.Now()
	for method, ask := range map[string]func(){"Advance": func() { srv.Advance(time.Hour) }, "Lag": func() { srv.Lag(1) }} {
		tb.fatal = ""
		ask()
		if !strings.HasPrefix(tb.fatal, "upstashtest: "+method+" is not possible with Options.Redis") {
			t.Errorf("%s: %q", method, tb.fatal)
		}
	}
	if srv.Now().Sub(before) > time.Minute {
		t.Error("the clock moved")
	}
}

// A Redis that is not there is an answer like any other.
func TestRedisThatIsNotThere(t *testing.T) {
	t.Parallel()
	srv := serverOver(t, "redis://eve:s3cret@127.0.0.1:1")
	want := reply{http.StatusInternalServerError, `{"error":"ERR the Redis at 127.0.0.1:1 cannot be used: connect: connection refused"}`}
	for _, ask := range []request{
		{Body: `["PING"]`}, {Path: "/pipeline", Body: `[["PING"]]`}, {Path: "/multi-exec", Body: `[["PING"]]`}, {Path: "/subscribe/news"}, {Path: "/monitor"},
	} {
		got, _ := ask.do(t, srv)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", ask.Path, diff)
		}
	}
	srv.Flush()
}
