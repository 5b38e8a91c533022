package luascript

import (
	"fmt"
	"math"
	"math/bits"

	lua "github.com/yuin/gopher-lua"
)

var bitModule = module{functions: map[string]lua.LGFunction{
	"tobit": bitwise(func(x uint32) uint32 { return x }),
	"bnot":  bitwise(func(x uint32) uint32 { return ^x }),
	"bswap": bitwise(bits.ReverseBytes32),
	"band":  bitFold(func(x, y uint32) uint32 { return x & y }),
	"bor":   bitFold(func(x, y uint32) uint32 { return x | y }),
	"bxor":  bitFold(func(x, y uint32) uint32 { return x ^ y }),

	"lshift":  bitShift(func(x, n uint32) uint32 { return x << n }),
	"rshift":  bitShift(func(x, n uint32) uint32 { return x >> n }),
	"arshift": bitShift(func(x, n uint32) uint32 { return uint32(int32(x) >> n) }),
	"rol":     bitShift(func(x, n uint32) uint32 { return bits.RotateLeft32(x, int(n)) }),
	"ror":     bitShift(func(x, n uint32) uint32 { return bits.RotateLeft32(x, -int(n)) }),
	"tohex":   bitToHex,
}}

// toBits takes the low 32 bits of a number rounded to an integer, the way that
// adding 2^52+2^51 leaves them in a double.
func toBits(L *lua.LState, n int) uint32 {
	return uint32(math.Float64bits(checkNumber(L, n) + (1<<52 + 1<<51))) //nolint:gosec // the low half
}

func pushBits(L *lua.LState, x uint32) int {
	L.Push(lua.LNumber(int32(x))) //nolint:gosec // the bits
	return 1
}

func bitwise(f func(uint32) uint32) lua.LGFunction {
	return func(L *lua.LState) int { return pushBits(L, f(toBits(L, 1))) }
}

func bitFold(f func(x, y uint32) uint32) lua.LGFunction {
	return func(L *lua.LState) int {
		x := toBits(L, 1)
		for i := 2; i <= L.GetTop(); i++ {
			x = f(x, toBits(L, i))
		}
		return pushBits(L, x)
	}
}

func bitShift(f func(x, n uint32) uint32) lua.LGFunction {
	return func(L *lua.LState) int { return pushBits(L, f(toBits(L, 1), toBits(L, 2)&31)) }
}

func bitToHex(L *lua.LState) int {
	x, n, format := toBits(L, 1), int32(8), "%08x"
	if L.GetTop() >= 2 {
		n = int32(toBits(L, 2)) //nolint:gosec // the bits
	}
	if n < 0 {
		n, format = -max(n, -8), "%08X"
	}
	L.Push(lua.LString(fmt.Sprintf(format, x)[8-min(n, 8):]))
	return 1
}
