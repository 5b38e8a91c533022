package command_test

import (
	"testing"
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestHashCommandsSend(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1700000000123)
	one, two := map[string]any{"a": 1}, map[string]any{"b": 2, "a": 1}
	checkSent(t, []sent{
		{command.HDel("k", "a", "b").Args(), "HDEL k a b", command.Idempotent},
		{command.HExists("k", "a").Args(), "HEXISTS k a", command.ReadOnly},
		{command.HGet("k", "a").Args(), "HGET k a", command.ReadOnly},
		{command.HGetAll("k").Args(), "HGETALL k", command.ReadOnly},
		{command.HGetDel("k", "a", "b").Args(), "HGETDEL k FIELDS 2 a b", command.Once},
		{command.HGetEx("k", command.GetExOptions{}, "a").Args(), "HGETEX k FIELDS 1 a", command.Idempotent},
		{command.HGetEx("k", command.GetExOptions{TTL: time.Minute}, "a", "b").Args(), "HGETEX k EX 60 FIELDS 2 a b", command.Idempotent},
		{command.HGetEx("k", command.GetExOptions{TTL: time.Millisecond}, "a").Args(), "HGETEX k PX 1 FIELDS 1 a", command.Idempotent},
		{command.HGetEx("k", command.GetExOptions{ExpireAt: at.Truncate(time.Second)}, "a").Args(), "HGETEX k EXAT 1700000000 FIELDS 1 a", command.Idempotent},
		{command.HGetEx("k", command.GetExOptions{ExpireAt: at}, "a").Args(), "HGETEX k PXAT 1700000000123 FIELDS 1 a", command.Idempotent},
		{command.HGetEx("k", command.GetExOptions{Persist: true}, "a").Args(), "HGETEX k PERSIST FIELDS 1 a", command.Idempotent},
		{command.HIncrBy("k", "a", -2).Args(), "HINCRBY k a -2", command.Once},
		{command.HIncrByFloat("k", "a", 0.1).Args(), "HINCRBYFLOAT k a 0.1", command.Once},
		{command.HKeys("k").Args(), "HKEYS k", command.ReadOnly},
		{command.HLen("k").Args(), "HLEN k", command.ReadOnly},
		{command.HMGet("k", "a", "b").Args(), "HMGET k a b", command.ReadOnly},
		{command.HMSet("k", two).Args(), "HMSET k a 1 b 2", command.Idempotent},
		{command.HRandField("k").Args(), "HRANDFIELD k", command.ReadOnly},
		{command.HRandFieldN("k", -3).Args(), "HRANDFIELD k -3", command.ReadOnly},
		{command.HRandFieldWithValues("k", 3).Args(), "HRANDFIELD k 3 WITHVALUES", command.ReadOnly},
		{command.HScan("k", "", command.MatchOptions{}).Args(), "HSCAN k 0", command.ReadOnly},
		{command.HScan("k", "7", command.MatchOptions{Match: "a*", Count: 5}).Args(), "HSCAN k 7 MATCH a* COUNT 5", command.ReadOnly},
		{command.HScanNoValues("k", "7", command.MatchOptions{Count: 5}).Args(), "HSCAN k 7 COUNT 5 NOVALUES", command.ReadOnly},
		{command.HSet("k", two).Args(), "HSET k a 1 b 2", command.Idempotent},
		{command.HSetEx("k", two, command.HSetExOptions{}).Args(), "HSETEX k FIELDS 2 a 1 b 2", command.Idempotent},
		{command.HSetEx("k", one, command.HSetExOptions{If: command.FieldsAbsent}).Args(), "HSETEX k FNX FIELDS 1 a 1", command.Once},
		{command.HSetEx("k", one, command.HSetExOptions{If: command.FieldsPresent, TTL: time.Minute}).Args(), "HSETEX k FXX EX 60 FIELDS 1 a 1", command.Once},
		{command.HSetEx("k", one, command.HSetExOptions{TTL: 1500 * time.Millisecond}).Args(), "HSETEX k PX 1500 FIELDS 1 a 1", command.Idempotent},
		{command.HSetEx("k", one, command.HSetExOptions{ExpireAt: at.Truncate(time.Second)}).Args(), "HSETEX k EXAT 1700000000 FIELDS 1 a 1", command.Idempotent},
		{command.HSetEx("k", one, command.HSetExOptions{ExpireAt: at}).Args(), "HSETEX k PXAT 1700000000123 FIELDS 1 a 1", command.Idempotent},
		{command.HSetEx("k", one, command.HSetExOptions{KeepTTL: true}).Args(), "HSETEX k KEEPTTL FIELDS 1 a 1", command.Idempotent},
		{command.HSetField("k", "a", 1).Args(), "HSET k a 1", command.Idempotent},
		{command.HSetNX("k", "a", 1).Args(), "HSETNX k a 1", command.Once},
		{command.HStrLen("k", "a").Args(), "HSTRLEN k a", command.ReadOnly},
		{command.HVals("k").Args(), "HVALS k", command.ReadOnly},
	})
}

func TestHashCommandsRefuse(t *testing.T) {
	t.Parallel()
	one := map[string]any{"a": 1}
	checkRefused(t, []refused{
		{"delete nothing", command.HDel("k").Err(), "at least one field"},
		{"read nothing", command.HMGet("k").Err(), "at least one field"},
		{"read and delete nothing", command.HGetDel("k").Err(), "at least one field"},
		{"read and expire nothing", command.HGetEx("k", command.GetExOptions{}).Err(), "at least one field"},
		{"store nothing", command.HSet("k", nil).Err(), "at least one field"},
		{"store nothing the old way", command.HMSet("k", nil).Err(), "at least one field"},
		{"store nothing with an expiry", command.HSetEx("k", nil, command.HSetExOptions{}).Err(), "at least one field"},
		{"value without a text form", command.HSet("k", map[string]any{"a": nil}).Err(), "nil has no text form"},
		{"two expiries to read with", command.HGetEx("k", command.GetExOptions{TTL: time.Second, Persist: true}, "a").Err(), "more than one expiry"},
		{"two expiries to store with", command.HSetEx("k", one, command.HSetExOptions{TTL: time.Second, KeepTTL: true}).Err(), "more than one expiry"},
		{"TTL under a millisecond", command.HSetEx("k", one, command.HSetExOptions{TTL: 1}).Err(), "at least 1ms"},
		{"unknown condition", command.HSetEx("k", one, command.HSetExOptions{If: "NX"}).Err(), "unknown condition"},
	})
}

func TestHashCommandsDecode(t *testing.T) {
	t.Parallel()
	nullable := []command.Null[string]{{V: "v", Valid: true}, {}}
	pair := []command.Pair{{Key: "a", Value: "1"}, {Key: "b", Value: "2"}}
	checkReply(t, command.HDel("k", "a"), number(1), int64(1))
	checkReply(t, command.HExists("k", "a"), number(1), true)
	checkReply(t, command.HGet("k", "a"), text("v"), "v")
	checkReply(t, command.HGet("k", "a"), command.Reply{}, command.ErrNil)
	checkReply(t, command.HGetAll("k"), list("a", "1", "b", "2"), map[string]string{"a": "1", "b": "2"})
	checkReply(t, command.HGetAll("k"), list(), map[string]string{})
	checkReply(t, command.HGetDel("k", "a", "b"), list("v", nil), nullable)
	checkReply(t, command.HGetEx("k", command.GetExOptions{}, "a", "b"), list("v", nil), nullable)
	checkReply(t, command.HIncrBy("k", "a", 1), number(9223372036854775807), int64(9223372036854775807))
	checkReply(t, command.HIncrByFloat("k", "a", 1), text("10.5"), 10.5)
	checkReply(t, command.HKeys("k"), list("a"), []string{"a"})
	checkReply(t, command.HLen("k"), number(2), int64(2))
	checkReply(t, command.HMGet("k", "a", "b"), list("v", nil), nullable)
	checkReply(t, command.HRandField("k"), command.Reply{}, command.ErrNil)
	checkReply(t, command.HRandFieldN("k", 2), list("a", "b"), []string{"a", "b"})
	checkReply(t, command.HRandFieldWithValues("k", 2), list("a", "1", "b", "2"), pair)
	checkReply(t, command.HScan("k", "", command.MatchOptions{}), list("7", list("a", "1", "b", "2")),
		command.Page[command.Pair]{Cursor: "7", Items: pair})
	checkReply(t, command.HScanNoValues("k", "", command.MatchOptions{}), list("0", list("a")),
		command.Page[string]{Cursor: "0", Items: []string{"a"}})
	checkReply(t, command.HSet("k", map[string]any{"a": 1}), number(1), int64(1))
	checkReply(t, command.HSetEx("k", map[string]any{"a": 1}, command.HSetExOptions{}), number(1), true)
	checkReply(t, command.HSetEx("k", map[string]any{"a": 1}, command.HSetExOptions{}), number(0), false)
	checkReply(t, command.HSetField("k", "a", 1), number(0), int64(0))
	checkReply(t, command.HSetNX("k", "a", 1), number(0), false)
	checkReply(t, command.HStrLen("k", "a"), number(5), int64(5))
	checkReply(t, command.HVals("k"), list("1"), []string{"1"})
}
