package upstashtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// A script that never ends is stopped, and holds up nobody for longer.
func TestEndlessScriptIsStopped(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true, ScriptTimeout: 20 * time.Millisecond})
	for name, text := range map[string]string{
		"loop":    "redis.call('SET','k','v') while true do end",
		"pcall":   "while true do pcall(function() while true do end end) end",
		"pattern": "return string.find(string.rep('a', 100000), string.rep('a?', 100) .. string.rep('a', 100000) .. 'b')",
	} {
		got := answered(t, srv, "directly", []string{"EVAL", text, "0"})
		if !strings.HasPrefix(got, "ERR Script killed by user with SCRIPT KILL...") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if got := answered(t, srv, "directly", []string{"GET", "k"}); got != `"v"` {
		t.Errorf("what the script wrote before: %s", got)
	}
}

// What used to end the process ends the script.
func TestScriptsThatGoTooDeep(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	for name, text := range map[string]string{
		"a table in itself": "local t = {} t[1] = t return t",
		"recursion":         "local function f() return 1 + f() end return f()",
		"cjson":             "local t = {} t[1] = t return cjson.encode(t)",
	} {
		if got := answered(t, srv, "directly", []string{"EVAL", text, "0"}); !strings.HasPrefix(got, "ERR ") {
			t.Errorf("%s: %.100s", name, got)
		}
	}
}

// With the flag allow-key-locking a script may touch only what it declares, in
// the words of the service.
func TestUndeclaredKeysAreRefused(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{InProcess: true})
	const flag = "#!lua flags=allow-key-locking\n"
	refusal := func(key string) string {
		return "ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: " + key
	}
	for _, c := range []struct{ text, want string }{
		{flag + "return redis.call('SET', KEYS[1], 'v')", `"OK"`},
		{flag + "return redis.call('SET', ARGV[1], 'v')", refusal("other")},
		{flag + "return redis.call('MGET', KEYS[1], ARGV[1])", refusal("other")},
		{flag + "return redis.call('ZUNION', 2, KEYS[1], 'x')", refusal("x")},
		{flag + "return redis.call('TIME') and 1", "1"},
		{"return redis.call('SET', ARGV[1], 'v')", `"OK"`},
	} {
		if got := answered(t, srv, "directly", []string{"EVAL", c.text, "1", "k", "other"}); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}
