package command_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestStringCommandsSend(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	checkSent(t, []sent{
		{command.Append("k", "v").Args(), "APPEND k v", command.Once},
		{command.Decr("k").Args(), "DECR k", command.Once},
		{command.DecrBy("k", 3).Args(), "DECRBY k 3", command.Once},
		{command.DelEx("k", command.Equals("v")).Args(), "DELEX k IFEQ v", command.Once},
		{command.DelEx("k", command.DigestNotEquals("0f")).Args(), "DELEX k IFDNE 0f", command.Once},
		{command.Digest("k").Args(), "DIGEST k", command.ReadOnly},
		{command.Get("k").Args(), "GET k", command.ReadOnly},
		{command.GetDel("k").Args(), "GETDEL k", command.Once},
		{command.GetEx("k", command.GetExOptions{}).Args(), "GETEX k", command.Idempotent},
		{command.GetEx("k", command.GetExOptions{TTL: time.Minute}).Args(), "GETEX k EX 60", command.Idempotent},
		{command.GetEx("k", command.GetExOptions{TTL: 1500 * time.Microsecond}).Args(), "GETEX k PX 2", command.Idempotent},
		{command.GetEx("k", command.GetExOptions{ExpireAt: at}).Args(), "GETEX k PXAT 1700000000123", command.Idempotent},
		{command.GetEx("k", command.GetExOptions{ExpireAt: at.Truncate(time.Second)}).Args(), "GETEX k EXAT 1700000000", command.Idempotent},
		{command.GetEx("k", command.GetExOptions{Persist: true}).Args(), "GETEX k PERSIST", command.Idempotent},
		{command.GetRange("k", 0, -1).Args(), "GETRANGE k 0 -1", command.ReadOnly},
		{command.GetSet("k", 1).Args(), "GETSET k 1", command.Once},
		{command.Incr("k").Args(), "INCR k", command.Once},
		{command.IncrBy("k", -9223372036854775808).Args(), "INCRBY k -9223372036854775808", command.Once},
		{command.IncrByFloat("k", 0.1).Args(), "INCRBYFLOAT k 0.1", command.Once},
		{command.MGet("a", "b").Args(), "MGET a b", command.ReadOnly},
		{command.MSet(map[string]any{"b": 2, "a": 1}).Args(), "MSET a 1 b 2", command.Idempotent},
		{command.MSetNX(map[string]any{"a": 1}).Args(), "MSETNX a 1", command.Once},
		{command.PSetEx("k", "v", 1500*time.Millisecond).Args(), "PSETEX k 1500 v", command.Idempotent},
		{command.Set("k", "v").Args(), "SET k v", command.Idempotent},
		{command.SetEx("k", "v", time.Minute).Args(), "SETEX k 60 v", command.Idempotent},
		{command.SetEx("k", "v", 1500*time.Millisecond).Args(), "PSETEX k 1500 v", command.Idempotent},
		{command.SetNX("k", "v").Args(), "SETNX k v", command.Once},
		{command.SetWith("k", "v", command.SetOptions{}).Args(), "SET k v", command.Idempotent},
		{command.SetWith("k", "v", command.SetOptions{TTL: time.Second}).Args(), "SET k v EX 1", command.Idempotent},
		{command.SetWith("k", "v", command.SetOptions{KeepTTL: true}).Args(), "SET k v KEEPTTL", command.Idempotent},
		{command.SetWith("k", "v", command.SetOptions{If: command.Absent, TTL: time.Millisecond}).Args(), "SET k v NX PX 1", command.Once},
		{command.SetWith("k", "v", command.SetOptions{If: command.Present, ExpireAt: at}).Args(), "SET k v XX PXAT 1700000000123", command.Once},
		{command.SetWith("k", "v", command.SetOptions{If: command.NotEquals("w")}).Args(), "SET k v IFNE w", command.Once},
		{command.SetWith("k", "v", command.SetOptions{If: command.DigestEquals("0f")}).Args(), "SET k v IFDEQ 0f", command.Once},
		{command.SetGet("k", "v", command.SetOptions{If: command.Absent, TTL: time.Second}).Args(), "SET k v NX GET EX 1", command.Once},
		{command.SetRange("k", 4, "v").Args(), "SETRANGE k 4 v", command.Idempotent},
		{command.StrLen("k").Args(), "STRLEN k", command.ReadOnly},
		{command.SubStr("k", 1, 2).Args(), "SUBSTR k 1 2", command.ReadOnly},
	})
}

func TestStringCommandsRefuse(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"delete without a condition", command.DelEx("k", command.Condition{}).Err(), "use DEL"},
		{"delete if absent", command.DelEx("k", command.Absent).Err(), "compares a value"},
		{"two expiries", command.SetWith("k", "v", command.SetOptions{TTL: time.Second, KeepTTL: true}).Err(), "more than one expiry"},
		{"TTL under a millisecond", command.SetWith("k", "v", command.SetOptions{TTL: time.Microsecond}).Err(), "at least 1ms"},
		{"negative TTL", command.SetEx("k", "v", -time.Second).Err(), "at least 1ms"},
		{"no keys", command.MGet().Err(), "at least one key"},
		{"no values", command.MSet(nil).Err(), "at least one key"},
		{"operand without a text form", command.SetWith("k", "v", command.SetOptions{If: command.Equals(nil)}).Err(), "nil has no text form"},
	})
}

func TestStringCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.Get("k"), text("v"), "v")
	checkReply(t, command.Get("k"), command.Reply{}, command.ErrNil)
	checkReply(t, command.IncrByFloat("k", 1), text("1e+21"), 1e21)
	checkReply(t, command.MGet("a", "b"), list("v", nil), []command.Null[string]{{V: "v", Valid: true}, {}})
	checkReply(t, command.MSetNX(map[string]any{"a": 1}), number(0), false)
	checkReply(t, command.Set("k", "v"), text("OK"), command.OK{})
	checkReply(t, command.SetWith("k", "v", command.SetOptions{If: command.Absent}), command.Reply{}, false)
	checkReply(t, command.SetWith("k", "v", command.SetOptions{If: command.Absent}), text("OK"), true)
	checkReply(t, command.SetGet("k", "v", command.SetOptions{}), command.Reply{}, command.Null[string]{})
	checkReply(t, command.SetGet("k", "v", command.SetOptions{}), text("old"), command.Null[string]{V: "old", Valid: true})
	checkReply(t, command.Incr("k"), number(9223372036854775807), int64(9223372036854775807))
}
