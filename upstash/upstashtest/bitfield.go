package upstashtest

import (
	"math/big"
	"strings"
)

const msgBitType = "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."

// bitFieldOp is one GET, SET or INCRBY of a BITFIELD.
type bitFieldOp struct {
	name     string
	signed   bool
	width    int
	at       int64
	value    int64
	overflow string
}

// parseBitField reads all operations before any is executed, as Redis does.
func parseBitField(args []string) (ops []bitFieldOp, problem string) {
	overflow := "WRAP"
	for len(args) > 0 {
		op := bitFieldOp{name: strings.ToUpper(args[0])}
		length := map[string]int{"OVERFLOW": 2, "GET": 3, "SET": 4, "INCRBY": 4}[op.name]
		if length == 0 || len(args) < length {
			return nil, msgSyntax
		}
		words := args[1:length]
		args = args[length:]
		if op.name == "OVERFLOW" {
			overflow = strings.ToUpper(words[0])
			if overflow != "WRAP" && overflow != "SAT" && overflow != "FAIL" {
				return nil, "ERR Invalid OVERFLOW type specified"
			}
			continue
		}
		ok := false
		if op.signed, op.width, ok = bitWidth(words[0]); !ok {
			return nil, msgBitType
		}
		if op.at, ok = bitPlace(words[1], op.width); !ok {
			return nil, msgBitOffset
		}
		if op.name != "GET" {
			if op.value, ok = integer(words[2]); !ok {
				return nil, msgNotInteger
			}
		}
		op.overflow = overflow
		ops = append(ops, op)
	}
	return ops, ""
}

func bitWidth(text string) (signed bool, width int, ok bool) {
	if text == "" {
		return false, 0, false
	}
	signed = text[0] == 'i'
	n, isInteger := integer(text[1:])
	most := int64(63)
	if signed {
		most = 64
	}
	return signed, int(n), isInteger && n >= 1 && n <= most && (signed || text[0] == 'u')
}

// bitPlace reads an offset: of a bit, or with # of an integer that is so wide.
func bitPlace(text string, width int) (place int64, ok bool) {
	text, isSlot := strings.CutPrefix(text, "#")
	n, ok := integer(text)
	if isSlot {
		ok = ok && n <= maxString*8/int64(width)
		n *= int64(width)
	}
	return n, ok && n >= 0 && n < maxString*8
}

// bitFieldReach is how long a string has to be for what is written to it.
func bitFieldReach(ops []bitFieldOp) (size int64) {
	for _, op := range ops {
		if op.name != "GET" {
			size = max(size, (op.at+int64(op.width)+7)/8)
		}
	}
	return size
}

// run executes an operation on a string that is long enough for it to write to.
// The result is nil when it would overflow and must not.
func (op bitFieldOp) run(text []byte) *int64 {
	old := op.read(text)
	sum := new(big.Int)
	switch {
	case op.name == "GET":
		return &old
	case op.name == "INCRBY":
		sum.Add(big.NewInt(old), big.NewInt(op.value))
	case op.signed:
		sum.SetInt64(op.value)
	default:
		sum.SetUint64(uint64(op.value)) //nolint:gosec // a negative one is a large one, as for Redis
	}
	least, most := op.limits()
	value := new(big.Int).And(sum, big.NewInt(0).SetUint64(^uint64(0))).Uint64()
	if over := sum.Cmp(most) > 0; over || sum.Cmp(least) < 0 {
		switch {
		case op.overflow == "FAIL":
			return nil
		case op.overflow == "SAT" && over:
			value = most.Uint64()
		case op.overflow == "SAT":
			value = uint64(least.Int64()) //nolint:gosec // the same bits
		}
	}
	op.write(text, value)
	if op.name == "SET" {
		return &old
	}
	written := op.read(text)
	return &written
}

func (op bitFieldOp) limits() (least, most *big.Int) {
	one := big.NewInt(1)
	least, most = new(big.Int), new(big.Int).Lsh(one, uint(op.width))
	if op.signed {
		most.Rsh(most, 1)
		least.Neg(most)
	}
	return least, most.Sub(most, one)
}

// read takes the bits beyond the end of the string for zeros.
func (op bitFieldOp) read(text []byte) int64 {
	var value uint64
	for i := range int64(op.width) {
		value <<= 1
		if at := op.at + i; at/8 < int64(len(text)) && bitAt(text, int(at)) {
			value |= 1
		}
	}
	if op.signed { // the first bit is the sign
		return int64(value<<(64-op.width)) >> (64 - op.width) //nolint:gosec // the same bits
	}
	return int64(value)
}

func (op bitFieldOp) write(text []byte, value uint64) {
	for i := range op.width {
		at := int(op.at) + i
		mask := byte(0x80 >> (at % 8))
		if value>>(op.width-1-i)&1 == 1 {
			text[at/8] |= mask
		} else {
			text[at/8] &^= mask
		}
	}
}
