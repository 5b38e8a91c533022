package luascript

import (
	"encoding/binary"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var structModule = module{functions: map[string]lua.LGFunction{
	"pack": structPack, "size": structSize, "unpack": structUnpack,
}}

const maxIntSize = 32 // of "i" and "I", in bytes

// A layout walks through a format. Sizes are those of 64-bit Linux.
type layout struct {
	L      *lua.LState
	format string
	little bool
	align  int
}

// An item is one option of a format.
type item struct {
	option byte
	size   int
	align  int // bytes to skip before it
}

func newLayout(L *lua.LState) *layout {
	return &layout{L: L, format: checkString(L, 1), little: true, align: 1}
}

// next returns the next item that stands for data or padding; total is how many
// bytes come before it.
func (l *layout) next(total int) (it item, ok bool) {
	for l.format != "" {
		it = item{option: l.format[0]}
		l.format = l.format[1:]
		switch it.option {
		case '>', '<':
			l.little = it.option == '<'
			continue
		case '!':
			if l.align = l.number(8); l.align == 0 || l.align&(l.align-1) != 0 {
				throw(l.L, "alignment %d is not a power of 2", l.align)
			}
			continue
		case ' ':
			continue
		}
		it.size = l.size(it.option)
		if align := min(it.size, l.align); align > 1 && strings.IndexByte("csx", it.option) < 0 {
			it.align = (align - total&(align-1)) & (align - 1)
		}
		return it, true
	}
	return item{}, false
}

// number reads digits of the format, or returns the default.
func (l *layout) number(otherwise int) int {
	if l.format == "" || !isDigit(l.format[0]) {
		return otherwise
	}
	n := 0
	for ; l.format != "" && isDigit(l.format[0]); l.format = l.format[1:] {
		if n = 10*n + int(l.format[0]-'0'); n > math.MaxInt32 {
			throw(l.L, "integral size overflow")
		}
	}
	return n
}

func (l *layout) size(option byte) int {
	switch option {
	case 'b', 'B', 'x':
		return 1
	case 'h', 'H':
		return 2
	case 'f':
		return 4
	case 'l', 'L', 'T', 'd':
		return 8
	case 'c':
		return l.number(1)
	case 'i', 'I':
		n := l.number(4)
		if n > maxIntSize {
			throw(l.L, "integral size %d is larger than limit of %d", n, maxIntSize)
		}
		return n
	case 's':
		return 0
	}
	argError(l.L, 1, "invalid format option '%c'", option)
	return 0
}

func (l *layout) reorder(data []byte) []byte {
	if !l.little {
		for i, j := 0, len(data)-1; i < j; i, j = i+1, j-1 {
			data[i], data[j] = data[j], data[i]
		}
	}
	return data
}

func structPack(L *lua.LState) int {
	l := newLayout(L)
	L.Push(lua.LNil) // what is missing is nil
	var out []byte
	arg := 1
	for it, ok := l.next(0); ok; it, ok = l.next(len(out)) {
		out = append(out, make([]byte, it.align)...)
		if it.option == 'x' {
			out = append(out, 0)
			continue
		}
		arg++
		switch it.option {
		case 'c', 's':
			text := checkString(L, arg)
			if it.size == 0 {
				it.size = len(text)
			}
			if len(text) < it.size {
				argError(L, arg+1, "string too short") // counts like Redis
			}
			of(L).grow(L, len(out)+it.size)
			if out = append(out, text[:it.size]...); it.option == 's' {
				out = append(out, 0)
			}
		case 'f':
			bits := math.Float32bits(float32(checkNumber(L, arg)))
			out = append(out, l.reorder(binary.LittleEndian.AppendUint32(nil, bits))...)
		case 'd':
			bits := math.Float64bits(checkNumber(L, arg))
			out = append(out, l.reorder(binary.LittleEndian.AppendUint64(nil, bits))...)
		default:
			out = append(out, l.reorder(packInteger(checkNumber(L, arg), it.size))...)
		}
	}
	L.Push(lua.LString(out))
	return 1
}

// packInteger writes the low bytes of a number. Beyond 8 bytes C shifts zeros in.
func packInteger(f float64, size int) []byte {
	n := uint64(truncate(f)) //nolint:gosec // the bits
	if f >= 1<<63 && f < 1<<64 {
		n = uint64(f)
	}
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(n)
		n >>= 8
	}
	return data
}

func structSize(L *lua.LState) int {
	l := newLayout(L)
	total := 0
	for it, ok := l.next(0); ok; it, ok = l.next(total) {
		if it.option == 's' {
			argError(L, 1, "option 's' has no fixed size")
		} else if it.option == 'c' && it.size == 0 {
			argError(L, 1, "option 'c0' has no fixed size")
		}
		if total += it.align + it.size; total > math.MaxInt32 {
			argError(L, 1, "format result too large")
		}
	}
	L.Push(lua.LNumber(total))
	return 1
}

func structUnpack(L *lua.LState) int {
	l := newLayout(L)
	data := checkString(L, 2)
	pos := optInt(L, 3, 1) - 1
	if pos < 0 {
		argError(L, 2, "data string too short")
	}
	var values []lua.LValue
	for it, ok := l.next(pos); ok; it, ok = l.next(pos) {
		pos += it.align
		if pos > len(data) || it.size > len(data)-pos {
			argError(L, 2, "data string too short")
		}
		if len(values) >= maxResults {
			throw(L, "too many results")
		}
		field := data[pos : pos+it.size]
		switch it.option {
		case 'x':
		case 'c':
			if it.size == 0 {
				values, field = l.sized(values, data[pos:])
			}
			values = append(values, lua.LString(field))
		case 's':
			end := strings.IndexByte(data[pos:], 0)
			if end < 0 {
				throw(L, "unfinished string in data")
			}
			field = data[pos : pos+end+1]
			values = append(values, lua.LString(field[:end]))
		default:
			values = append(values, l.decode(it, field))
		}
		pos += len(field)
	}
	return pushAll(L, append(values, lua.LNumber(pos+1)))
}

// sized takes the text of "c0", whose length is the number before it.
func (l *layout) sized(values []lua.LValue, rest string) (others []lua.LValue, text string) {
	if len(values) == 0 {
		throw(l.L, "format 'c0' needs a previous size")
	}
	size, ok := values[len(values)-1].(lua.LNumber)
	if !ok || size < 0 {
		throw(l.L, "format 'c0' needs a previous size")
	}
	if float64(size) > float64(len(rest)) {
		argError(l.L, 2, "data string too short")
	}
	return values[:len(values)-1], rest[:int(size)]
}

func (l *layout) decode(it item, field string) lua.LValue {
	raw := l.reorder([]byte(field))
	var buf [8]byte
	copy(buf[:], raw)
	n := binary.LittleEndian.Uint64(buf[:])
	switch it.option {
	case 'f':
		return lua.LNumber(math.Float32frombits(uint32(n))) //nolint:gosec // 4 bytes
	case 'd':
		return lua.LNumber(math.Float64frombits(n))
	case 'b', 'h', 'l', 'i':
		unused := max(64-8*it.size, 0)
		return lua.LNumber(int64(n<<unused) >> unused) //nolint:gosec // the sign is extended
	}
	return lua.LNumber(n)
}
