package luascript

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// The interpreter asks a value's metatable before it does arithmetic on a string
// or gives up. The metatables here answer for all types but tables: with Lua's
// arithmetic on strings, and with Lua's errors. Scripts cannot see them.

// addOperators adds to a metatable what every value that is no table gets.
func addOperators(meta *lua.LTable, define func(name string, fn lua.LGFunction) *lua.LFunction) {
	for event, compute := range arithmetic {
		meta.RawSetString(event, define("?", func(L *lua.LState) int { return operate(L, event, compute) }))
	}
	meta.RawSetString("__unm", define("?", func(L *lua.LState) int {
		f, ok := toNumber(L.Get(1))
		if !ok {
			operandError(L, opMinus, "perform arithmetic on", L.Get(1), "")
		}
		L.Push(lua.LNumber(-f))
		return 1
	}))
	meta.RawSetString("__len", define("?", func(L *lua.LState) int {
		operandError(L, opLength, "get length of", L.Get(1), "")
		return 0
	}))
	meta.RawSetString("__call", define("?", func(L *lua.LState) int {
		operandError(L, opCall, "call", L.Get(1), "")
		return 0
	}))
	index := define("?", func(L *lua.LState) int {
		key, _ := asString(L.Get(2))
		operandError(L, opIndex, "index", L.Get(1), key)
		return 0
	})
	meta.RawSetString("__index", index)
	meta.RawSetString("__newindex", index)
}

var arithmetic = map[string]func(a, b float64) float64{
	"__add": func(a, b float64) float64 { return a + b },
	"__sub": func(a, b float64) float64 { return a - b },
	"__mul": func(a, b float64) float64 { return a * b },
	"__div": func(a, b float64) float64 { return a / b },
	"__mod": func(a, b float64) float64 { return a - math.Floor(a/b)*b },
	"__pow": math.Pow,
}

func operate(L *lua.LState, event string, compute func(a, b float64) float64) int {
	left, right := L.Get(1), L.Get(2)
	a, aOK := toNumber(left)
	b, bOK := toNumber(right)
	if aOK && bOK {
		L.Push(lua.LNumber(compute(a, b)))
		return 1
	}
	for _, operand := range [...]lua.LValue{left, right} {
		if fn := userMetamethod(operand, event); fn != lua.LNil {
			L.Push(fn)
			L.Push(left)
			L.Push(right)
			L.Call(2, 1)
			return 1
		}
	}
	if aOK {
		operandError(L, opArithRight, "perform arithmetic on", right, "")
	}
	operandError(L, opArith, "perform arithmetic on", left, "")
	return 0
}

// userMetamethod returns what a script has defined for a table.
func userMetamethod(v lua.LValue, event string) lua.LValue {
	if t, ok := v.(*lua.LTable); ok {
		if meta, ok := t.Metatable.(*lua.LTable); ok {
			return meta.RawGetString(event)
		}
	}
	return lua.LNil
}

// operandError raises the error of an operation that the running metamethod
// stands for.
func operandError(L *lua.LState, op operation, verb string, operand lua.LValue, key string) {
	name := ""
	if at, ok := placeAt(L, 1); ok && (at.source == chunkName || at.source == libraryChunkName) {
		name = of(L).program.chunk.hints.name(at.line, op, key)
	}
	throw(L, "%s", typeError(verb, name, operand.Type().String()))
}
