package command_test

import (
	"math"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestBitFieldCommandsSend(t *testing.T) {
	t.Parallel()
	u8, i5 := command.Unsigned(8), command.Signed(5)
	checkSent(t, []sent{
		{command.BitField("k", u8.At(0).Get()).Args(), "BITFIELD k GET u8 0", command.Once},
		{command.BitField("k", i5.Slot(3).Set(-16)).Args(), "BITFIELD k SET i5 #3 -16", command.Once},
		{command.BitField("k", i5.At(100).IncrBy(1), u8.At(0).Get()).Args(), "BITFIELD k INCRBY i5 100 1 GET u8 0", command.Once},
		{command.BitField("k", command.Signed(1).At(0).Set(math.MinInt64), command.Signed(64).At(0).Set(math.MaxInt64)).Args(), "BITFIELD k SET i1 0 -9223372036854775808 SET i64 0 9223372036854775807", command.Once},
		{command.BitField("k", command.Unsigned(1).At(0).Get(), command.Unsigned(63).At(1).Get()).Args(), "BITFIELD k GET u1 0 GET u63 1", command.Once},
		{command.BitFieldRO("k", u8.At(0), i5.Slot(2)).Args(), "BITFIELD_RO k GET u8 0 GET i5 #2", command.ReadOnly},

		// Each operation has the overflow it was given, though Redis takes one word
		// for all that follows.
		{command.BitField("k", u8.At(0).IncrBy(1).OnOverflow(command.BitSaturate)).Args(), "BITFIELD k OVERFLOW SAT INCRBY u8 0 1", command.Once},
		{command.BitField("k", u8.At(0).Set(1).OnOverflow(command.BitFail), u8.At(0).IncrBy(2).OnOverflow(command.BitFail)).Args(), "BITFIELD k OVERFLOW FAIL SET u8 0 1 INCRBY u8 0 2", command.Once},
		{command.BitField("k", u8.At(0).IncrBy(1).OnOverflow(command.BitFail), u8.At(8).Get(), u8.At(8).IncrBy(1)).Args(), "BITFIELD k OVERFLOW FAIL INCRBY u8 0 1 GET u8 8 OVERFLOW WRAP INCRBY u8 8 1", command.Once},
		{command.BitField("k", u8.At(0).IncrBy(1).OnOverflow(command.BitWrap)).Args(), "BITFIELD k INCRBY u8 0 1", command.Once},
	})
}

func TestBitFieldCommandsRefuse(t *testing.T) {
	t.Parallel()
	const width, place = "a signed integer has 1 to 64 bits", "needs a form and a place"
	checkRefused(t, []refused{
		{"nothing to do", command.BitField("k").Err(), "at least one operation"},
		{"nothing to read", command.BitFieldRO("k").Err(), "at least one integer"},
		{"signed of no bits", command.BitFieldRO("k", command.Signed(0).At(0)).Err(), width},
		{"signed too wide", command.BitFieldRO("k", command.Signed(65).At(0)).Err(), width},
		{"unsigned of no bits", command.BitFieldRO("k", command.Unsigned(0).Slot(0)).Err(), width},
		{"unsigned too wide", command.BitField("k", command.Unsigned(64).At(0).Get()).Err(), width},
		{"width before place", command.BitField("k", command.Unsigned(64).At(-1).Get()).Err(), width},
		{"before the first bit", command.BitField("k", command.Signed(8).At(-1).Get()).Err(), "offset must not be negative"},
		{"before the first slot", command.BitFieldRO("k", command.Signed(8).Slot(-1)).Err(), "offset must not be negative"},
		{"no form", command.BitFieldRO("k", command.BitWidth{}.At(3)).Err(), place},
		{"no integer", command.BitFieldRO("k", command.BitInt{}).Err(), place},
		{"no operation", command.BitField("k", command.BitFieldOp{}).Err(), place},
		{"overflow of a read", command.BitField("k", command.Signed(8).At(0).Get().OnOverflow(command.BitFail)).Err(), "leave out OnOverflow"},
		{"unknown overflow", command.BitField("k", command.Signed(8).At(0).Set(1).OnOverflow("SATURATE")).Err(), "unknown overflow"},
	})
}

func TestBitFieldCommandsDecode(t *testing.T) {
	t.Parallel()
	one := command.Signed(64).At(0)
	checkReply(t, command.BitField("k", one.Get(), one.Get()), list(int64(math.MinInt64), nil),
		[]command.Null[int64]{{V: math.MinInt64, Valid: true}, {}})
	checkReply(t, command.BitFieldRO("k", one), list(1), []int64{1})
	checkMismatch(t, command.BitField("k", one.Get()), list("1"), "integer")
	checkMismatch(t, command.BitFieldRO("k", one), list(nil), "a value inside the list")
}
