package upstashtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRESP2(t *testing.T) {
	t.Parallel()
	const binary = "application/octet-stream"
	asked := map[string]string{"Upstash-Response-Format": "RESP2"}
	type answer struct {
		Status     int
		Type, Body string
	}
	for name, tt := range map[string]struct {
		ask  request
		want answer
	}{
		"status":         {request{Body: `["PING"]`}, answer{200, binary, "+PONG\r\n"}},
		"string":         {request{Body: `["ECHO","a\r\nb"]`}, answer{200, binary, "$4\r\na\r\nb\r\n"}},
		"bytes":          {request{Path: "/echo", Body: "\xff\x00"}, answer{200, binary, "$2\r\n\xff\x00\r\n"}},
		"integer":        {request{Body: `["INCR","n"]`}, answer{200, binary, ":1\r\n"}},
		"nil":            {request{Path: "/get/absent"}, answer{200, binary, "$-1\r\n"}},
		"array":          {request{Body: `["MGET","a","b"]`}, answer{200, binary, "*2\r\n$-1\r\n$-1\r\n"}},
		"failing":        {request{Body: `["INCRBY","n","x"]`}, answer{400, binary, "-ERR value is not an integer or out of range\r\n"}},
		"refused":        {request{Body: `["BLPOP","q",0]`}, answer{400, binary, "-" + unavailable("BLPOP") + "\r\n"}},
		"unreadable":     {request{Body: `nonsense`}, answer{400, binary, "-ERR failed to parse command\r\n"}},
		"pipeline":       {request{Path: "/pipeline", Body: `[["SET","k","v"],["LPUSH","k","x"],["GET","k"]]`}, answer{200, binary, "*3\r\n+OK\r\n-" + wrongType + "\r\n$1\r\nv\r\n"}},
		"empty pipeline": {request{Path: "/pipeline", Body: `[]`}, answer{400, binary, "-ERR empty pipeline request\r\n"}},
		"no channel":     {request{Path: "/subscribe"}, answer{400, binary, "-ERR wrong number of arguments for 'subscribe' command\r\n"}},
		// Transactions are JSON whatever is asked for; and who is not known has asked for nothing.
		"transaction": {request{Path: "/multi-exec", Body: `[["PING"]]`}, answer{200, "application/json", `[{"result":"PONG"}]`}},
		"discarded":   {request{Path: "/multi-exec", Body: `[]`}, answer{400, "application/json", `{"error":"ERR empty pipeline request"}`}},
		"no token":    {request{Body: `["PING"]`, NoAuth: true}, answer{401, "application/json", `{"error":"WRONGPASS invalid or missing auth token"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.ask.Header = asked
			got, header := tt.ask.do(t, newServer(t))
			if diff := cmp.Diff(tt.want, answer{got.Status, header.Get("Content-Type"), got.Body}); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRESP2AndBase64(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	both := map[string]string{"Upstash-Response-Format": "resp2", "Upstash-Encoding": "base64"}
	for path, body := range map[string]string{"/": `["PING"]`, "/pipeline": `[["PING"]]`, "/ping": ""} {
		got, _ := request{Path: path, Body: body, Header: both}.do(t, srv)
		want := reply{400, `{"error":"ERR Upstash-Response-Format: resp2 cannot be combined with Upstash-Encoding: base64"}`}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if n := srv.Meter().Commands; n != 0 {
		t.Errorf("%d commands billed", n)
	}
	got, _ := request{Path: "/multi-exec", Body: `[["ECHO","a"]]`, Header: both}.do(t, srv)
	if diff := cmp.Diff(reply{200, `[{"result":"YQ=="}]`}, got); diff != "" {
		t.Errorf("transaction (-want +got):\n%s", diff)
	}
}
