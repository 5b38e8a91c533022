package upstashtest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/upstashtest"
)

// libraryErrors is what Redis 7 answers to code that it does not load.
var libraryErrors = map[string]string{
	"return 1":                      "Missing library metadata",
	"#!lua name=l":                  "Invalid library metadata",
	"#!\nx":                         "Library name was not given",
	"#!lua\nx":                      "Library name was not given",
	"#!lua name=l x=1\n":            "Invalid metadata value given: x=1",
	"#!lua name=a name=b\n":         "Invalid metadata value, name argument was given multiple times",
	"#!js name=l\nx":                "Engine 'js' not found",
	"#!lua name=l-l\nx":             "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long",
	"#!lua name=l\n":                "No functions registered",
	"#!lua name=l\n\nreturn return": "Error compiling function: user_function:3: unexpected symbol near 'return'",
	"#!lua name=l\nreturn KEYS":     "Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'KEYS'",
	"#!lua name=l\nerror('x')":      "Error registering functions: ERR user_function:2: Script attempted to access nonexistent global variable 'error'",
	"#!lua name=l\nx=1":             "Error registering functions: ERR user_function:2: Attempt to modify a readonly table",
}

// registerErrors is what it answers to a call of redis.register_function.
var registerErrors = map[string]string{
	"()":                             "wrong number of arguments to redis.register_function",
	"(1,2,3)":                        "wrong number of arguments to redis.register_function",
	"('f')":                          "calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).",
	"('f',1)":                        "second argument to redis.register_function must be a function",
	"({},function() end)":            "first argument to redis.register_function must be a string",
	"('f f',function() end)":         "Library names can only contain letters, numbers, or underscores(_) and must be at least one character long",
	"{function_name='f',x=1}":        "unknown argument given to redis.register_function",
	"{function_name='f'}":            "redis.register_function must get a callback argument",
	"{callback=function() end}":      "redis.register_function must get a function name argument",
	"{function_name='f',callback=1}": "callback argument given to redis.register_function must be a function",
	"{function_name='f',callback=function() end,flags='x'}":            "flags argument to redis.register_function must be a table representing function flags",
	"{function_name='f',callback=function() end,flags={'x'}}":          "unknown flag given",
	"('f',function() end) redis.register_function('f',function() end)": "Function already exists in the library",
}

// functionAnswers is what it answers when functionLibrary is loaded.
const functionLibrary = `#!lua name=l
local function put(keys, args) return redis.call('SET', keys[1], args[1]) end
redis.register_function('put', put)
redis.register_function{function_name='sneak', callback=put, flags={'no-writes'}}
redis.register_function('count', function(keys, args) return {#keys, #args, args[1] or 'none'} end)
redis.register_function('keys', function() return KEYS end)
redis.register_function('fail', function() error('boom') end)
redis.register_function('unknown', function() return redis.call('NOPE') end)
redis.register_function('late', function() redis.register_function('z', put) end)
redis.register_function('global', function() y = 1 end)
redis.register_function('nested', function() return redis.call('FCALL', 'put', 0) end)`

var functionAnswers = []struct{ command, result, fails string }{
	{command: "FCALL count 1 k a b", result: `[1,2,"a"]`},
	{command: "FCALL COUNT 0", result: `[0,0,"none"]`},
	{command: "FCALL put 1 k v", result: `"OK"`},
	{command: "FCALL nope 0", fails: "Function not found"},
	{command: "FCALL nope x", fails: "Function not found"},
	{command: "FCALL put x", fails: "Bad number of keys provided"},
	{command: "FCALL put -1", fails: "Number of keys can't be negative"},
	{command: "FCALL put 2 k", fails: "Number of keys can't be greater than number of args"},
	{command: "FCALL_RO put 1 k v", fails: "Can not execute a script with write flag using *_ro command."},
	{command: "FCALL sneak 1 k v", fails: "Write commands are not allowed from read-only scripts. script: sneak, on @user_function:2."},
	{command: "FCALL keys 0", fails: "user_function:6: Script attempted to access nonexistent global variable 'KEYS' script: keys, on @user_function:6."},
	{command: "FCALL fail 0", fails: "user_function:7: boom script: fail, on @user_function:7."},
	{command: "FCALL unknown 0", fails: "Unknown Redis command called from script script: unknown, on @user_function:8."},
	{command: "FCALL late 0", fails: "user_function:9: attempt to call field 'register_function' (a nil value) script: late, on @user_function:9."},
	{command: "FCALL global 0", fails: "user_function:10: Attempt to modify a readonly table script: global, on @user_function:10."},
	{command: "FCALL nested 0", fails: "This Redis command is not allowed from script script: nested, on @user_function:11."},
	{command: "FUNCTION DELETE none", fails: "Library not found"},
	{command: "FUNCTION DELETE", fails: "wrong number of arguments for 'function|delete' command"},
	{command: "FUNCTION STATS x", fails: "wrong number of arguments for 'function|stats' command"},
	{command: "FUNCTION LOAD", fails: "wrong number of arguments for 'function|load' command"},
	{command: "FUNCTION LOAD x code", fails: "Unknown option given: x"},
	{command: "FUNCTION LIST x", fails: "Unknown argument x"},
	{command: "FUNCTION LIST WITHCODE WITHCODE", fails: "Unknown argument WITHCODE"},
	{command: "FUNCTION LIST LIBRARYNAME", fails: "library name argument was not given"},
	{command: "FUNCTION LIST LIBRARYNAME x* WITHCODE", result: `[]`},
	{command: "FUNCTION FLUSH x", fails: "FUNCTION FLUSH only supports SYNC|ASYNC option"},
	{command: "FUNCTION NOPE", fails: "unknown subcommand 'NOPE'. Try FUNCTION HELP."},
}

func TestFunctions(t *testing.T) {
	t.Parallel()
	testFunctions(t, newServer(t))
}

func TestRealRedisFunctions(t *testing.T) {
	t.Parallel()
	testFunctions(t, newRedisServer(t))
}

func testFunctions(t *testing.T, srv *upstashtest.Server) {
	t.Helper()
	must(t, srv, `"OK"`, "FUNCTION", "FLUSH")
	for code, want := range libraryErrors {
		mustFail(t, srv, "ERR "+want, "FUNCTION", "LOAD", code)
	}
	for call, want := range registerErrors {
		mustFail(t, srv, "ERR Error registering functions: ERR "+want, "FUNCTION", "LOAD", "#!lua name=l\nredis.register_function"+call)
	}
	must(t, srv, `[]`, "FUNCTION", "LIST")
	must(t, srv, `"l"`, "FUNCTION", "LOAD", functionLibrary)
	for _, a := range functionAnswers {
		if a.fails != "" {
			mustFail(t, srv, "ERR "+a.fails, strings.Fields(a.command)...)
			continue
		}
		must(t, srv, a.result, strings.Fields(a.command)...)
	}
	must(t, srv, `"v"`, "GET", "k")

	// What cannot be loaded leaves what is there.
	mustFail(t, srv, "ERR Library 'l' already exists", "FUNCTION", "LOAD", functionLibrary)
	mustFail(t, srv, "ERR Function put already exists", "FUNCTION", "LOAD", "#!lua name=other\nredis.register_function('put',function() end)")
	mustFail(t, srv, "ERR Error compiling function: user_function:2: unexpected symbol near 'return'", "FUNCTION", "LOAD", "REPLACE", "#!lua name=l\nreturn return")
	must(t, srv, `"OK"`, "FCALL", "put", "1", "k", "w")
	must(t, srv, `"l"`, "FUNCTION", "LOAD", "REPLACE", "#!lua name=l\nredis.register_function('one',function() return 1 end)")
	mustFail(t, srv, "ERR Function not found", "FCALL", "put", "1", "k", "v")
	must(t, srv, `1`, "FCALL", "one", "0")
	must(t, srv, `"OK"`, "FUNCTION", "DELETE", "l")
	mustFail(t, srv, "ERR Function not found", "FCALL", "one", "0")
	must(t, srv, `[]`, "FUNCTION", "LIST")
}

// The flag of the service holds a function to its keys, and its commands are
// billed with it.
func TestFunctionsOfTheService(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	must(t, srv, `"l"`, "FUNCTION", "LOAD", `#!lua name=l
redis.register_function{function_name='look', flags={'allow-key-locking'}, callback=function(keys, args)
	return redis.call('GET', args[1])
end}`)
	srv.Reset()
	mustFail(t, srv, "ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: k", "FCALL", "look", "0", "k")
	must(t, srv, `null`, "FCALL", "look", "1", "k", "k")
	if n := srv.Meter().Commands; n != 3 {
		t.Errorf("billed %d, want 3: two calls and one command", n)
	}
}

func TestEndlessFunctionIsStopped(t *testing.T) {
	t.Parallel()
	srv := upstashtest.New(t, upstashtest.Options{ScriptTimeout: 20 * time.Millisecond})
	const loop = "while true do end"
	loading := answered(t, srv, "directly", []string{"FUNCTION", "LOAD", "#!lua name=l\n" + loop})
	if !strings.HasPrefix(loading, "ERR Error registering functions: ERR Script killed by user") {
		t.Errorf("while it is loaded: %s", loading)
	}
	must(t, srv, `"l"`, "FUNCTION", "LOAD", "#!lua name=l\nredis.register_function('f', function() "+loop+" end)")
	if called := answered(t, srv, "directly", []string{"FCALL", "f", "0"}); !strings.HasPrefix(called, "ERR Script killed by user") {
		t.Errorf("when it is called: %s", called)
	}
}
