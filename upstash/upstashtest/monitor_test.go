package upstashtest_test

import (
	"fmt"
	"testing"
)

func TestMonitor(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	at := fmt.Sprintf("%d.000000 ", start.Unix())
	client, script := at+"[0 0.0.0.0:0] ", at+"[0 lua] "
	f := follow(t, srv, "/monitor", `"OK"`)

	run(t, srv, "GET", "k")
	f.want(t, client+`"GET" "k"`)
	request{Path: "/pipeline", Body: `[["SET","k","a b"],["NOSUCH"],["GET"],["INCR","k"]]`}.do(t, srv)
	f.want(t, client+`"SET" "k" "a b"`, client+`"INCR" "k"`)
	request{Path: "/multi-exec", Body: `[["get","k"]]`}.do(t, srv)
	f.want(t, client+`"get" "k"`)
	run(t, srv, "EVAL", "return redis.call('SET',KEYS[1],5)", "1", "q")
	f.want(t, client+`"EVAL" "return redis.call('SET',KEYS[1],5)" "1" "q"`, script+`"SET" "q" "5"`)

	// Quoted as Redis does; a line stays a line, and passwords stay away.
	run(t, srv, "ACL", "RESTTOKEN", "default", "guess")
	srv.Flush()
	request{Path: "/set/k", Body: "a\"b\\\n\r\t\a\b\x01\xff é"}.do(t, srv)
	f.want(t, client+`"set" "k" "a\"b\\\n\r\t\a\b\x01\xff \xc3\xa9"`)
}
