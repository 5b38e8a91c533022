package luascript

import (
	"fmt"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

func baseToNumber(L *lua.LState) int {
	base := optInt(L, 2, 10)
	var f float64
	var ok bool
	if base == 10 {
		f, ok = toNumber(checkAny(L, 1))
	} else {
		text := checkString(L, 1)
		if base < 2 || base > 36 {
			argError(L, 2, "base out of range")
		}
		text = strings.ToLower(strings.Trim(text, " \t\n\v\f\r"))
		if base == 16 {
			text = strings.TrimPrefix(text, "0x")
		}
		n, err := strconv.ParseUint(strings.TrimPrefix(text, "-"), base, 64)
		if f, ok = float64(n), err == nil; text != "" && text[0] == '-' {
			f = float64(-n) // as C wraps it around
		}
	}
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(f))
	return 1
}

func baseToString(L *lua.LState) int {
	v := checkAny(L, 1)
	if fn := userMetamethod(v, "__tostring"); fn != lua.LNil {
		L.Push(fn)
		L.Push(v)
		L.Call(1, 1)
		return 1
	}
	L.Push(lua.LString(of(L).plainString(v)))
	return 1
}

// plainString is tostring without metamethods.
func (r *run) plainString(v lua.LValue) string {
	if text, ok := asString(v); ok {
		return text
	}
	if v == jsonNull {
		return "userdata: (nil)"
	}
	switch v.(type) {
	case *lua.LTable, *lua.LFunction, *lua.LState:
		return fmt.Sprintf("%s: %p", v.Type(), v)
	}
	return v.String()
}
