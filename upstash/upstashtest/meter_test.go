package upstashtest_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

func TestBilledCommands(t *testing.T) {
	t.Parallel()
	const inner = `redis.call('SET',KEYS[1],1) redis.pcall('LPUSH',KEYS[1],1) return redis.call('GET',KEYS[1])`
	for name, tt := range map[string]struct {
		ask  request
		want int
	}{
		"one command":           {request{Body: `["GET","k"]`}, 1},
		"path style":            {request{Path: "/get/k"}, 1},
		"error of a command":    {request{Body: `["HINCRBY","k","f","no"]`}, 1},
		"unknown command":       {request{Body: `["NOSUCH"]`}, 0},
		"refused command":       {request{Body: `["BLPOP","q",0]`}, 0},
		"wrong arity":           {request{Body: `["GET"]`}, 0},
		"parse error":           {request{Body: `nonsense`}, 0},
		"no auth":               {request{Body: `["GET","k"]`, NoAuth: true}, 0},
		"ping":                  {request{Body: `["PING"]`}, 0},
		"info":                  {request{Body: `["INFO"]`}, 0},
		"command":               {request{Body: `["COMMAND"]`}, 0},
		"pipeline":              {request{Path: "/pipeline", Body: `[["GET","k"],["PING"],["GET"],["GET","k"]]`}, 2},
		"transaction":           {request{Path: "/multi-exec", Body: `[["GET","k"],["SET","k","v"],["PING"]]`}, 2},
		"script":                {request{Body: array(t, []string{"EVAL", inner, "1", "k"})}, 4},
		"script without calls":  {request{Body: `["EVAL","return 1",0]`}, 1},
		"script does not parse": {request{Body: `["EVAL","return (",0]`}, 1},
		"no such script":        {request{Body: `["EVALSHA","00",0]`}, 1},
		"script load":           {request{Body: `["SCRIPT","LOAD","return 1"]`}, 1},
		"script in a pipeline":  {request{Path: "/pipeline", Body: `[["EVAL","return redis.call('PING')",0],["GET","k"]]`}, 3},
		"supplied SET":          {request{Body: `["SET","k","v","IFNE","x","GET"]`}, 1},
		"supplied SET in Lua":   {request{Body: `["EVAL","return redis.call('SET',KEYS[1],1,'IFNE','x')",1,"k"]`}, 2},
		"supplied TTL":          {request{Body: `["TTL","k"]`}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := newServer(t)
			tt.ask.do(t, srv)
			if got := srv.Meter().Commands; got != tt.want {
				t.Errorf("billed %d, want %d", got, tt.want)
			}
		})
	}
}

func TestMeterAndLog(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	const one, many = `["SET","k",9007199254740993]`, `[["GET","k"],["BLPOP","q",0]]`
	first, _ := request{Body: one}.do(t, srv)
	second, _ := request{Path: "/pipeline", Body: many}.do(t, srv)
	third, _ := request{Path: "/get/a%2Fb?_token=secret"}.do(t, srv)
	fourth, _ := request{Body: `["PING"]`, NoAuth: true}.do(t, srv)
	fifth, _ := request{Method: http.MethodHead, Path: "/get/k"}.do(t, srv)
	sixth, _ := request{Method: http.MethodDelete}.do(t, srv)

	size := func(s string) int64 { return int64(len(s)) }
	want := []upstashtest.Request{
		{Method: "POST", Path: "/", Commands: [][]string{{"SET", "k", "9007199254740993"}}, Status: 200, Billed: 1, BytesIn: size(one), BytesOut: size(first.Body)},
		{Method: "POST", Path: "/pipeline", Commands: [][]string{{"GET", "k"}, {"BLPOP", "q", "0"}}, Status: 200, Billed: 1, BytesIn: size(many), BytesOut: size(second.Body)},
		{Method: "POST", Path: "/get/a%2Fb", Commands: [][]string{{"get", "a/b"}}, Status: 200, Billed: 1, BytesOut: size(third.Body)},
		{Method: "POST", Path: "/", Status: 401, BytesOut: size(fourth.Body)},
		{Method: "HEAD", Path: "/get/k", Commands: [][]string{{"get", "k"}}, Status: 200, Billed: 1, BytesOut: size(fifth.Body)},
		{Method: "DELETE", Path: "/", Status: 405, BytesOut: size(sixth.Body)},
	}
	if diff := cmp.Diff(want, srv.Requests()); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	meter := upstashtest.Meter{
		RoundTrips: 4, Commands: 4,
		BytesIn:  size(one) + size(many),
		BytesOut: size(first.Body) + size(second.Body) + size(third.Body),
	}
	if diff := cmp.Diff(meter, srv.Meter()); diff != "" {
		t.Errorf("meter (-want +got):\n%s", diff)
	}

	// What Requests returned belongs to the caller.
	srv.Requests()[0].Commands[0][0] = "changed"
	if got := srv.Requests()[0].Commands[0][0]; got != "SET" {
		t.Errorf("the log says %q", got)
	}

	srv.Reset()
	if len(srv.Requests()) != 0 || srv.Meter() != (upstashtest.Meter{}) {
		t.Errorf("after Reset: %v, %+v", srv.Requests(), srv.Meter())
	}
	must(t, srv, `"9007199254740993"`, "GET", "k")

	srv.Reset()
	srv.Flush()
	if len(srv.Requests()) != 0 || srv.Meter() != (upstashtest.Meter{}) {
		t.Errorf("after Flush: %v, %+v", srv.Requests(), srv.Meter())
	}
	must(t, srv, `null`, "GET", "k")
}
