package luascript

import (
	"encoding/binary"
	"math"

	lua "github.com/yuin/gopher-lua"
)

var cmsgpackModule = module{
	functions: map[string]lua.LGFunction{
		"pack": msgPack, "unpack": msgUnpack, "unpack_limit": msgUnpackLimit, "unpack_one": msgUnpackOne,
	},
	values: map[string]lua.LValue{
		"_NAME": lua.LString("cmsgpack"), "_VERSION": lua.LString("lua-cmsgpack 0.4.0"),
		"_COPYRIGHT":   lua.LString("Copyright (C) 2012, Salvatore Sanfilippo"),
		"_DESCRIPTION": lua.LString("MessagePack C implementation for Lua"),
	},
}

// maxPackDepth is where cmsgpack writes nil instead of a table.
const maxPackDepth = 16

func msgPack(L *lua.LState) int {
	if L.GetTop() == 0 {
		argError(L, 0, "MessagePack pack needs input.")
	}
	p := packer{L: L, run: of(L)}
	for i := range L.GetTop() {
		p.value(L.Get(i+1), 0)
	}
	p.run.grow(L, len(p.out))
	L.Push(lua.LString(p.out))
	return 1
}

type packer struct {
	L     *lua.LState
	run   *run
	out   []byte
	steps int
}

func (p *packer) value(v lua.LValue, depth int) {
	if p.steps++; p.steps%4096 == 0 {
		p.run.alive(p.L)
		if len(p.out) > maxString {
			p.run.grow(p.L, len(p.out))
		}
	}
	switch v := v.(type) {
	case lua.LString:
		p.header(len(v), 0xa0, 32, 0xd9, 0xda, 0xdb)
		p.out = append(p.out, v...)
	case lua.LBool:
		p.out = append(p.out, map[bool]byte{false: 0xc2, true: 0xc3}[bool(v)])
	case lua.LNumber:
		if f := float64(v); f == float64(truncate(f)) {
			p.integer(truncate(f))
		} else {
			p.float(f)
		}
	case *lua.LTable:
		if depth == maxPackDepth {
			p.out = append(p.out, 0xc0)
			return
		}
		p.table(readable(v), depth)
	default:
		p.out = append(p.out, 0xc0)
	}
}

// header writes a length: in the first byte when it is below small, else after
// one of the codes for 8, 16 and 32 bits. Code 0 means that there is none.
func (p *packer) header(n int, fixed byte, small int, code8, code16, code32 byte) {
	switch {
	case n < small:
		p.out = append(p.out, fixed|byte(n)) //nolint:gosec // small
	case n <= math.MaxUint8 && code8 != 0:
		p.out = append(p.out, code8, byte(n)) //nolint:gosec // in range
	case n <= math.MaxUint16:
		p.out = binary.BigEndian.AppendUint16(append(p.out, code16), uint16(n)) //nolint:gosec // in range
	default:
		p.out = binary.BigEndian.AppendUint32(append(p.out, code32), uint32(n)) //nolint:gosec // bounded by memory
	}
}

// integer writes the shortest form: a code and the low bytes.
func (p *packer) integer(n int64) {
	forms := []struct {
		lowest, highest int64
		code            byte
		size            int
	}{
		{-32, 127, 0, 1},
		{0, math.MaxUint8, 0xcc, 1}, {0, math.MaxUint16, 0xcd, 2}, {0, math.MaxUint32, 0xce, 4}, {0, math.MaxInt64, 0xcf, 8},
		{math.MinInt8, 0, 0xd0, 1}, {math.MinInt16, 0, 0xd1, 2}, {math.MinInt32, 0, 0xd2, 4}, {math.MinInt64, 0, 0xd3, 8},
	}
	for _, form := range forms {
		if n < form.lowest || n > form.highest {
			continue
		}
		if form.code != 0 {
			p.out = append(p.out, form.code)
		}
		for shift := 8 * (form.size - 1); shift >= 0; shift -= 8 {
			p.out = append(p.out, byte(n>>shift)) //nolint:gosec // the low byte
		}
		return
	}
}

func (p *packer) float(f float64) {
	if float64(float32(f)) == f {
		p.out = binary.BigEndian.AppendUint32(append(p.out, 0xca), math.Float32bits(float32(f)))
		return
	}
	p.out = binary.BigEndian.AppendUint64(append(p.out, 0xcb), math.Float64bits(f))
}

func (p *packer) table(t *lua.LTable, depth int) {
	n, highest := 0, 0.0
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		n++
		index, ok := key.(lua.LNumber)
		if !ok || index <= 0 || float64(index) != math.Trunc(float64(index)) {
			highest = math.Inf(1)
		}
		highest = max(highest, float64(index))
	}
	if highest == float64(n) {
		p.header(n, 0x90, 16, 0, 0xdc, 0xdd)
		for i := range n {
			p.value(t.RawGet(lua.LNumber(i+1)), depth+1)
		}
		return
	}
	p.header(n, 0x80, 16, 0, 0xde, 0xdf)
	for key, value := t.Next(lua.LNil); key != lua.LNil; key, value = t.Next(key) {
		p.value(key, depth+1)
		p.value(value, depth+1)
	}
}
