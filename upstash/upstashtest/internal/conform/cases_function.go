package conform

import (
	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

// functionCases leave no library behind, because a database does not lose them
// with its keys.
func functionCases() []Case {
	const (
		head = "#!lua name=conform\n"
		code = head + "redis.register_function('put', function(keys, args) return redis.call('SET', keys[1], args[1]) end)\n" +
			"redis.register_function{function_name='look', description='reads', flags={'no-writes'}, " +
			"callback=function(keys, args) return {redis.call('GET', keys[1]), #keys, #args} end}"
		other = head + "redis.register_function('other', function() return 1 end)"

		flush = "FUNCTION FLUSH"
	)
	loaded := flush + "; FUNCTION LOAD " + word(code)
	library := command.Library{Name: "conform", Engine: "LUA", Functions: []command.LibraryFunction{
		{Name: "put", Flags: []string{}}, {Name: "look", Description: "reads", Flags: []string{"no-writes"}},
	}}
	withCode := library
	withCode.Code = code
	functions := func(n int64) check {
		return left(command.Map(command.FunctionStats(), func(s command.FunctionState) (any, error) {
			for _, e := range s.Engines {
				if e.Name == "LUA" {
					return e.Functions, nil
				}
			}
			return nil, nil
		}), any(n))
	}
	call := func(name string, args ...any) command.Cmd[any] {
		return tree(command.FCall(name, []string{"k"}, args...))
	}
	gone := left(command.FunctionFlush(""), ok)
	return []Case{
		returns[any]("FCall", loaded, call("put", "two words"), "OK", left(command.Get("k"), "two words"), gone),
		returns[any]("FCall: function that reads", loaded+"; SET k v", call("look", "a", 2), []any{"v", int64(1), int64(2)}, gone),
		fails("FCall: unknown", flush, call("put", "v"), "ERR"),
		fails("FCall: error of a command", loaded+"; RPUSH k a", call("look"), "WRONGTYPE", gone),
		returns[any]("FCallRO", loaded+"; SET k v", tree(command.FCallRO("look", []string{"k"})), []any{"v", int64(1), int64(0)}, gone),
		fails("FCallRO: function that may write", loaded, tree(command.FCallRO("put", []string{"k"}, "v")), "ERR", left(command.Exists("k"), 0), gone),
		returns("FunctionDelete", loaded, command.FunctionDelete("conform"), ok, functions(0)),
		fails("FunctionDelete: unknown", flush, command.FunctionDelete("conform"), "ERR"),
		returns("FunctionFlush", loaded, command.FunctionFlush(""), ok, functions(0)),
		returns("FunctionFlush: FlushSync", loaded, command.FunctionFlush(command.FlushSync), ok, functions(0)),
		returns("FunctionFlush: FlushAsync", loaded, command.FunctionFlush(command.FlushAsync), ok, functions(0)),
		fails("FunctionKill", "", command.FunctionKill(), "NOTBUSY"),
		returns("FunctionList", loaded, command.FunctionList(), []command.Library{library}, gone),
		returns("FunctionList: none", flush, command.FunctionList(), []command.Library{}),
		returns("FunctionListWith: code", loaded, command.FunctionListWith(command.FunctionListOptions{Library: "conf*", WithCode: true}),
			[]command.Library{withCode}, gone),
		returns("FunctionListWith: another name", loaded, command.FunctionListWith(command.FunctionListOptions{Library: "x*"}), []command.Library{}, gone),
		returns("FunctionLoad", flush, command.FunctionLoad(code), "conform", functions(2), gone),
		fails("FunctionLoad: again", loaded, command.FunctionLoad(other), "ERR", functions(2), gone),
		fails("FunctionLoad: syntax", flush, command.FunctionLoad(head+"return return"), "ERR", functions(0)),
		fails("FunctionLoad: no function", flush, command.FunctionLoad(head), "ERR", functions(0)),
		fails("FunctionLoad: no name", flush, command.FunctionLoad("#!lua\n"), "ERR", functions(0)),
		returns("FunctionLoadWith: Replace", loaded, command.FunctionLoadWith(other, command.FunctionLoadOptions{Replace: true}), "conform", functions(1), gone),
		returns("FunctionStats", loaded, command.FunctionStats(),
			command.FunctionState{Engines: []command.FunctionEngine{{Name: "LUA", Libraries: 1, Functions: 2}}}, gone),
	}
}
