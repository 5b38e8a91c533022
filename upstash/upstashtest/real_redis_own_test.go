package upstashtest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A Redis that goes away fails what is asked meanwhile, and is used again when it
// is back, whether or not its connections were in use.
func TestRealRedisRestarts(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	srv := serverOver(t, redis.addr)
	text := "#!lua flags=allow-key-locking\nreturn 'flagged'"
	for round := range 3 {
		must(t, srv, `"OK"`, "SET", "k", "v")
		must(t, srv, `"`+sha(text)+`"`, "SCRIPT", "LOAD", text)
		must(t, srv, `"flagged"`, "EVALSHA", sha(text), "0")
		redis.stop(t)
		if round != 1 { // once nobody notices
			got := run(t, srv, "PING")
			if got.Status != http.StatusInternalServerError || !strings.HasPrefix(got.Body, `{"error":"ERR the Redis at `+redis.addr) {
				t.Errorf("%+v", got)
			}
		}
		redis.start(t)
		must(t, srv, `null`, "GET", "k")
		mustFail(t, srv, noScript, "EVALSHA", sha(text), "0")
		must(t, srv, `"flagged"`, "EVAL", text, "0")
	}
}

// Connections that are closed while they rest are not used: no request fails.
func TestRealRedisKillsClients(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	srv := serverOver(t, redis.addr)
	killer := dialOwn(t, redis.addr)
	for range 20 {
		must(t, srv, `"PONG"`, "PING")
		killer.must(t, "CLIENT", "KILL", "TYPE", "normal")
		for alone := false; !alone; { // Redis answers before it has closed them
			list, err := killer.must(t, "CLIENT", "LIST", "TYPE", "normal").Text()
			if err != nil {
				t.Fatal(err)
			}
			alone = strings.Count(list, "\n") == 1
		}
	}
	must(t, srv, `"PONG"`, "PING")
}

func TestRealRedisPassword(t *testing.T) {
	t.Parallel()
	const password = "p@ss:w/rd%" // which a URL cannot hold as it is
	redis := startRedis(t, "--requirepass", password)
	eve := dialOwn(t, redis.addr)
	eve.must(t, "AUTH", password)
	eve.must(t, "ACL", "SETUSER", "eve", "on", ">s3cret", "~*", "+@all", "-command", "-multi", "-eval")

	srv := serverOver(t, "redis://:p%40ss%3Aw%2Frd%25@"+redis.addr)
	must(t, srv, `"OK"`, "SET", "k", "v")
	must(t, srv, `"OK"`, "SET", "k", "w", "IFEQ", "v")

	srv = serverOver(t, "redis://eve:s3cret@"+redis.addr)
	must(t, srv, `"w"`, "GET", "k")
	for name, tt := range map[string]struct {
		ask    request
		prefix string
	}{
		"transaction": {request{Path: "/multi-exec", Body: `[["SET","k","lost"]]`}, `{"error":"EXECABORT Transaction discarded because of: NOPERM`},
		"script":      {request{Body: `["EVAL","return 1",0]`}, `{"error":"NOPERM`},
	} {
		got, _ := tt.ask.do(t, srv)
		if got.Status != 400 || !strings.HasPrefix(got.Body, tt.prefix) {
			t.Errorf("%s: %+v", name, got)
		}
	}
	must(t, srv, `"w"`, "GET", "k")

	for url, want := range map[string]string{
		redis.addr:                              "it wants a password",
		"redis://" + redis.addr:                 "it wants a password",
		"redis://:wrongs3cret@" + redis.addr:    "it refuses the login: WRONGPASS",
		"redis://eve:wrongs3cret@" + redis.addr: "it refuses the login: WRONGPASS",
	} {
		got := run(t, serverOver(t, url), "GET", "k")
		if got.Status != 500 || !strings.Contains(got.Body, want) || strings.Contains(got.Body, "s3cret") {
			t.Errorf("%s: %+v", url, got)
		}
	}
}

// Streams hear what others publish on the same Redis, and PUBLISH counts them.
func TestRealRedisStreams(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	srv := serverOver(t, redis.addr)
	other := dialOwn(t, redis.addr)
	news := follow(t, srv, "/subscribe/news/more", "subscribe,news,1", "subscribe,more,2")
	all := follow(t, srv, "/psubscribe/n%2A", "psubscribe,n*,1")
	must(t, srv, `2`, "PUBLISH", "news", "a,b\nc")
	news.want(t, "message,news,a,b\nc")
	all.want(t, "pmessage,n*,news,a,b\nc")
	other.must(t, "PUBLISH", "more", "from elsewhere")
	news.want(t, "message,more,from elsewhere")
	must(t, srv, `["more",1]`, "PUBSUB", "NUMSUB", "more")

	monitor := follow(t, srv, "/monitor", `"OK"`)
	must(t, srv, `"v"`, "ECHO", "v")
	line, err := monitor.next()
	if err != nil || !strings.HasSuffix(line, `] "ECHO" "v"`) {
		t.Errorf("%q, %v", line, err)
	}

	redis.stop(t)
	if event, err := news.next(); err == nil {
		t.Errorf("after the end of Redis: %q", event)
	}
	got, _ := request{Path: "/subscribe/news"}.do(t, srv)
	if got.Status != http.StatusInternalServerError {
		t.Errorf("%+v", got)
	}
}

// A stream ends with its server, and leaves no subscription.
func TestRealRedisStreamsEnd(t *testing.T) {
	t.Parallel()
	redis := startRedis(t)
	srv := serverOver(t, redis.addr)
	news := follow(t, srv, "/subscribe/news", "subscribe,news,1")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if event, err := news.next(); err == nil {
		t.Errorf("after Shutdown: %q", event)
	}
	info, err := dialOwn(t, redis.addr).must(t, "INFO", "clients").Text()
	if diff := cmp.Diff(1, strings.Count(info, "connected_clients:1\r\n")); diff != "" || err != nil {
		t.Errorf("%v, %s", err, info)
	}
}
