package upstashtest_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What an emulator of the service must do for the tests of the JavaScript SDK to
// pass, point by point and in order of how many of them hang on it. Each is
// proved here in short; the details are tested where they belong.

func TestEmulatorPoint1ArgumentsAsWritten(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	got, _ := request{Body: `["RPUSH","l",9007199254740993,1785585600123,15.087269,1.0,-0,false,true,"x"]`}.do(t, srv)
	if diff := cmp.Diff(reply{200, `{"result":8}`}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	must(t, srv, `["9007199254740993","1785585600123","15.087269","1.0","-0","false","true","x"]`, "LRANGE", "l", "0", "-1")
}

func TestEmulatorPoint2Base64(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `1`, "HSET", "h", "f", "grüß")
	for body, want := range map[string]string{
		`["TYPE","h"]`:                       `{"result":"aGFzaA=="}`,
		`["HGETALL","h"]`:                    `{"result":["Zg==","Z3LDvMOf"]}`,
		`["SET","k","v"]`:                    `{"result":"OK"}`,
		`["HMGET","h","absent"]`:             `{"result":[null]}`,
		`["HLEN","h"]`:                       `{"result":1}`,
		`["EVAL","return {{'OK','x',1}}",0]`: `{"result":[["OK","eA==",1]]}`,
		`["GET","h"]`:                        `{"error":"` + wrongType + `"}`,
	} {
		got, _ := request{Body: body, Header: map[string]string{"Upstash-Encoding": "base64"}}.do(t, srv)
		if diff := cmp.Diff(want, got.Body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
	must(t, srv, `["f","grüß"]`, "HGETALL", "h")
}

func TestEmulatorPoint3Errors(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	const noScript = "NOSCRIPT No matching script. Please use EVAL."
	mustFail(t, srv, noScript, "EVALSHA", "00", "0")
	batch := `[["SET","k","v"],["EVALSHA","00",0],["GET","k"]]`
	for _, path := range []string{"/pipeline", "/multi-exec"} {
		got, _ := request{Path: path, Body: batch}.do(t, srv)
		want := reply{200, `[{"result":"OK"},{"error":"` + noScript + `"},{"result":"v"}]`}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	got, _ := request{Path: "/multi-exec", Body: `[["SET","k","w"],["NOSUCH"]]`}.do(t, srv)
	if got.Status != 400 || !strings.HasPrefix(got.Body, `{"error":"EXECABORT `) {
		t.Errorf("%+v", got)
	}
	must(t, srv, `"v"`, "GET", "k")
}

func TestEmulatorPoint4Concurrency(t *testing.T) {
	t.Parallel()
	const writers = 1000
	srv := newServer(t)
	ids := make([]string, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			n := strconv.Itoa(i)
			got, _ := request{
				Path: "/multi-exec",
				Body: array(t, [][]string{{"XADD", "s", "*", "n", n}, {"INCR", "n"}, {"RPUSH", "l", n}}),
			}.do(t, srv)
			var items []struct{ Result any }
			if err := json.Unmarshal([]byte(got.Body), &items); err != nil || len(items) != 3 {
				t.Errorf("%v: %+v", err, got)
				return
			}
			ids[i], _ = items[0].Result.(string)
			if got := run(t, srv, "SADD", "set", n); got.Body != `{"result":1}` {
				t.Errorf("%+v", got)
			}
		})
	}
	wg.Wait()
	must(t, srv, `1000`, "XLEN", "s")
	must(t, srv, `"1000"`, "GET", "n")
	must(t, srv, `1000`, "LLEN", "l")
	must(t, srv, `1000`, "SCARD", "set")
	distinct := map[string]bool{}
	for _, id := range ids {
		distinct[id] = true
	}
	if len(distinct) != writers {
		t.Errorf("%d different IDs", len(distinct))
	}
}

func TestEmulatorPoint5Streams(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	channel := follow(t, srv, "/subscribe/chat", "subscribe,chat,1")
	pattern := follow(t, srv, "/psubscribe/ch%2A", "psubscribe,ch*,1")
	must(t, srv, `2`, "PUBLISH", "chat", `{"a":1}`)
	channel.want(t, `message,chat,{"a":1}`)
	pattern.want(t, `pmessage,ch*,chat,{"a":1}`)
	channel.leave()
	pattern.leave()
}

func TestEmulatorPoint6SyncTokens(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	seen := map[string]bool{}
	for _, ask := range []request{
		{Body: `["GET","k"]`}, {Body: `["GET","k"]`}, {Path: "/get/k"},
		{Path: "/pipeline", Body: `[["GET","k"]]`}, {Path: "/multi-exec", Body: `[["GET","k"]]`},
	} {
		_, header := ask.do(t, srv)
		token := header.Get("Upstash-Sync-Token")
		if token == "" || seen[token] {
			t.Errorf("%s: token %q is empty or was there before", ask.Path, token)
		}
		seen[token] = true
	}
}

// A server picks a port that is free, so that a test's own server can have 8080.
func TestEmulatorPoint7Port(t *testing.T) {
	t.Parallel()
	one, other := newServer(t), newServer(t)
	if one.URL == other.URL || strings.HasSuffix(one.URL, ":8080") || strings.HasSuffix(other.URL, ":8080") {
		t.Errorf("%s and %s", one.URL, other.URL)
	}
}

// Of the quirks; those of JSON and of functions belong to commands that the
// server does not have.
func TestEmulatorPoint8Quirks(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `"OK"`, "SET", "k", "v")
	must(t, srv, `0`, "COPY", "k", "k")
	must(t, srv, `["0",["k","string"]]`, "SCAN", "0", "WITHTYPE")
	must(t, srv, `[-2]`, "HEXPIREAT", "absent", strconv.FormatInt(start.UnixMilli(), 10), "FIELDS", "1", "f")

	for range 30 {
		run(t, srv, "XADD", "s", "*", "f", "v")
	}
	must(t, srv, `20`, "XTRIM", "s", "MAXLEN", "~", "10")
	must(t, srv, `10`, "XLEN", "s")

	must(t, srv, `"OK"`, "XGROUP", "CREATE", "s", "g", "0")
	if got := run(t, srv, "XREADGROUP", "GROUP", "g", "passing", "COUNT", "1", "NOACK", "STREAMS", "s", ">"); got.Status != 200 {
		t.Errorf("%+v", got)
	}
	must(t, srv, `[]`, "XINFO", "CONSUMERS", "s", "g")
	must(t, srv, `1`, "XGROUP", "CREATECONSUMER", "s", "g", "staying")
	run(t, srv, "XREADGROUP", "GROUP", "g", "staying", "COUNT", "1", "NOACK", "STREAMS", "s", ">")
	if got := run(t, srv, "XINFO", "CONSUMERS", "s", "g"); !strings.Contains(got.Body, `"staying"`) {
		t.Errorf("%+v", got)
	}
}
