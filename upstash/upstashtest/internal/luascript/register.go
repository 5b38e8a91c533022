package luascript

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// functionFlags are those of Redis, and Upstash's allow-key-locking.
var functionFlags = []string{
	"allow-cross-slot-keys", "allow-key-locking", "allow-oom", "allow-stale", "no-cluster", "no-writes",
}

// redisRegisterFunction takes a name and a function, or a table of named
// arguments.
func redisRegisterFunction(L *lua.LState) int {
	g := of(L).registry
	if g.closed {
		raise(L, "ERR redis.register_function can only be called on FUNCTION LOAD command")
	}
	var f Function
	switch L.GetTop() {
	case 1:
		f = namedRegistration(L)
	case 2:
		name, isText := asString(L.Get(1))
		if !isText {
			raise(L, "ERR first argument to redis.register_function must be a string")
		}
		callback, isFunction := L.Get(2).(*lua.LFunction)
		if !isFunction {
			raise(L, "ERR second argument to redis.register_function must be a function")
		}
		f = Function{Name: name, callback: callback}
	default:
		raise(L, "ERR wrong number of arguments to redis.register_function")
	}
	if !IsFunctionName(f.Name) {
		raise(L, "ERR Library names can only contain letters, numbers, or underscores(_) and must be at least one character long")
	}
	if slices.ContainsFunc(g.functions, func(other Function) bool { return other.Name == f.Name }) {
		raise(L, "ERR Function already exists in the library")
	}
	g.functions = append(g.functions, f)
	return 0
}

func namedRegistration(L *lua.LState) (f Function) {
	named, isTable := L.Get(1).(*lua.LTable)
	if !isTable {
		raise(L, "ERR calling redis.register_function with a single argument is only applicable to Lua table (representing named arguments).")
	}
	hasName := false
	readable(named).ForEach(func(key, value lua.LValue) {
		name, _ := asString(key)
		valid, want := true, "a string"
		switch name {
		case "function_name":
			f.Name, valid = asString(value)
			hasName = true
		case "description":
			f.Description, valid = asString(value)
		case "callback":
			f.callback, valid = value.(*lua.LFunction)
			want = "a function"
		case "flags":
			f.Flags = flagsOf(L, value)
		default:
			raise(L, "ERR unknown argument given to redis.register_function")
		}
		if !valid {
			raise(L, "ERR "+name+" argument given to redis.register_function must be "+want)
		}
	})
	switch {
	case !hasName:
		raise(L, "ERR redis.register_function must get a function name argument")
	case f.callback == nil:
		raise(L, "ERR redis.register_function must get a callback argument")
	}
	return f
}

func flagsOf(L *lua.LState, value lua.LValue) (flags []string) {
	list, isTable := value.(*lua.LTable)
	if !isTable {
		raise(L, "ERR flags argument to redis.register_function must be a table representing function flags")
	}
	for i := 1; readable(list).RawGetInt(i) != lua.LNil; i++ {
		flag, _ := asString(readable(list).RawGetInt(i))
		if !slices.Contains(functionFlags, flag) {
			raise(L, "ERR unknown flag given")
		}
		flags = append(flags, flag)
	}
	return flags
}

// IsFunctionName reports whether a function, or a library, may be called so.
func IsFunctionName(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return name != ""
}
