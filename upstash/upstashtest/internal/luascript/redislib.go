package luascript

import (
	"crypto/sha1" //nolint:gosec // it is what sha1hex promises
	"encoding/hex"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Texts of Redis. What refers to the engine is for [Options.Call] to answer.
const (
	MsgUnknownCommand = "ERR Unknown Redis command called from script"
	MsgWrongArity     = "ERR Wrong number of args calling Redis command from script"
	MsgNotFromScript  = "ERR This Redis command is not allowed from script"

	msgNoArgument   = "ERR Please specify at least one argument for this redis lib call"
	msgArgumentType = "ERR Lua redis lib command arguments must be strings or integers"
	msgReadOnly     = "ERR Write commands are not allowed from read-only scripts."
	msgDynamicKey   = "ERR Dynamic keys are not allowed in Lua scripts when 'allow-key-locking' flag is set. Key was: "
	msgBadReply     = "ERR malformed reply from the engine"
)

var redisModule = module{
	functions: map[string]lua.LGFunction{
		"acl_check_cmd": redisACLCheck, "breakpoint": redisBreakpoint, "call": redisCall, "debug": nothing,
		"error_reply": redisErrorReply, "log": redisLog, "pcall": redisPcall, "replicate_commands": redisReplicate,
		"set_repl": redisSetRepl, "setresp": redisSetResp, "sha1hex": redisSHA1Hex, "status_reply": redisStatusReply,
	},
	values: map[string]lua.LValue{
		"LOG_DEBUG": lua.LNumber(0), "LOG_VERBOSE": lua.LNumber(1), "LOG_NOTICE": lua.LNumber(2), "LOG_WARNING": lua.LNumber(3),
		"REPL_NONE": lua.LNumber(0), "REPL_AOF": lua.LNumber(1), "REPL_SLAVE": lua.LNumber(2), "REPL_REPLICA": lua.LNumber(2),
		"REPL_ALL": lua.LNumber(3),
	},
}

func nothing(*lua.LState) int { return 0 }

// raise raises an error table, as the functions of redis do.
func raise(L *lua.LState, text string) { L.Error(errorTable(text), 0) }

func redisCall(L *lua.LState) int {
	v := of(L).command(L)
	if t, ok := v.(*lua.LTable); ok && t.RawGetString("err") != lua.LNil {
		L.Error(t, 0)
	}
	L.Push(v)
	return 1
}

func redisPcall(L *lua.LState) int {
	L.Push(of(L).command(L))
	return 1
}

// command runs the command in the arguments and returns its reply.
func (r *run) command(L *lua.LState) lua.LValue {
	if L.GetTop() == 0 {
		return errorTable(msgNoArgument)
	}
	args := make([]string, L.GetTop())
	for i := range args {
		switch v := L.Get(i + 1).(type) {
		case lua.LString:
			args[i] = string(v)
		case lua.LNumber:
			args[i] = formatArgument(float64(v))
		default:
			return errorTable(msgArgumentType)
		}
	}
	if r.opts.ReadOnly && r.opts.IsWrite != nil && r.opts.IsWrite(args[0]) {
		return errorTable(msgReadOnly)
	}
	if key, ok := r.undeclared(args); ok {
		t := errorTable(msgDynamicKey + key)
		t.RawSetString(bareField, lua.LTrue)
		return t
	}
	resp := r.callEngine(L, args)
	r.grow(L, 2*len(resp))
	v, rest, ok := luaValue(resp, 0)
	if !ok || len(rest) > 0 {
		return errorTable(msgBadReply)
	}
	return v
}

// callEngine notes a panic of the engine, which is not the script's: it goes on
// when the script has been unwound.
func (r *run) callEngine(L *lua.LState, args []string) []byte {
	r.alive(L)
	r.calls++
	defer func() {
		if rcv := recover(); rcv != nil {
			r.enginePanic = rcv
			r.cancel(errInternal)
			panic(rcv)
		}
	}()
	return r.opts.Call(args)
}

func (r *run) undeclared(args []string) (key string, found bool) {
	if !r.opts.DeclaredKeysOnly || r.opts.KeysOf == nil {
		return "", false
	}
	if r.keys == nil {
		r.keys = make(map[string]bool, len(r.opts.Keys))
		for _, key := range r.opts.Keys {
			r.keys[key] = true
		}
	}
	for _, key := range r.opts.KeysOf(args) {
		if !r.keys[key] {
			return key, true
		}
	}
	return "", false
}

func redisErrorReply(L *lua.LState) int {
	text, ok := L.Get(1).(lua.LString)
	if L.GetTop() != 1 || !ok {
		L.Push(errorTable("ERR wrong number or type of arguments"))
		return 1
	}
	L.Push(errorTable(errorText(strings.TrimPrefix(string(text), "-"))))
	return 1
}

// errorText makes sure that an error begins with a code.
func errorText(text string) string {
	text = strings.Trim(text, "\r\n")
	if !strings.Contains(text, " ") {
		text = "ERR " + text
	}
	return text
}

func redisStatusReply(L *lua.LState) int {
	text, ok := L.Get(1).(lua.LString)
	if L.GetTop() != 1 || !ok {
		L.Push(errorTable("ERR wrong number or type of arguments"))
		return 1
	}
	t := newTable()
	t.RawSetString("ok", text)
	L.Push(t)
	return 1
}

func redisSHA1Hex(L *lua.LState) int {
	if L.GetTop() != 1 {
		raise(L, "ERR wrong number of arguments")
	}
	text, _ := asString(L.Get(1))
	sum := sha1.Sum([]byte(text)) //nolint:gosec // see the import
	L.Push(lua.LString(hex.EncodeToString(sum[:])))
	return 1
}

// redisLog checks its arguments; there is no log.
func redisLog(L *lua.LState) int {
	if L.GetTop() < 2 {
		raise(L, "ERR redis.log() requires two arguments or more.")
	}
	level, ok := L.Get(1).(lua.LNumber)
	if !ok {
		raise(L, "ERR First argument must be a number (log level).")
	}
	if level < 0 || level > 3 {
		raise(L, "ERR Invalid debug level.")
	}
	return 0
}

func redisSetResp(L *lua.LState) int {
	if L.GetTop() != 1 {
		raise(L, "ERR redis.setresp() requires one argument.")
	}
	if version, _ := L.Get(1).(lua.LNumber); version != 2 && version != 3 {
		raise(L, "ERR RESP version must be 2 or 3.")
	}
	return 0
}

func redisReplicate(L *lua.LState) int {
	L.Push(lua.LTrue)
	return 1
}

func redisSetRepl(L *lua.LState) int {
	if L.GetTop() != 1 {
		raise(L, "ERR redis.set_repl() requires two arguments.")
	}
	if flags, _ := toNumber(L.Get(1)); int64(flags)&^3 != 0 {
		raise(L, "ERR Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.")
	}
	return 0
}

// redisBreakpoint tells that there is no debugger.
func redisBreakpoint(L *lua.LState) int {
	L.Push(lua.LFalse)
	return 1
}

// redisACLCheck allows everything: there are no users here.
func redisACLCheck(L *lua.LState) int {
	if L.GetTop() == 0 {
		raise(L, msgNoArgument)
	}
	L.Push(lua.LTrue)
	return 1
}
