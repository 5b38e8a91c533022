package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestListCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.LIndex("k", -1).Args(), "LINDEX k -1", command.ReadOnly},
		{command.LInsertAfter("k", "p", 1).Args(), "LINSERT k AFTER p 1", command.Once},
		{command.LInsertBefore("k", 2, "e").Args(), "LINSERT k BEFORE 2 e", command.Once},
		{command.LLen("k").Args(), "LLEN k", command.ReadOnly},
		{command.LMove("a", "b", command.Left, command.Right).Args(), "LMOVE a b LEFT RIGHT", command.Once},
		{command.LMove("a", "a", command.Right, command.Left).Args(), "LMOVE a a RIGHT LEFT", command.Once},
		{command.LMPop(command.Left, 1, "a", "b").Args(), "LMPOP 2 a b LEFT COUNT 1", command.Once},
		{command.LMPop(command.Right, 5, "a").Args(), "LMPOP 1 a RIGHT COUNT 5", command.Once},
		{command.LPop("k").Args(), "LPOP k", command.Once},
		{command.LPopN("k", 3).Args(), "LPOP k 3", command.Once},
		{command.LPopN("k", 0).Args(), "LPOP k 0", command.Once},
		{command.LPos("k", 1).Args(), "LPOS k 1", command.ReadOnly},
		{command.LPosWith("k", "e", command.LPosOptions{}).Args(), "LPOS k e", command.ReadOnly},
		{command.LPosWith("k", "e", command.LPosOptions{Rank: -2, MaxLen: 100}).Args(), "LPOS k e RANK -2 MAXLEN 100", command.ReadOnly},
		{command.LPosN("k", "e", 0, command.LPosOptions{}).Args(), "LPOS k e COUNT 0", command.ReadOnly},
		{command.LPosN("k", "e", 2, command.LPosOptions{Rank: 3, MaxLen: 9}).Args(), "LPOS k e COUNT 2 RANK 3 MAXLEN 9", command.ReadOnly},
		{command.LPush("k", "a", 1, 0.5).Args(), "LPUSH k a 1 0.5", command.Once},
		{command.LPushX("k", "a", 1).Args(), "LPUSHX k a 1", command.Once},
		{command.LRange("k", 0, -1).Args(), "LRANGE k 0 -1", command.ReadOnly},
		{command.LRem("k", 2, "e").Args(), "LREM k 2 e", command.Once},
		{command.LRem("k", -2, 7).Args(), "LREM k -2 7", command.Once},
		{command.LRem("k", 0, "e").Args(), "LREM k 0 e", command.Idempotent},
		{command.LSet("k", -1, "e").Args(), "LSET k -1 e", command.Idempotent},
		{command.LTrim("k", 0, 99).Args(), "LTRIM k 0 99", command.Once},
		{command.RPop("k").Args(), "RPOP k", command.Once},
		{command.RPopN("k", 3).Args(), "RPOP k 3", command.Once},
		{command.RPopLPush("a", "b").Args(), "RPOPLPUSH a b", command.Once},
		{command.RPush("k", "a", 1).Args(), "RPUSH k a 1", command.Once},
		{command.RPushX("k", "a", 1).Args(), "RPUSHX k a 1", command.Once},
	})
}

func TestListCommandsRefuse(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"insert nil", command.LInsertAfter("k", "p", nil).Err(), "nil has no text form"},
		{"insert before nil", command.LInsertBefore("k", nil, "e").Err(), "nil has no text form"},
		{"move from nowhere", command.LMove("a", "b", "", command.Left).Err(), "needs a side"},
		{"move to nowhere", command.LMove("a", "b", command.Left, "").Err(), "needs a side"},
		{"move from another side", command.LMove("a", "b", "TOP", command.Left).Err(), "unknown side"},
		{"pop from nothing", command.LMPop(command.Left, 1).Err(), "at least one key"},
		{"pop from no side", command.LMPop("", 1, "k").Err(), "needs a side"},
		{"pop nothing", command.LMPop(command.Left, 0, "k").Err(), "count must be at least 1"},
		{"pop less than nothing", command.LPopN("k", -1).Err(), "must not be negative"},
		{"pop less than nothing at the tail", command.RPopN("k", -1).Err(), "must not be negative"},
		{"look at less than nothing", command.LPosWith("k", "e", command.LPosOptions{MaxLen: -1}).Err(), "MaxLen must not be negative"},
		{"find less than nothing", command.LPosN("k", "e", -1, command.LPosOptions{}).Err(), "count must not be negative"},
		{"push nothing", command.LPush("k").Err(), "at least one element"},
		{"push nothing to a list that exists", command.LPushX("k").Err(), "at least one element"},
		{"push nothing at the tail", command.RPush("k").Err(), "at least one element"},
		{"push nothing at the tail of a list that exists", command.RPushX("k").Err(), "at least one element"},
		{"push a list", command.RPush("k", []string{"a"}).Err(), "has no text form"},
	})
}

func TestListCommandsDecode(t *testing.T) {
	t.Parallel()
	null := command.Reply{}
	pop, none := command.LMPop(command.Left, 2, "k"), command.LPosOptions{}
	checkReply(t, command.LIndex("k", 0), text("a"), "a")
	checkReply(t, command.LIndex("k", 9), null, command.ErrNil)
	checkReply(t, command.LInsertAfter("k", "p", "e"), number(-1), int64(-1))
	checkReply(t, command.LInsertBefore("k", "p", "e"), number(3), int64(3))
	checkReply(t, command.LLen("k"), number(0), int64(0))
	checkReply(t, command.LMove("a", "b", command.Left, command.Left), text("e"), "e")
	checkReply(t, command.LMove("a", "b", command.Left, command.Left), null, command.ErrNil)
	checkReply(t, pop, list("k", list("a", "b")), command.LMPopped{Key: "k", Elements: []string{"a", "b"}})
	checkReply(t, pop, null, command.ErrNil)
	checkReply(t, command.LPop("k"), text("a"), "a")
	checkReply(t, command.LPop("k"), null, command.ErrNil)
	checkReply(t, command.LPopN("k", 2), list("a"), []string{"a"})
	checkReply(t, command.LPopN("k", 2), null, []string{})
	checkReply(t, command.LPos("k", "e"), number(0), int64(0))
	checkReply(t, command.LPos("k", "e"), null, command.ErrNil)
	checkReply(t, command.LPosWith("k", "e", none), null, command.ErrNil)
	checkReply(t, command.LPosN("k", "e", 0, none), list(3, 1), []int64{3, 1})
	checkReply(t, command.LPosN("k", "e", 0, none), list(), []int64{})
	checkReply(t, command.LPush("k", "a"), number(1), int64(1))
	checkReply(t, command.LPushX("k", "a"), number(0), int64(0))
	checkReply(t, command.LRange("k", 0, -1), list("a", ""), []string{"a", ""})
	checkReply(t, command.LRem("k", 0, "e"), number(2), int64(2))
	checkReply(t, command.LSet("k", 0, "e"), text("OK"), command.OK{})
	checkReply(t, command.LTrim("k", 0, 1), text("OK"), command.OK{})
	checkReply(t, command.RPop("k"), null, command.ErrNil)
	checkReply(t, command.RPopN("k", 2), null, []string{})
	checkReply(t, command.RPopLPush("a", "b"), null, command.ErrNil)
	checkReply(t, command.RPush("k", "a"), number(1), int64(1))
	checkReply(t, command.RPushX("k", "a"), number(0), int64(0))
	checkMismatch(t, pop, list("k"), "a key and its elements")
	checkMismatch(t, pop, list(nil, list()), "a value inside the list")
	checkMismatch(t, pop, list("k", list(nil)), "a value inside the list")
	checkMismatch(t, pop, list("k", marker), "array")
}
