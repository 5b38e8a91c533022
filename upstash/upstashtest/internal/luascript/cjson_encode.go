package luascript

import (
	"math"
	"strconv"

	lua "github.com/yuin/gopher-lua"
)

func jsonEncode(L *lua.LState) int {
	if L.GetTop() != 1 {
		argError(L, 1, "expected 1 argument")
	}
	r := of(L)
	e := jsonEncoder{L: L, run: r, config: r.json}
	e.value(L.Get(1), 0)
	r.grow(L, len(e.out))
	L.Push(lua.LString(e.out))
	return 1
}

type jsonEncoder struct {
	L      *lua.LState
	run    *run
	config jsonConfig
	out    []byte
	steps  int
}

func (e *jsonEncoder) value(v lua.LValue, depth int) {
	if e.steps++; e.steps%4096 == 0 {
		e.run.alive(e.L)
	}
	if len(e.out) > maxString {
		e.run.grow(e.L, len(e.out))
	}
	switch v := v.(type) {
	case lua.LString:
		e.text(string(v))
	case lua.LNumber:
		e.number(float64(v))
	case lua.LBool:
		e.out = strconv.AppendBool(e.out, bool(v))
	case *lua.LNilType:
		e.out = append(e.out, "null"...)
	case *lua.LTable:
		e.table(readable(v), depth+1)
	default:
		if v != jsonNull {
			e.refuse(v, "type not supported")
		}
		e.out = append(e.out, "null"...)
	}
}

func (e *jsonEncoder) refuse(v lua.LValue, reason string) {
	throw(e.L, "Cannot serialise %s: %s", v.Type(), reason) //nolint:misspell // cjson's own spelling
}

func (e *jsonEncoder) number(f float64) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		switch {
		case e.config.encodeInvalid == "null":
			e.out = append(e.out, "null"...)
			return
		case e.config.encodeInvalid == "off":
			e.refuse(lua.LNumber(f), "must not be NaN or Inf")
		case math.IsNaN(f):
			e.out = append(e.out, "nan"...)
			return
		}
	}
	e.out = append(e.out, formatG(f, e.config.precision)...)
}

// escapes are the characters cjson escapes, a slash and DEL among them.
var escapes = func() (table [256]string) {
	for c := range 0x20 {
		table[c] = "\\u00" + string("0123456789abcdef"[c>>4]) + string("0123456789abcdef"[c&15])
	}
	for c, escape := range map[byte]string{
		'\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`, '"': `\"`, '\\': `\\`, '/': `\/`, 127: `\u007f`,
	} {
		table[c] = escape
	}
	return table
}()

func (e *jsonEncoder) text(text string) {
	e.out = append(e.out, '"')
	for i := range len(text) {
		if escape := escapes[text[i]]; escape != "" {
			e.out = append(e.out, escape...)
		} else {
			e.out = append(e.out, text[i])
		}
	}
	e.out = append(e.out, '"')
}

func (e *jsonEncoder) table(t *lua.LTable, depth int) {
	if depth > e.config.encodeDepth || depth > maxJSONDepth {
		throw(e.L, "Cannot serialise, excessive nesting (%d)", depth) //nolint:misspell // cjson's own spelling
	}
	if n := e.arrayLength(t); n > 0 {
		for i := 1; i <= n; i++ {
			e.out = append(e.out, separator(i == 1, '['))
			e.value(t.RawGet(lua.LNumber(i)), depth)
		}
		e.out = append(e.out, ']')
		return
	}
	first := true
	for key, value := t.Next(lua.LNil); key != lua.LNil; key, value = t.Next(key) {
		e.out = append(e.out, separator(first, '{'))
		first = false
		switch k := key.(type) {
		case lua.LString:
			e.text(string(k))
		case lua.LNumber:
			e.out = append(e.out, '"')
			e.number(float64(k))
			e.out = append(e.out, '"')
		default:
			e.refuse(key, "table key must be a number or string")
		}
		e.out = append(e.out, ':')
		e.value(value, depth)
	}
	if first {
		e.out = append(e.out, '{')
	}
	e.out = append(e.out, '}')
}

func separator(first bool, opening byte) byte {
	if first {
		return opening
	}
	return ','
}

// arrayLength returns the highest index of an array, and 0 for what has to be an
// object.
func (e *jsonEncoder) arrayLength(t *lua.LTable) int {
	highest, items := 0, 0
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		n, ok := key.(lua.LNumber)
		if !ok || n < 1 || n != lua.LNumber(math.Trunc(float64(n))) || n > maxInt {
			return 0
		}
		highest = max(highest, int(n))
		items++
	}
	sparse := e.config.sparseRatio > 0 && highest > e.config.sparseSafe && highest/e.config.sparseRatio > items
	if sparse || highest > e.config.sparseSafe && highest > items*e.config.sparseRatio && e.config.sparseRatio > 0 {
		if !e.config.sparseConvert {
			e.refuse(t, "excessively sparse array")
		}
		return 0
	}
	return highest
}
