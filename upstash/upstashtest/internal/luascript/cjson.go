package luascript

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

var cjsonModule = module{
	functions: map[string]lua.LGFunction{
		"decode": jsonDecode, "encode": jsonEncode, "new": jsonNew,
		"decode_invalid_numbers": jsonDecodeInvalid, "decode_max_depth": jsonDecodeDepth,
		"encode_invalid_numbers": jsonEncodeInvalid, "encode_keep_buffer": jsonKeepBuffer,
		"encode_max_depth": jsonEncodeDepth, "encode_number_precision": jsonPrecision,
		"encode_sparse_array": jsonSparse,
	},
	values: map[string]lua.LValue{
		"_NAME": lua.LString("cjson"), "_VERSION": lua.LString("2.1.0"), "null": jsonNull,
	},
}

// jsonNull is null in both directions.
var jsonNull = &lua.LUserData{Metatable: lua.LNil}

// jsonConfig is what the functions of cjson set, for the rest of the script.
type jsonConfig struct {
	sparseConvert            bool
	sparseRatio, sparseSafe  int
	encodeDepth, decodeDepth int
	precision                int
	keepBuffer               bool
	encodeInvalid            string // "off", "on" or "null"
	decodeInvalid            string // "off" or "on"
}

var defaultJSON = jsonConfig{
	sparseConvert: true, sparseRatio: 2, sparseSafe: 10, encodeDepth: 1000, decodeDepth: 1000, precision: 14,
	keepBuffer: true, encodeInvalid: "off", decodeInvalid: "on",
}

// maxJSONDepth bounds what a script may set the depths to.
const maxJSONDepth = 10000

func atMost(L *lua.LState, n int) {
	if L.GetTop() > n {
		argError(L, n+1, "found too many arguments")
	}
}

func jsonInteger(L *lua.LState, n int, setting *int, lowest, highest int) {
	if L.Get(n) == lua.LNil {
		return
	}
	value := checkInt(L, n)
	if value < lowest || value > highest {
		argError(L, n, "expected integer between %d and %d", lowest, highest)
	}
	*setting = value
}

func jsonFlag(L *lua.LState, n int, setting *bool) {
	switch v := L.Get(n).(type) {
	case lua.LBool:
		*setting = bool(v)
	case *lua.LNilType:
	default:
		switch word := checkString(L, n); word {
		case "on", "off":
			*setting = word == "on"
		default:
			argError(L, n, "invalid option '%s'", word)
		}
	}
}

func jsonWord(L *lua.LState, setting *string, null bool) int {
	atMost(L, 1)
	if L.Get(1) == lua.LString("null") && null {
		*setting = "null"
	} else {
		on := *setting == "on"
		jsonFlag(L, 1, &on)
		if L.Get(1) != lua.LNil {
			*setting = map[bool]string{true: "on", false: "off"}[on]
		}
	}
	if *setting == "null" {
		L.Push(lua.LString("null"))
	} else {
		L.Push(lua.LBool(*setting == "on"))
	}
	return 1
}

func jsonSparse(L *lua.LState) int {
	atMost(L, 3)
	config := &of(L).json
	jsonFlag(L, 1, &config.sparseConvert)
	jsonInteger(L, 2, &config.sparseRatio, 0, math.MaxInt32)
	jsonInteger(L, 3, &config.sparseSafe, 0, math.MaxInt32)
	return pushAll(L, []lua.LValue{
		lua.LBool(config.sparseConvert), lua.LNumber(config.sparseRatio), lua.LNumber(config.sparseSafe),
	})
}

func jsonLimit(L *lua.LState, setting *int, highest int) int {
	atMost(L, 1)
	jsonInteger(L, 1, setting, 1, highest)
	L.Push(lua.LNumber(*setting))
	return 1
}

func jsonEncodeDepth(L *lua.LState) int { return jsonLimit(L, &of(L).json.encodeDepth, math.MaxInt32) }
func jsonDecodeDepth(L *lua.LState) int { return jsonLimit(L, &of(L).json.decodeDepth, math.MaxInt32) }
func jsonPrecision(L *lua.LState) int   { return jsonLimit(L, &of(L).json.precision, 14) }

func jsonKeepBuffer(L *lua.LState) int {
	atMost(L, 1)
	jsonFlag(L, 1, &of(L).json.keepBuffer)
	L.Push(lua.LBool(of(L).json.keepBuffer))
	return 1
}

func jsonEncodeInvalid(L *lua.LState) int { return jsonWord(L, &of(L).json.encodeInvalid, true) }
func jsonDecodeInvalid(L *lua.LState) int { return jsonWord(L, &of(L).json.decodeInvalid, false) }

// jsonNew returns the library again: settings are the script's either way.
func jsonNew(L *lua.LState) int {
	L.Push(libraries().globals.RawGetString("cjson"))
	return 1
}
