package conform

import (
	"math"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func bitmapCases() []Case {
	// p is 0111 0000, ( is 0010 1000, @ is 0100 0000; s gets 0001 1000.
	const foobar, two = "SET k foobar", "SET a abc; SET b ab"
	const three = "SET a p; SET b (; SET s @; SETBIT s 1 0; SETBIT s 3 1; SETBIT s 4 1"
	op := func(name, given string, operation command.BitOperation, length int64, want string, keys ...string) Case {
		return returns(name, given, command.BitOp(operation, "d", keys...), length, left(command.Get("d"), want))
	}
	bit := func(offset int64, want bool) check { return left(command.GetBit("k", offset), want) }
	return []Case{
		returns("BitCount", foobar, command.BitCount("k"), 26),
		returns("BitCount: absent key", "", command.BitCount("k"), 0),
		fails("BitCount: list", "RPUSH k a", command.BitCount("k"), "WRONGTYPE"),
		returns("BitCountRange", foobar, command.BitCountRange("k", 1, 1, ""), 6),
		returns("BitCountRange: from the end", foobar, command.BitCountRange("k", -2, 100, command.InBytes), 7),
		returns("BitCountRange: InBits", foobar, command.BitCountRange("k", 5, 30, command.InBits), 17),
		returns("BitCountRange: empty", foobar, command.BitCountRange("k", 3, 2, command.InBits), 0),
		returns("BitCountRange: absent key", "", command.BitCountRange("k", 0, -1, ""), 0),
		op("BitOp: BitAnd", two, command.BitAnd, 3, "ab\x00", "a", "b"),
		op("BitOp: BitOr", two, command.BitOr, 3, "abc", "a", "b", "absent"),
		op("BitOp: BitXor", two, command.BitXor, 3, "\x00\x00c", "a", "b"),
		op("BitOp: BitNot", "SETBIT a 1 1;SETBIT a 7 1;SETBIT a 0 1", command.BitNot, 1, ">", "a"),
		returns("BitOp: onto itself", two, command.BitOp(command.BitOr, "b", "a", "b"), 3, left(command.Get("b"), "abc")),
		returns("BitOp: onto a list", two+"; RPUSH d x; EXPIRE d 100", command.BitOp(command.BitAnd, "d", "a"), 3, left(command.TTL("d"), none[time.Duration]())),
		returns("BitOp: empty", "SET d old", command.BitOp(command.BitXor, "d", "absent"), 0, left(command.Exists("d"), 0)),
		fails("BitOp: list", "RPUSH a x; SET d old", command.BitOp(command.BitOr, "d", "a"), "WRONGTYPE", left(command.Get("d"), "old")),
		op("BitOp: BitDiff", three, command.BitDiff, 1, "@", "a", "b", "s"),
		op("BitOp: BitDiff1", three, command.BitDiff1, 1, "\x08", "a", "b", "s"),
		op("BitOp: BitAndOr", three, command.BitAndOr, 1, "0", "a", "b", "s"),
		op("BitOp: BitOne", "SETBIT a 0 1;SETBIT a 1 1;SETBIT b 0 1;SETBIT b 2 1;SETBIT s 0 1;SETBIT s 3 1", command.BitOne, 1, "p", "a", "b", "s"),
		returns("BitPos", foobar, command.BitPos("k", true), 1),
		returns("BitPos: clear", foobar, command.BitPos("k", false), 0),
		returns("BitPos: absent key", "", command.BitPos("k", true), -1),
		returns("BitPos: clear, absent key", "", command.BitPos("k", false), 0),
		returns("BitPos: clear beyond the end", "BITFIELD k SET i16 0 -1", command.BitPos("k", false), 16),
		fails("BitPos: list", "RPUSH k a", command.BitPos("k", true), "WRONGTYPE"),
		returns("BitPosFrom", foobar, command.BitPosFrom("k", true, 2), 17),
		returns("BitPosFrom: from the end", foobar, command.BitPosFrom("k", false, -1), 40),
		returns("BitPosFrom: beyond the end", foobar, command.BitPosFrom("k", true, 9), -1),
		returns("BitPosRange", foobar, command.BitPosRange("k", true, 1, 2, ""), 9),
		returns("BitPosRange: InBits", foobar, command.BitPosRange("k", true, 7, 15, command.InBits), 9),
		returns("BitPosRange: InBytes, from the end", foobar, command.BitPosRange("k", true, -1, -1, command.InBytes), 41),
		returns("BitPosRange: clear, none", "BITFIELD k SET i16 0 -1", command.BitPosRange("k", false, 0, -1, ""), -1),
		returns("GetBit", foobar, command.GetBit("k", 1), true),
		returns("GetBit: clear", foobar, command.GetBit("k", 0), false),
		returns("GetBit: beyond the end", foobar, command.GetBit("k", 4294967295), false),
		returns("SetBit", "", command.SetBit("k", 9, true), false, bit(9, true), bit(8, false), left(command.StrLen("k"), 2)),
		returns("SetBit: clear", foobar, command.SetBit("k", 1, false), true, left(command.Get("k"), "&oobar")),
		fails("SetBit: beyond 512 MB", "", command.SetBit("k", math.MaxUint32+1, true), "ERR"),
		fails("SetBit: list", "RPUSH k a", command.SetBit("k", 0, true), "WRONGTYPE"),
	}
}

func bitFieldCases() []Case {
	u8, i5 := command.Unsigned(8), command.Signed(5)
	failed := command.Null[int64]{}
	full := "BITFIELD k SET u8 0 250" // and the key has one byte
	ints := func(values ...int64) []command.Null[int64] {
		list := make([]command.Null[int64], len(values))
		for i, v := range values {
			list[i] = some(v)
		}
		return list
	}
	one := func(name, given string, op command.BitFieldOp, result command.Null[int64], after int64) Case {
		return returns(name, given, command.BitField("k", op), []command.Null[int64]{result}, left(command.BitFieldRO("k", u8.At(0)), []int64{after}))
	}
	return []Case{
		returns("BitField", "", command.BitField("k", i5.At(100).IncrBy(1), command.Unsigned(4).At(0).Get()), ints(1, 0), left(command.StrLen("k"), 14)),
		returns("BitField: slots", "SET k abc", command.BitField("k", u8.Slot(1).Set('x'), u8.Slot(2).Get(), u8.Slot(9).Get()), ints('b', 'c', 0), left(command.Get("k"), "axc")),
		returns("BitField: only reading", "", command.BitField("k", u8.At(0).Get()), ints(0), left(command.Exists("k"), 0)),
		returns("BitField: widest", "", command.BitField("k",
			command.Signed(64).At(1).Set(math.MinInt64), command.Signed(64).At(1).IncrBy(-1), command.Unsigned(63).At(2).Get(),
		), ints(0, math.MaxInt64, math.MaxInt64)),
		one("BitField: wraps", full, u8.At(0).IncrBy(10), some[int64](4), 4),
		one("BitField: wraps below", full, u8.At(0).IncrBy(-251), some[int64](255), 255),
		one("BitField: BitSaturate", full, u8.At(0).IncrBy(10).OnOverflow(command.BitSaturate), some[int64](255), 255),
		one("BitField: BitSaturate below", full, u8.At(0).IncrBy(-300).OnOverflow(command.BitSaturate), some[int64](0), 0),
		one("BitField: BitFail", full, u8.At(0).IncrBy(10).OnOverflow(command.BitFail), failed, 250),
		one("BitField: BitFail holds", full, u8.At(0).IncrBy(5).OnOverflow(command.BitFail), some[int64](255), 255),
		one("BitField: signed, wraps", "", command.Signed(8).At(0).IncrBy(200), some[int64](-56), 200),
		one("BitField: signed, BitSaturate", "", command.Signed(8).At(0).IncrBy(-200).OnOverflow(command.BitSaturate), some[int64](-128), 128),
		one("BitField: set too much", full, u8.At(0).Set(257), some[int64](250), 1),
		one("BitField: set too much, BitSaturate", full, u8.At(0).Set(1000).OnOverflow(command.BitSaturate), some[int64](250), 255),
		one("BitField: set too much, BitFail", full, u8.At(0).Set(256).OnOverflow(command.BitFail), failed, 250),
		returns("BitField: several overflows", full, command.BitField("k",
			u8.At(0).IncrBy(10).OnOverflow(command.BitFail), u8.At(0).IncrBy(10).OnOverflow(command.BitSaturate), u8.At(0).Get(), u8.At(0).IncrBy(1),
		), []command.Null[int64]{failed, some[int64](255), some[int64](255), some[int64](0)}),
		returns("BitField: keeps the expiry", "SET k v EX 100", command.BitField("k", u8.At(0).Set('w')), ints('v'), left(command.Get("k"), "w"), left(command.Persist("k"), true)),
		fails("BitField: list", "RPUSH k a", command.BitField("k", u8.At(0).Get()), "WRONGTYPE"),
		fails("BitField: beyond 512 MB", "", command.BitField("k", u8.At(math.MaxUint32+1).Get()), "ERR"),
		returns("BitFieldRO", "SET k abc", command.BitFieldRO("k", u8.At(8), command.Signed(4).Slot(4), i5.At(1000)), []int64{'b', 6, 0}),
		returns("BitFieldRO: absent key", "", command.BitFieldRO("k", u8.At(0)), []int64{0}),
		fails("BitFieldRO: list", "RPUSH k a", command.BitFieldRO("k", u8.At(0)), "WRONGTYPE"),
	}
}
