package luascript

import (
	"encoding/binary"
	"math"

	lua "github.com/yuin/gopher-lua"
)

// maxUnpackDepth bounds nesting, for which cmsgpack has the Lua stack.
const maxUnpackDepth = 2000

func msgUnpack(L *lua.LState) int { return unpackValues(L, 0, 0) }

func msgUnpackOne(L *lua.LState) int { return unpackValues(L, 1, optInt(L, 2, 0)) }

func msgUnpackLimit(L *lua.LState) int { return unpackValues(L, checkInt(L, 2), optInt(L, 3, 0)) }

// unpackValues pushes values, at most as many as the limit; with one, the offset
// of what follows comes first, or -1 at the end.
func unpackValues(L *lua.LState, limit, offset int) int {
	text := checkString(L, 1)
	if offset < 0 || limit < 0 {
		throw(L, "Invalid request to unpack with offset of %d and limit of %d.", offset, len(text))
	}
	if offset > len(text) {
		throw(L, "Start offset %d greater than input length %d.", offset, len(text))
	}
	r := of(L)
	r.grow(L, 2*len(text))
	u := unpacker{L: L, run: r, rest: text[offset:]}
	var values []lua.LValue
	for u.rest != "" && (limit == 0 || len(values) < limit) {
		if len(values) >= maxResults {
			throw(L, "stack overflow (in function mp_unpack)")
		}
		values = append(values, u.value(0))
	}
	if limit == 0 {
		return pushAll(L, values)
	}
	next := len(text) - len(u.rest)
	if u.rest == "" {
		next = -1
	}
	L.Push(lua.LNumber(next))
	return 1 + pushAll(L, values)
}

type unpacker struct {
	L     *lua.LState
	run   *run
	rest  string
	steps int
}

func (u *unpacker) take(n uint64) string {
	if n > uint64(len(u.rest)) {
		throw(u.L, "Missing bytes in input.")
	}
	text := u.rest[:n]
	u.rest = u.rest[n:]
	return text
}

// unsigned reads an integer of 1, 2, 4 or 8 bytes.
func (u *unpacker) unsigned(size int) uint64 {
	var buf [8]byte
	copy(buf[8-size:], u.take(uint64(size))) //nolint:gosec // at most 8
	return binary.BigEndian.Uint64(buf[:])
}

func (u *unpacker) value(depth int) lua.LValue {
	if u.steps++; u.steps%4096 == 0 {
		u.run.alive(u.L)
	}
	if depth > maxUnpackDepth {
		throw(u.L, "stack overflow (in function mp_decode_to_lua_type)")
	}
	code := u.take(1)[0]
	switch {
	case code < 0x80:
		return lua.LNumber(code)
	case code < 0x90:
		return u.hash(uint64(code&15), depth)
	case code < 0xa0:
		return u.array(uint64(code&15), depth)
	case code < 0xc0:
		return lua.LString(u.take(uint64(code & 31)))
	case code >= 0xe0:
		return lua.LNumber(int8(code)) //nolint:gosec // the bits
	}
	switch code {
	case 0xc0:
		return lua.LNil
	case 0xc2, 0xc3:
		return lua.LBool(code == 0xc3)
	case 0xca:
		return lua.LNumber(math.Float32frombits(uint32(u.unsigned(4)))) //nolint:gosec // 4 bytes
	case 0xcb:
		return lua.LNumber(math.Float64frombits(u.unsigned(8)))
	case 0xcc, 0xcd, 0xce, 0xcf:
		return lua.LNumber(u.unsigned(1 << (code - 0xcc)))
	case 0xd0, 0xd1, 0xd2, 0xd3:
		size := 1 << (code - 0xd0)
		unused := 64 - 8*size
		return lua.LNumber(int64(u.unsigned(size)<<unused) >> unused) //nolint:gosec // the sign is extended
	case 0xd9, 0xda, 0xdb:
		return lua.LString(u.take(u.unsigned(1 << (code - 0xd9))))
	case 0xdc, 0xdd:
		return u.array(u.unsigned(2<<(code-0xdc)), depth)
	case 0xde, 0xdf:
		return u.hash(u.unsigned(2<<(code-0xde)), depth)
	}
	throw(u.L, "Bad data format in input.")
	return nil
}

func (u *unpacker) array(n uint64, depth int) lua.LValue {
	t := newTable()
	for i := range n {
		t.RawSet(lua.LNumber(i+1), u.value(depth+1))
	}
	return t
}

func (u *unpacker) hash(n uint64, depth int) lua.LValue {
	t := newTable()
	for range n {
		key := u.value(depth + 1)
		value := u.value(depth + 1)
		rawSet(u.L, t, key, value)
	}
	return t
}
