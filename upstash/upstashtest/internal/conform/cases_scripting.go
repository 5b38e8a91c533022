package conform

import (
	"strings"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func scriptingCases() []Case {
	const (
		echo = "return {KEYS[1],ARGV[1],ARGV[2]}"
		set  = "return redis.call('SET',KEYS[1],ARGV[1])"
		get  = "return redis.call('GET',KEYS[1])"

		// Scripts and their SHA-1. The empty one has one word, because given is cut at blanks.
		load, empty  = "SCRIPT LOAD return", "63143b6f8007b98c53ca2149822777b3566f9241"
		kept, keptID = "return 7", "59b6ab2fbe0ee4b25733de0f62e6cda4899ef8e9"

		wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"
	)
	unknown := strings.Repeat("0", 40)
	eval := func(script string, keys ...string) command.Cmd[any] { return tree(command.Eval(script, keys)) }
	return []Case{
		returns[any]("Eval", "", tree(command.Eval(echo, []string{"k"}, "two words", 3)), []any{"k", "two words", "3"}),
		returns[any]("Eval: no keys", "", tree(command.Eval("return {#KEYS,#ARGV}", nil, "a", "b")), []any{int64(0), int64(2)}),
		returns[any]("Eval: integer", "", eval("return 3.99"), int64(3)),
		returns[any]("Eval: nil", "", eval("return nil"), nil),
		returns[any]("Eval: false", "", eval("return false"), nil),
		returns[any]("Eval: true", "", eval("return true"), int64(1)),
		returns[any]("Eval: status", "", eval("return redis.status_reply('FINE')"), "FINE"),
		returns[any]("Eval: nested", "", eval("return {1,{'a',{}},false,2}"), []any{int64(1), []any{"a", []any{}}, nil, int64(2)}),
		returns[any]("Eval: a table ends at nil", "", eval("return {1,nil,3}"), []any{int64(1)}),
		returns[any]("Eval: absent", "", eval(get, "k"), nil),
		returns[any]("Eval: write", "", tree(command.Eval(set, []string{"k"}, "v")), "OK", left(command.Get("k"), "v")),
		returns[any]("Eval: hash", "HSET k f v", eval("return redis.call('HGETALL',KEYS[1])", "k"), []any{"f", "v"}),
		fails("Eval: error reply", "", eval("return redis.error_reply('MYCODE some text')"), "MYCODE"),
		fails("Eval: error of a command", "RPUSH k a", eval(get, "k"), "WRONGTYPE"),
		returns[any]("Eval: caught error", "RPUSH k a", eval("return redis.pcall('GET',KEYS[1]).err", "k"), wrongType),
		fails("Eval: syntax", "", eval("return return"), "ERR"),
		returns[any]("EvalRO", "SET k v", tree(command.EvalRO(get, []string{"k"})), "v"),
		fails("EvalRO: write", "", tree(command.EvalRO(set, []string{"k"}, "v")), "ERR", left(command.Exists("k"), 0)),
		returns[any]("EvalSha", load, tree(command.EvalSha(empty, []string{"k"}, 1)), nil),
		fails("EvalSha: unknown", "", tree(command.EvalSha(unknown, nil)), "NOSCRIPT"),
		returns[any]("EvalShaRO", load, tree(command.EvalShaRO(empty, nil)), nil),
		fails("EvalShaRO: unknown", "", tree(command.EvalShaRO(unknown, nil)), "NOSCRIPT"),
		returns("ScriptExists", load, command.ScriptExists(empty, unknown), []bool{true, false}),
		returns("ScriptFlush", load, command.ScriptFlush(""), ok, left(command.ScriptExists(empty), []bool{false})),
		returns("ScriptFlush: FlushSync", load, command.ScriptFlush(command.FlushSync), ok, left(command.ScriptExists(empty), []bool{false})),
		returns("ScriptFlush: FlushAsync", load, command.ScriptFlush(command.FlushAsync), ok, left(command.ScriptExists(empty), []bool{false})),
		fails("ScriptKill", "", command.ScriptKill(), "NOTBUSY"),
		returns("ScriptLoad", "", command.ScriptLoad(kept), keptID, left(tree(command.EvalSha(keptID, nil)), any(int64(7)))),
		fails("ScriptLoad: syntax", "", command.ScriptLoad("return return"), "ERR"),
	}
}
