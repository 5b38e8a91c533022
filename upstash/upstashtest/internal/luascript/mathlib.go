package luascript

import (
	"math"
	"time"

	lua "github.com/yuin/gopher-lua"
)

var mathModule = module{
	functions: map[string]lua.LGFunction{
		"abs": unary(math.Abs), "acos": unary(math.Acos), "asin": unary(math.Asin), "atan": unary(math.Atan),
		"ceil": unary(math.Ceil), "cos": unary(math.Cos), "cosh": unary(math.Cosh), "exp": unary(math.Exp),
		"floor": unary(math.Floor), "log": unary(math.Log), "log10": unary(math.Log10), "sin": unary(math.Sin),
		"sinh": unary(math.Sinh), "sqrt": unary(math.Sqrt), "tan": unary(math.Tan), "tanh": unary(math.Tanh),
		"deg":   unary(func(x float64) float64 { return x / (math.Pi / 180) }),
		"rad":   unary(func(x float64) float64 { return x * (math.Pi / 180) }),
		"atan2": twoNumbers(math.Atan2), "fmod": twoNumbers(math.Mod), "mod": twoNumbers(math.Mod), "pow": twoNumbers(math.Pow),
		"max": fold(func(a, b float64) bool { return b > a }), "min": fold(func(a, b float64) bool { return b < a }),
		"frexp": mathFrexp, "ldexp": mathLdexp, "modf": mathModf, "random": mathRandom, "randomseed": mathRandomSeed,
	},
	values: map[string]lua.LValue{"pi": lua.LNumber(math.Pi), "huge": lua.LNumber(math.Inf(1))},
}

var osModule = module{functions: map[string]lua.LGFunction{"clock": osClock}}

var started = time.Now()

func osClock(L *lua.LState) int {
	L.Push(lua.LNumber(time.Since(started).Seconds()))
	return 1
}

func unary(f func(float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LNumber(f(checkNumber(L, 1))))
		return 1
	}
}

func twoNumbers(f func(a, b float64) float64) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Push(lua.LNumber(f(checkNumber(L, 1), checkNumber(L, 2))))
		return 1
	}
}

func fold(better func(a, b float64) bool) lua.LGFunction {
	return func(L *lua.LState) int {
		best := checkNumber(L, 1)
		for i := 2; i <= L.GetTop(); i++ {
			if n := checkNumber(L, i); better(best, n) {
				best = n
			}
		}
		L.Push(lua.LNumber(best))
		return 1
	}
}

func mathFrexp(L *lua.LState) int {
	fraction, exponent := math.Frexp(checkNumber(L, 1))
	L.Push(lua.LNumber(fraction))
	L.Push(lua.LNumber(exponent))
	return 2
}

func mathLdexp(L *lua.LState) int {
	L.Push(lua.LNumber(math.Ldexp(checkNumber(L, 1), checkInt(L, 2))))
	return 1
}

func mathModf(L *lua.LState) int {
	x := checkNumber(L, 1)
	whole, fraction := math.Modf(x)
	if math.IsInf(x, 0) {
		fraction = math.Copysign(0, x)
	}
	L.Push(lua.LNumber(whole))
	L.Push(lua.LNumber(fraction))
	return 2
}

// A random is Redis's generator: that of lrand48, which starts every script
// with the same seed.
type random struct {
	state  uint64
	seeded bool
}

func (r *random) seed(n int32) {
	r.state, r.seeded = uint64(uint32(n))<<16|0x330E, true //nolint:gosec // the bits
}

func (r *random) next() float64 {
	if !r.seeded {
		r.seed(0)
	}
	r.state = (r.state*0x5DEECE66D + 0xB) & (1<<48 - 1)
	return float64(r.state>>17%math.MaxInt32) / math.MaxInt32
}

func mathRandom(L *lua.LState) int {
	f := of(L).random.next()
	lowest, highest := 1, 1
	switch L.GetTop() {
	case 0:
		L.Push(lua.LNumber(f))
		return 1
	case 1:
		highest = checkInt(L, 1)
	case 2:
		lowest, highest = checkInt(L, 1), checkInt(L, 2)
	default:
		throw(L, "wrong number of arguments")
	}
	if lowest > highest {
		argError(L, L.GetTop(), "interval is empty")
	}
	L.Push(lua.LNumber(math.Floor(f*float64(highest-lowest+1)) + float64(lowest)))
	return 1
}

func mathRandomSeed(L *lua.LState) int {
	of(L).random.seed(int32(truncate(checkNumber(L, 1)))) //nolint:gosec // as C does
	return 0
}
