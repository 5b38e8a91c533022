package upstashtest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A script is known by the SHA-1 of the text the client sent, although Redis gets
// it without the flag that it would refuse.
func TestRealRedisFlagLine(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	for name, line := range map[string]string{
		"no line": "", "one flag": "#!lua flags=allow-key-locking\n", "windows line": "#!lua flags=allow-key-locking\r\n",
		"two flags": "#!lua flags=allow-oom,allow-key-locking\n",
	} {
		text := line + "return redis.call('INCR',KEYS[1])"
		id := sha(text)
		must(t, srv, `"OK"`, "SCRIPT", "FLUSH", "SYNC")
		must(t, srv, `0`, "DEL", "k")
		mustFail(t, srv, noScript, "EVALSHA", id, "1", "k")
		must(t, srv, `1`, "EVAL", text, "1", "k")
		must(t, srv, `2`, "EVALSHA", id, "1", "k")
		must(t, srv, `3`, "EVALSHA", strings.ToUpper(id), "1", "k")
		must(t, srv, `[1,0,1]`, "SCRIPT", "EXISTS", id, sha("other"), strings.ToUpper(id))
		must(t, srv, `"OK"`, "SCRIPT", "FLUSH", "SYNC")
		must(t, srv, `[0]`, "SCRIPT", "EXISTS", id)
		mustFail(t, srv, noScript, "EVALSHA", id, "1", "k")
		must(t, srv, `"`+id+`"`, "SCRIPT", "LOAD", text)
		got, _ := request{Path: "/multi-exec", Body: array(t, [][]string{
			{"EVALSHA", id, "1", "k"}, {"SCRIPT", "LOAD", text}, {"EVAL", text, "1", "k"}, {"DEL", "k"},
		})}.do(t, srv)
		want := reply{200, fmt.Sprintf(`[{"result":4},{"result":"%s"},{"result":5},{"result":1}]`, id)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What Redis says about a script names the one that the client sent, and its lines.
func TestRealRedisScriptErrors(t *testing.T) {
	t.Parallel()
	srv := newRedisServer(t)
	text := "#!lua flags=allow-key-locking\n\nreturn redis.call('NOSUCH')"
	got := run(t, srv, "EVAL", text, "0")
	if got.Status != 400 || !strings.Contains(got.Body, ":3") || strings.Contains(got.Body, sha("--"+text)) {
		t.Errorf("%+v", got)
	}
	if !strings.Contains(got.Body, sha(text)) {
		t.Errorf("%+v does not name %s", got, sha(text))
	}
	mustFail(t, srv, "ERR Unexpected flag in script shebang: bogus", "EVAL", "#!lua flags=bogus,allow-key-locking\nreturn 1", "0")
	flagged := "#!lua flags=no-writes,allow-key-locking\nreturn redis.call('SET',KEYS[1],'v')"
	if got := run(t, srv, "EVAL", flagged, "1", "k"); got.Status != 400 || !strings.Contains(got.Body, "not allowed") {
		t.Errorf("a write without writes: %+v", got)
	}
	must(t, srv, `0`, "DBSIZE")
}
