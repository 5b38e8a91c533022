package luascript

import lua "github.com/yuin/gopher-lua"

// Arguments of library functions, checked as the functions of Lua check them.

func argType(L *lua.LState, n int, want string) {
	got := "no value"
	if n <= L.GetTop() {
		got = L.Get(n).Type().String()
	}
	argError(L, n, "%s expected, got %s", want, got)
}

func checkAny(L *lua.LState, n int) lua.LValue {
	if n > L.GetTop() {
		argError(L, n, "value expected")
	}
	return L.Get(n)
}

func checkString(L *lua.LState, n int) string {
	s, ok := asString(L.Get(n))
	if !ok {
		argType(L, n, "string")
	}
	return s
}

func checkNumber(L *lua.LState, n int) float64 {
	f, ok := toNumber(L.Get(n))
	if !ok {
		argType(L, n, "number")
	}
	return f
}

// maxInt bounds what scripts pass as integers, so that sums of them do not
// overflow.
const maxInt = 1 << 53

func checkInt(L *lua.LState, n int) int {
	return int(min(max(truncate(checkNumber(L, n)), -maxInt), maxInt))
}

func optInt(L *lua.LState, n, otherwise int) int {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return checkInt(L, n)
}

func optString(L *lua.LState, n int, otherwise string) string {
	if L.Get(n) == lua.LNil {
		return otherwise
	}
	return checkString(L, n)
}

// rawTable returns the first argument, a table, as it is: frozen or not.
func rawTable(L *lua.LState) *lua.LTable {
	t, ok := L.Get(1).(*lua.LTable)
	if !ok {
		argType(L, 1, "table")
	}
	return t
}

// checkTable returns it to read from. Of a frozen one that is its content.
func checkTable(L *lua.LState) *lua.LTable { return readable(rawTable(L)) }

// checkWritable returns it to change.
func checkWritable(L *lua.LState) *lua.LTable {
	t := rawTable(L)
	if contentOf(t) != nil {
		throwPlain(L, msgReadOnlyTable)
	}
	return t
}

func checkFunction(L *lua.LState, n int) *lua.LFunction {
	fn, ok := L.Get(n).(*lua.LFunction)
	if !ok {
		argType(L, n, "function")
	}
	return fn
}
