package luascript

import lua "github.com/yuin/gopher-lua"

// baseFunctions are the global functions of Redis's Lua.
var baseFunctions = map[string]lua.LGFunction{
	"assert": baseAssert, "collectgarbage": baseCollectGarbage, "error": baseError, "gcinfo": baseGCInfo,
	"getmetatable": baseGetMetatable, "ipairs": baseIpairs, "load": baseLoad, "loadstring": baseLoadString,
	"next": baseNext, "pairs": basePairs, "pcall": basePcall, "rawequal": baseRawEqual, "rawget": baseRawGet,
	"rawset": baseRawSet, "select": baseSelect, "setmetatable": baseSetMetatable, "tonumber": baseToNumber,
	"tostring": baseToString, "type": baseType, "unpack": baseUnpack, "xpcall": baseXpcall,
}

func baseAssert(L *lua.LState) int {
	if lua.LVIsFalse(checkAny(L, 1)) {
		throw(L, "%s", optString(L, 2, "assertion failed!"))
	}
	return L.GetTop()
}

// baseCollectGarbage leaves the garbage to Go.
func baseCollectGarbage(L *lua.LState) int {
	switch option := optString(L, 1, "collect"); option {
	case "count":
		L.Push(lua.LNumber(float64(heapSize()) / 1024))
	case "collect", "stop", "restart", "step", "setpause", "setstepmul":
		L.Push(lua.LNumber(0))
	default:
		argError(L, 1, "invalid option '%s'", option)
	}
	return 1
}

func baseGCInfo(L *lua.LState) int {
	L.Push(lua.LNumber(heapSize() / 1024))
	return 1
}

func baseError(L *lua.LState) int {
	value, level := L.Get(1), optInt(L, 2, 1)
	if text, ok := asString(value); ok && level > 0 {
		throwPlain(L, position(L, min(level, maxFrames))+text)
	}
	L.Error(value, 0)
	return 0
}

func baseGetMetatable(L *lua.LState) int {
	L.Push(shownMetatable(checkAny(L, 1)))
	return 1
}

func shownMetatable(v lua.LValue) lua.LValue {
	switch v := v.(type) {
	case lua.LString:
		return libraries().shownMeta
	case *lua.LTable:
		meta, ok := v.Metatable.(*lua.LTable)
		switch {
		case ok && contentOf(v) == libraries().globals:
			return libraries().globalsMeta
		case !ok || contentOf(v) != nil:
			return lua.LNil
		case meta.RawGetString("__metatable") != lua.LNil:
			return meta.RawGetString("__metatable")
		}
		return meta
	}
	return lua.LNil
}

func baseSetMetatable(L *lua.LState) int {
	checkTable(L)
	meta := L.Get(2)
	if _, ok := meta.(*lua.LTable); !ok && (meta != lua.LNil || L.GetTop() < 2) {
		argError(L, 2, "nil or table expected")
	}
	t := checkWritable(L)
	if userMetamethod(t, "__metatable") != lua.LNil {
		throw(L, "cannot change a protected metatable")
	}
	if shown, ok := meta.(*lua.LTable); ok {
		meta = readable(shown)
	}
	t.Metatable = meta
	L.Push(t)
	return 1
}

func baseIpairs(L *lua.LState) int {
	checkTable(L)
	L.Push(ipairsNext)
	L.Push(L.Get(1))
	L.Push(lua.LNumber(0))
	return 3
}

var ipairsNext = &lua.LFunction{IsG: true, GFunction: func(L *lua.LState) int {
	i := checkInt(L, 2) + 1
	v := of(L).get(rawTable(L), lua.LNumber(i))
	if v == lua.LNil {
		return 0
	}
	L.Push(lua.LNumber(i))
	L.Push(v)
	return 2
}}

func basePairs(L *lua.LState) int {
	checkTable(L)
	L.Push(libraries().globals.RawGetString("next"))
	L.Push(L.Get(1))
	L.Push(lua.LNil)
	return 3
}

func baseNext(L *lua.LState) int {
	key, value := readable(rawTable(L)).Next(L.Get(2))
	if key == lua.LNil {
		L.Push(lua.LNil)
		return 1
	}
	if r := of(L); L.Get(1) == r.env {
		value = r.get(r.env, key)
	}
	L.Push(key)
	L.Push(value)
	return 2
}

func baseRawEqual(L *lua.LState) int {
	L.Push(lua.LBool(L.RawEqual(checkAny(L, 1), checkAny(L, 2))))
	return 1
}

func baseRawGet(L *lua.LState) int {
	L.Push(of(L).get(rawTable(L), checkAny(L, 2)))
	return 1
}

func baseRawSet(L *lua.LState) int {
	rawTable(L)
	checkAny(L, 2)
	checkAny(L, 3)
	t := checkWritable(L)
	rawSet(L, t, L.Get(2), L.Get(3))
	L.Push(t)
	return 1
}

func rawSet(L *lua.LState, t *lua.LTable, key, value lua.LValue) {
	if n, ok := key.(lua.LNumber); ok && n != n {
		throwPlain(L, "table index is NaN")
	}
	if key == lua.LNil {
		throwPlain(L, "table index is nil")
	}
	of(L).reach(L, key)
	t.RawSet(key, value)
}

func baseSelect(L *lua.LState) int {
	n := L.GetTop()
	if L.Get(1) == lua.LString("#") {
		L.Push(lua.LNumber(n - 1))
		return 1
	}
	i := checkInt(L, 1)
	if i < 0 {
		i = n + i
	}
	if i <= 0 {
		argError(L, 1, "index out of range")
	}
	return max(n-i, 0)
}

func baseType(L *lua.LState) int {
	L.Push(lua.LString(checkAny(L, 1).Type().String()))
	return 1
}

// maxResults is how many values one function may return.
const maxResults = 7990

func baseUnpack(L *lua.LState) int {
	t := checkTable(L)
	from, to := optInt(L, 2, 1), optInt(L, 3, t.Len())
	if from > to {
		return 0
	}
	if to-from >= maxResults {
		throw(L, "too many results to unpack")
	}
	for i := from; i <= to; i++ {
		L.Push(t.RawGet(lua.LNumber(i)))
	}
	return to - from + 1
}
