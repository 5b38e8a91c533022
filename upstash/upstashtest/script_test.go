package upstashtest_test

import (
	"crypto/sha1" // Redis names scripts by their SHA-1
	"encoding/hex"
	"strings"
	"testing"
)

func sha(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

const noScript = "NOSCRIPT No matching script. Please use EVAL."

// A script is known by the SHA-1 of the text the client sent, flag line and all.
func TestScriptsWithAFlagLine(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no line":      "return redis.call('INCR',KEYS[1])",
		"only engine":  "#!lua\nreturn redis.call('INCR',KEYS[1])",
		"one flag":     "#!lua flags=allow-key-locking\nreturn redis.call('INCR',KEYS[1])",
		"two flags":    "#!lua flags=allow-oom,allow-key-locking\nreturn redis.call('INCR',KEYS[1])",
		"windows line": "#!lua flags=allow-key-locking\r\nreturn redis.call('INCR',KEYS[1])",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, id := newServer(t), sha(text)
			mustFail(t, srv, noScript, "EVALSHA", id, "1", "k")
			must(t, srv, `1`, "EVAL", text, "1", "k")
			must(t, srv, `2`, "EVALSHA", id, "1", "k")
			must(t, srv, `3`, "EVALSHA", strings.ToUpper(id), "1", "k")
			must(t, srv, `[1,0,1]`, "SCRIPT", "EXISTS", id, sha("other"), strings.ToUpper(id))
			must(t, srv, `"OK"`, "SCRIPT", "FLUSH", "SYNC")
			must(t, srv, `[0]`, "SCRIPT", "EXISTS", id)
			mustFail(t, srv, noScript, "EVALSHA", id, "1", "k")
			must(t, srv, `"`+id+`"`, "SCRIPT", "LOAD", text)
			must(t, srv, `4`, "EVALSHA", id, "1", "k")
			srv.Flush()
			must(t, srv, `1`, "EVALSHA", id, "1", "k")
		})
	}
}

func TestFlagLineErrors(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for text, want := range map[string]string{
		"#!lua flags=bogus\nreturn 1":     "ERR Unexpected flag in script shebang: bogus",
		"#!lua flags=no-writes,x\nreturn": "ERR Unexpected flag in script shebang: x",
		"#!js flags=no-writes\nreturn 1":  "ERR Unexpected engine in script shebang: #!js",
		"#!\nreturn 1":                    "ERR Unexpected engine in script shebang: #!",
		"#!lua badger=data\nreturn 1":     "ERR Unknown lua shebang option: badger=data",
		"#!lua flags=no-writes":           "ERR Invalid script shebang",
	} {
		mustFail(t, srv, want, "EVAL", text, "0")
		mustFail(t, srv, want, "SCRIPT", "LOAD", text)
		must(t, srv, `[0]`, "SCRIPT", "EXISTS", sha(text))
	}
}

func TestReadOnlyScripts(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	const body = "return redis.call('SET',KEYS[1],'v')"
	flagged := "#!lua flags=no-writes\n" + body
	for _, command := range [][]string{
		{"EVAL_RO", body, "1", "k"}, {"EVALSHA_RO", sha(body), "1", "k"},
		{"EVAL", flagged, "1", "k"}, {"EVALSHA", sha(flagged), "1", "k"},
	} {
		if got := run(t, srv, command...); got.Status != 400 || !strings.Contains(got.Body, "not allowed") {
			t.Errorf("%s: %+v", command[0], got)
		}
	}
	must(t, srv, `0`, "DBSIZE")
	must(t, srv, `"OK"`, "EVALSHA", sha(body), "1", "k")
	must(t, srv, `"v"`, "EVAL_RO", "return redis.call('GET',KEYS[1])", "1", "k")
}

// The line counts as one, so that errors name the line the author sees.
func TestScriptErrorsNameTheLine(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	got := run(t, srv, "EVAL", "#!lua flags=allow-key-locking\n\nreturn return", "0")
	if got.Status != 400 || !strings.Contains(got.Body, "user_script:3:") {
		t.Errorf("%+v", got)
	}
}

// Redis keeps a script that compiles, even when running it fails.
func TestFailingScriptIsKept(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	const text = "return redis.call('INCR',KEYS[1])"
	must(t, srv, `1`, "LPUSH", "list", "x")
	if got := run(t, srv, "EVAL", text, "1", "list"); got.Status != 400 {
		t.Errorf("%+v", got)
	}
	must(t, srv, `1`, "EVALSHA", sha(text), "1", "k")
}

// What one script does to its connection does not reach the next command.
func TestScriptsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	run(t, srv, "EVAL", "redis.setresp(3) error('no')", "0")
	must(t, srv, `null`, "GET", "absent")
	got, _ := request{Path: "/pipeline", Body: `[["EVAL","redis.setresp(3) error('no')",0],["GET","absent"]]`}.do(t, srv)
	if !strings.HasSuffix(got.Body, `,{"result":null}]`) {
		t.Errorf("%+v", got)
	}
	got = run(t, srv, "EVAL", "return redis.pcall('EVAL','return 1','0')", "0")
	if got.Status != 400 || !strings.Contains(got.Body, "not allowed from script") {
		t.Errorf("a script in a script: %+v", got)
	}
}
