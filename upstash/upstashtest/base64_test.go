package upstashtest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBase64(t *testing.T) {
	t.Parallel()
	asked := map[string]string{"Upstash-Encoding": "base64"}
	for name, tt := range map[string]struct{ path, body, want string }{
		"string":            {"/", `["ECHO","bar"]`, `{"result":"YmFy"}`},
		"status OK":         {"/", `["SET","k","v"]`, `{"result":"OK"}`},
		"other status":      {"/", `["PING"]`, `{"result":"UE9ORw=="}`},
		"stored OK":         {"/", `["ECHO","OK"]`, `{"result":"OK"}`},
		"ok in lower case":  {"/", `["ECHO","ok"]`, `{"result":"b2s="}`},
		"empty":             {"/", `["ECHO",""]`, `{"result":""}`},
		"integer":           {"/", `["INCR","n"]`, `{"result":1}`},
		"null":              {"/", `["GET","absent"]`, `{"result":null}`},
		"error":             {"/", `["GET"]`, `{"error":"ERR wrong number of arguments for 'get' command"}`},
		"array with OK":     {"/", `["EVAL","return {'OK','x',1,false}",0]`, `{"result":["OK","eA==",1,null]}`},
		"at depth":          {"/", `["EVAL","return {{'OK',{'y'}}}",0]`, `{"result":[["OK",["eQ=="]]]}`},
		"error in an array": {"/", `["EVAL","return {redis.error_reply('ERR no')}",0]`, `{"result":[{"error":"ERR no"}]}`},
		"pipeline":          {"/pipeline", `[["ECHO","a"],["NO"],["SET","p","v"]]`, `[{"result":"YQ=="},{"error":"` + unavailable("NO") + `"},{"result":"OK"}]`},
		"multi-exec":        {"/multi-exec", `[["ECHO","a"]]`, `[{"result":"YQ=="}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := request{Path: tt.path, Body: tt.body, Header: asked}.do(t, newServer(t))
			if diff := cmp.Diff(tt.want, got.Body); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestRepliesWithoutBase64(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `"PONG"`, "PING")
	must(t, srv, `[]`, "HGETALL", "absent")
	must(t, srv, `null`, "ZSCORE", "absent", "m")
	must(t, srv, `2`, "HSET", "h", "f", "1", "g", "2")
	must(t, srv, `["f","1","g","2"]`, "HGETALL", "h")
	must(t, srv, `1`, "ZADD", "z", "1.5", "m")
	must(t, srv, `["m","1.5"]`, "ZRANGE", "z", "0", "-1", "WITHSCORES")
	must(t, srv, `"1-1"`, "XADD", "s", "1-1", "f", "v")
	must(t, srv, `[["s",[["1-1",["f","v"]]]]]`, "XREAD", "STREAMS", "s", "0")
	must(t, srv, `"hash"`, "TYPE", "h")
}
