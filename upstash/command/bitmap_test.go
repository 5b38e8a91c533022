package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestBitmapCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.BitCount("k").Args(), "BITCOUNT k", command.ReadOnly},
		{command.BitCountRange("k", 0, -1, "").Args(), "BITCOUNT k 0 -1", command.ReadOnly},
		{command.BitCountRange("k", 1, 2, command.InBytes).Args(), "BITCOUNT k 1 2 BYTE", command.ReadOnly},
		{command.BitCountRange("k", -8, -1, command.InBits).Args(), "BITCOUNT k -8 -1 BIT", command.ReadOnly},
		{command.BitOp(command.BitAnd, "d", "a", "b").Args(), "BITOP AND d a b", command.Once},
		{command.BitOp(command.BitOr, "d", "a").Args(), "BITOP OR d a", command.Once},
		{command.BitOp(command.BitXor, "d", "a", "b", "c").Args(), "BITOP XOR d a b c", command.Once},
		{command.BitOp(command.BitNot, "d", "a").Args(), "BITOP NOT d a", command.Once},
		{command.BitOp(command.BitDiff, "d", "a", "b").Args(), "BITOP DIFF d a b", command.Once},
		{command.BitOp(command.BitDiff1, "d", "a", "b").Args(), "BITOP DIFF1 d a b", command.Once},
		{command.BitOp(command.BitAndOr, "d", "a", "b").Args(), "BITOP ANDOR d a b", command.Once},
		{command.BitOp(command.BitOne, "d", "a", "b").Args(), "BITOP ONE d a b", command.Once},
		{command.BitPos("k", true).Args(), "BITPOS k 1", command.ReadOnly},
		{command.BitPos("k", false).Args(), "BITPOS k 0", command.ReadOnly},
		{command.BitPosFrom("k", true, -2).Args(), "BITPOS k 1 -2", command.ReadOnly},
		{command.BitPosRange("k", false, 0, -1, "").Args(), "BITPOS k 0 0 -1", command.ReadOnly},
		{command.BitPosRange("k", true, 3, 9, command.InBits).Args(), "BITPOS k 1 3 9 BIT", command.ReadOnly},
		{command.GetBit("k", 4294967295).Args(), "GETBIT k 4294967295", command.ReadOnly},
		{command.SetBit("k", 7, true).Args(), "SETBIT k 7 1", command.Idempotent},
		{command.SetBit("k", 0, false).Args(), "SETBIT k 0 0", command.Idempotent},
	})
}

func TestBitmapCommandsRefuse(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"unknown unit", command.BitCountRange("k", 0, -1, "bits").Err(), "unknown unit"},
		{"unknown unit of a position", command.BitPosRange("k", true, 0, -1, "bits").Err(), "unknown unit"},
		{"no operation", command.BitOp("", "d", "a").Err(), "unknown operation"},
		{"unknown operation", command.BitOp("NAND", "d", "a").Err(), "unknown operation"},
		{"nothing to combine", command.BitOp(command.BitAnd, "d").Err(), "at least one key"},
		{"nothing to invert", command.BitOp(command.BitNot, "d").Err(), "at least one key"},
		{"two keys to invert", command.BitOp(command.BitNot, "d", "a", "b").Err(), "BitNot takes one key"},
		{"nothing to subtract", command.BitOp(command.BitDiff, "d", "a").Err(), "two keys at least"},
		{"nothing to subtract from", command.BitOp(command.BitDiff1, "d", "a").Err(), "two keys at least"},
		{"nothing to compare with", command.BitOp(command.BitAndOr, "d", "a").Err(), "two keys at least"},
		{"bit before the first", command.GetBit("k", -1).Err(), "must not be negative"},
		{"set a bit before the first", command.SetBit("k", -1, true).Err(), "must not be negative"},
	})
}

func TestBitmapCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.BitCount("k"), number(26), int64(26))
	checkReply(t, command.BitCountRange("k", 0, 0, ""), number(0), int64(0))
	checkReply(t, command.BitOp(command.BitAnd, "d", "a"), number(3), int64(3))
	checkReply(t, command.BitPos("k", true), number(-1), int64(-1))
	checkReply(t, command.BitPosFrom("k", true, 1), number(12), int64(12))
	checkReply(t, command.BitPosRange("k", true, 1, 2, ""), number(12), int64(12))
	checkReply(t, command.GetBit("k", 1), number(1), true)
	checkReply(t, command.SetBit("k", 1, true), number(0), false)
	checkMismatch(t, command.GetBit("k", 1), number(2), "1 or 0")
}
