package upstashtest_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A message reaches a stream however it is published, and the reply says so.
func TestPublishReachesAStream(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	news := follow(t, srv, "/subscribe/news", "subscribe,news,1")
	for name, tt := range map[string]struct {
		ask  request
		want string
	}{
		"command":     {request{Body: `["PUBLISH","news","a,b"]`}, `{"result":1}`},
		"lower case":  {request{Body: `["publish","news","a,b"]`}, `{"result":1}`},
		"path":        {request{Path: "/publish/news/a%2Cb"}, `{"result":1}`},
		"body":        {request{Path: "/publish/news", Body: "a,b"}, `{"result":1}`},
		"pipeline":    {request{Path: "/pipeline", Body: `[["PUBLISH","other","x"],["PUBLISH","news","a,b"]]`}, `[{"result":0},{"result":1}]`},
		"transaction": {request{Path: "/multi-exec", Body: `[["SET","k","v"],["PUBLISH","news","a,b"]]`}, `[{"result":"OK"},{"result":1}]`},
		"script":      {request{Body: `["EVAL","return redis.call('PUBLISH',KEYS[1],ARGV[1])",1,"news","a,b"]`}, `{"result":1}`},
	} {
		got, _ := tt.ask.do(t, srv)
		if diff := cmp.Diff(reply{200, tt.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		news.want(t, "message,news,a,b")
	}

	// A transaction that is not begun publishes nothing.
	request{Path: "/multi-exec", Body: `[["PUBLISH","news","lost"],["NOSUCH"]]`}.do(t, srv)
	must(t, srv, `1`, "PUBLISH", "news", "last")
	news.want(t, "message,news,last")
}

func TestSubscribeToSeveralChannels(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	both := follow(t, srv, "/subscribe/a/b%2Fc%20%25/a", "subscribe,a,1", "subscribe,b/c %,2", "subscribe,a,2")
	one := follow(t, srv, "/SUBSCRIBE/a", "subscribe,a,1")
	must(t, srv, `2`, "PUBLISH", "a", "1")
	must(t, srv, `1`, "PUBLISH", "b/c %", "2")
	must(t, srv, `0`, "PUBLISH", "c", "3")
	both.want(t, "message,a,1", "message,b/c %,2")
	one.want(t, "message,a,1")
}

// A stream gets a message once for each of its patterns that matches.
func TestSubscribeToPatterns(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	f := follow(t, srv, "/psubscribe/news.*/news.%5Bab%5D", "psubscribe,news.*,1", "psubscribe,news.[ab],2")
	exact := follow(t, srv, "/subscribe/news.*", "subscribe,news.*,1")
	must(t, srv, `1`, "PUBLISH", "news.c", "x,y")
	f.want(t, "pmessage,news.*,news.c,x,y")
	must(t, srv, `2`, "PUBLISH", "news.a", "both")
	for range 2 {
		got, err := f.next()
		if err != nil || got != "pmessage,news.*,news.a,both" && got != "pmessage,news.[ab],news.a,both" {
			t.Errorf("%q, %v", got, err)
		}
	}
	must(t, srv, `2`, "PUBLISH", "news.*", "star")
	exact.want(t, "message,news.*,star")
	f.want(t, "pmessage,news.*,news.*,star")
}

func TestPubSubTellsAboutStreams(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `[]`, "PUBSUB", "CHANNELS")
	must(t, srv, `0`, "PUBSUB", "NUMPAT")
	follow(t, srv, "/subscribe/a/b", "subscribe,a,1", "subscribe,b,2")
	follow(t, srv, "/subscribe/b", "subscribe,b,1")
	follow(t, srv, "/psubscribe/a*", "psubscribe,a*,1")
	follow(t, srv, "/psubscribe/a*", "psubscribe,a*,1")
	must(t, srv, `["a","b"]`, "PUBSUB", "CHANNELS")
	must(t, srv, `["b"]`, "PUBSUB", "channels", "[b-z]")
	must(t, srv, `["a",1,"b",2,"c",0]`, "PUBSUB", "NUMSUB", "a", "b", "c")
	must(t, srv, `[]`, "PUBSUB", "NUMSUB")
	must(t, srv, `1`, "PUBSUB", "NUMPAT")
	if got := run(t, srv, "PUBSUB", "CHANNELS", "a", "b"); got.Status != 400 {
		t.Errorf("%+v", got)
	}
}

func TestEventText(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	f := follow(t, srv, "/subscribe/c", "subscribe,c,1")
	for payload, want := range map[string]string{
		"":               "message,c,",
		"two\nlines":     "message,c,two\nlines",
		"\n":             "message,c,\n",
		"end\n":          "message,c,end\n",
		"dos\r\nlines":   "message,c,dos\nlines", // the format has one kind of newline
		"return\ronly":   "message,c,return\nonly",
		"data: x\n\n":    "message,c,data: x\n\n",
		"\xff\x00 grüße": "message,c,\xff\x00 grüße",
		"eyJhIjoxfQ==":   "message,c,eyJhIjoxfQ==",
		" blank":         "message,c, blank",
	} {
		got, _ := request{Path: "/publish/c", Body: payload}.do(t, srv)
		if payload == "" {
			got = run(t, srv, "PUBLISH", "c", "")
		}
		if diff := cmp.Diff(reply{200, `{"result":1}`}, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", payload, diff)
		}
		f.want(t, want)
	}
}

func TestStreamsThatAreRefused(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	arity := func(name string) reply {
		return reply{400, `{"error":"ERR wrong number of arguments for '` + name + `' command"}`}
	}
	for name, tt := range map[string]struct {
		ask  request
		want reply
	}{
		"no channel":        {request{Path: "/subscribe"}, arity("subscribe")},
		"empty channel":     {request{Path: "/subscribe/"}, arity("subscribe")},
		"no pattern":        {request{Path: "/psubscribe"}, arity("psubscribe")},
		"monitor of what":   {request{Path: "/monitor/x"}, arity("monitor")},
		"bad escape":        {request{Path: "/subscribe/a?%zz"}, reply{400, `{"error":"ERR failed to parse command"}`}},
		"method":            {request{Method: http.MethodDelete, Path: "/subscribe/a"}, reply{405, ""}},
		"no token":          {request{Path: "/subscribe/a", NoAuth: true}, reply{401, `{"error":"WRONGPASS invalid or missing auth token"}`}},
		"HEAD":              {request{Method: http.MethodHead, Path: "/subscribe/a"}, reply{200, ""}},
		"as a command":      {request{Body: `["SUBSCRIBE","a"]`}, reply{400, `{"error":"` + unavailable("SUBSCRIBE") + `"}`}},
		"unsubscribe":       {request{Path: "/unsubscribe/a"}, reply{400, `{"error":"` + unavailable("UNSUBSCRIBE") + `"}`}},
		"read-only monitor": {readOnly(srv, request{Path: "/monitor"}), reply{400, `{"error":"` + noPermission("monitor") + `"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := tt.ask.do(t, srv)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A stream is one round trip and one command. What is sent on it counts as it
// is sent.
func TestStreamsAreMetered(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	f := follow(t, srv, "/subscribe/a/b", "subscribe,a,1", "subscribe,b,2")
	want := upstashtest.Meter{
		RoundTrips: 1, Commands: 1, BytesIn: 2,
		BytesOut: int64(len("data: subscribe,a,1\n\ndata: subscribe,b,2\n\n")),
	}
	if diff := cmp.Diff(want, srv.Meter()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	must(t, srv, `1`, "PUBLISH", "a", "x")
	f.want(t, "message,a,x")
	if got := srv.Meter(); got.RoundTrips != 2 || got.Commands != 2 {
		t.Errorf("%+v", got)
	}
	log := srv.Requests()
	if diff := cmp.Diff([][]string{{"subscribe", "a", "b"}}, log[0].Commands); diff != "" || log[0].Path != "/subscribe/a/b" {
		t.Errorf("%+v", log[0])
	}
}
