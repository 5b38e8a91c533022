package luascript

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// concatFunction is what the operator ".." is compiled to. Its first argument
// names the others for errors, one per line.
var concatFunction = &lua.LFunction{IsG: true, GFunction: concat}

func concat(L *lua.LState) int {
	n := L.GetTop()
	size, plain := 0, true
	for i := 2; i <= n && plain; i++ {
		switch v := L.Get(i).(type) {
		case lua.LString:
			size += len(v)
		case lua.LNumber:
			size += 24 // at most
		default:
			plain = false
		}
	}
	if !plain {
		L.Push(concatSlowly(L, n))
		return 1
	}
	of(L).grow(L, size)
	var text strings.Builder
	text.Grow(size)
	for i := 2; i <= n; i++ {
		switch v := L.Get(i).(type) {
		case lua.LString:
			text.WriteString(string(v))
		case lua.LNumber:
			text.WriteString(formatNumber(float64(v)))
		}
	}
	L.Push(lua.LString(text.String()))
	return 1
}

// concatSlowly joins two operands at a time, from the right, as metamethods
// may have to.
func concatSlowly(L *lua.LState, n int) lua.LValue {
	right := L.Get(n)
	for i := n - 1; i >= 2; i-- {
		left := L.Get(i)
		a, aOK := asString(left)
		b, bOK := asString(right)
		if aOK && bOK {
			of(L).grow(L, len(a)+len(b))
			right = lua.LString(a + b)
			continue
		}
		fn := userMetamethod(left, "__concat")
		if fn == lua.LNil {
			fn = userMetamethod(right, "__concat")
		}
		if fn == lua.LNil {
			concatError(L, i, left, right, aOK, n)
		}
		L.Push(fn)
		L.Push(left)
		L.Push(right)
		L.Call(2, 1)
		right = L.Get(-1)
		L.Pop(1)
	}
	return right
}

func concatError(L *lua.LState, i int, left, right lua.LValue, leftOK bool, n int) {
	wrong := left
	if leftOK {
		wrong = right
		i++
	}
	name := ""
	if names := strings.Split(L.ToString(1), "\n"); !leftOK || i == n {
		name = names[i-2]
	}
	throw(L, "%s", typeError("concatenate", name, wrong.Type().String()))
}
