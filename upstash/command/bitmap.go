package command

// BitUnit is what the positions of a range of bits count.
type BitUnit string

// The units of [BitCountRange] and [BitPosRange]; the zero value is bytes.
const (
	InBytes BitUnit = "BYTE"
	InBits  BitUnit = "BIT"
)

// bitRange is a range whose end may count from the end of the string.
func bitRange(start, end int64, unit BitUnit) (t tail) {
	t.addInt(start)
	t.addInt(end)
	switch unit {
	case "":
	case InBytes, InBits:
		t.add(string(unit))
	default:
		t.refuse("unknown unit: use InBytes or InBits")
	}
	return t
}

// bitOffset is a position that only ever counts from the start.
func bitOffset(offset int64) (t tail) {
	if offset < 0 {
		t.refuse("offset must not be negative")
	}
	t.addInt(offset)
	return t
}

// bit is one as Redis writes it.
func bit(set bool) int {
	if set {
		return 1
	}
	return 0
}

// BitCount returns how many bits of the string are set, 0 when there is no such
// key.
func BitCount(key string) Cmd[int64] { return read(Reply.Int, "BITCOUNT", key) }

// BitCountRange is [BitCount] of the bytes or bits from start to end, both
// included; negative positions count from the end.
func BitCountRange(key string, start, end int64, unit BitUnit) Cmd[int64] {
	return read(Reply.Int, "BITCOUNT", key, bitRange(start, end, unit))
}

// BitOperation is what [BitOp] does with the bits at one position of each key.
type BitOperation string

// The operations of [BitOp]. Each says when a bit of the result is set.
const (
	BitAnd   BitOperation = "AND"   // set in all keys
	BitOr    BitOperation = "OR"    // set in any key
	BitXor   BitOperation = "XOR"   // set in an odd number of keys
	BitNot   BitOperation = "NOT"   // not set in the key, of which there is one
	BitDiff  BitOperation = "DIFF"  // set in the first key and in none of the others
	BitDiff1 BitOperation = "DIFF1" // set in any of the others and not in the first key
	BitAndOr BitOperation = "ANDOR" // set in the first key and in any of the others
	BitOne   BitOperation = "ONE"   // set in exactly one key
)

// BitOp stores at destination what the operation makes of the keys, whatever was
// there, and returns its length in bytes, that of the longest key. Shorter and
// absent keys are padded with zero bits; an empty result deletes destination.
func BitOp(operation BitOperation, destination string, keys ...string) Cmd[int64] {
	t := many("key", keys)
	switch operation {
	case BitAnd, BitOr, BitXor, BitOne:
	case BitNot:
		if len(keys) > 1 {
			t.refuse("BitNot takes one key")
		}
	case BitDiff, BitDiff1, BitAndOr:
		if len(keys) < 2 {
			t.refuse("the operation compares the first key with others: give two keys at least")
		}
	default:
		t.refuse("unknown operation: use BitAnd or another one of its kind")
	}
	return once(Reply.Int, "BITOP", string(operation), destination, t)
}

// BitPos returns the position of the first bit that is set, or not set, counted
// from the start of the string; -1 when there is none. A string without a clear
// bit goes on with zeros: the position is then the first one after its end.
func BitPos(key string, set bool) Cmd[int64] { return read(Reply.Int, "BITPOS", key, bit(set)) }

// BitPosFrom is [BitPos] that begins at the byte start; negative positions count
// from the end.
func BitPosFrom(key string, set bool, start int64) Cmd[int64] {
	return read(Reply.Int, "BITPOS", key, bit(set), start)
}

// BitPosRange is [BitPos] within the bytes or bits from start to end, both
// included; negative positions count from the end. With an end, a string does not
// go on with zeros: it is -1 also when no bit in the range is clear.
func BitPosRange(key string, set bool, start, end int64, unit BitUnit) Cmd[int64] {
	return read(Reply.Int, "BITPOS", key, bit(set), bitRange(start, end, unit))
}

// GetBit reports whether the bit at offset is set. What is beyond the end of the
// string, or has no key, is not.
func GetBit(key string, offset int64) Cmd[bool] {
	return read(Reply.Bool, "GETBIT", key, bitOffset(offset))
}

// SetBit sets or clears the bit at offset and reports whether it was set. The
// string grows to hold it: an offset of 4 billion makes it 512 MB.
func SetBit(key string, offset int64, set bool) Cmd[bool] {
	return idempotent(Reply.Bool, "SETBIT", key, bitOffset(offset), bit(set))
}
