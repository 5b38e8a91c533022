package command_test

import (
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestSetCommandsSend(t *testing.T) {
	t.Parallel()
	checkSent(t, []sent{
		{command.SAdd("k", "a", 1, 0.5).Args(), "SADD k a 1 0.5", command.Idempotent},
		{command.SCard("k").Args(), "SCARD k", command.ReadOnly},
		{command.SDiff("a", "b").Args(), "SDIFF a b", command.ReadOnly},
		{command.SDiffStore("d", "a", "b").Args(), "SDIFFSTORE d a b", command.Idempotent},
		{command.SDiffStore("a", "a", "b").Args(), "SDIFFSTORE a a b", command.Idempotent},
		{command.SDiffStore("b", "a", "b").Args(), "SDIFFSTORE b a b", command.Once},
		{command.SInter("a", "b").Args(), "SINTER a b", command.ReadOnly},
		{command.SInterCard(0, "a", "b").Args(), "SINTERCARD 2 a b", command.ReadOnly},
		{command.SInterCard(10, "a").Args(), "SINTERCARD 1 a LIMIT 10", command.ReadOnly},
		{command.SInterStore("d", "a", "b").Args(), "SINTERSTORE d a b", command.Idempotent},
		{command.SIsMember("k", 1).Args(), "SISMEMBER k 1", command.ReadOnly},
		{command.SMembers("k").Args(), "SMEMBERS k", command.ReadOnly},
		{command.SMIsMember("k", "a", 1).Args(), "SMISMEMBER k a 1", command.ReadOnly},
		{command.SMove("a", "b", 1).Args(), "SMOVE a b 1", command.Once},
		{command.SPop("k").Args(), "SPOP k", command.Once},
		{command.SPopN("k", 3).Args(), "SPOP k 3", command.Once},
		{command.SRandMember("k").Args(), "SRANDMEMBER k", command.ReadOnly},
		{command.SRandMemberN("k", -3).Args(), "SRANDMEMBER k -3", command.ReadOnly},
		{command.SRem("k", "a", 1).Args(), "SREM k a 1", command.Idempotent},
		{command.SScan("k", "", command.MatchOptions{}).Args(), "SSCAN k 0", command.ReadOnly},
		{command.SScan("k", "7", command.MatchOptions{Match: "a*", Count: 5}).Args(), "SSCAN k 7 MATCH a* COUNT 5", command.ReadOnly},
		{command.SUnion("a", "b").Args(), "SUNION a b", command.ReadOnly},
		{command.SUnionStore("d", "a", "b").Args(), "SUNIONSTORE d a b", command.Idempotent},
	})
}

func TestSetCommandsRefuse(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"add nothing", command.SAdd("k").Err(), "at least one member"},
		{"add a list", command.SAdd("k", []string{"a"}).Err(), "has no text form"},
		{"remove nothing", command.SRem("k").Err(), "at least one member"},
		{"ask for nothing", command.SMIsMember("k").Err(), "at least one member"},
		{"ask for nil", command.SIsMember("k", nil).Err(), "nil has no text form"},
		{"difference of nothing", command.SDiff().Err(), "at least one key"},
		{"stored difference of nothing", command.SDiffStore("d").Err(), "at least one key"},
		{"intersection of nothing", command.SInter().Err(), "at least one key"},
		{"counted intersection of nothing", command.SInterCard(0).Err(), "at least one key"},
		{"stored intersection of nothing", command.SInterStore("d").Err(), "at least one key"},
		{"union of nothing", command.SUnion().Err(), "at least one key"},
		{"stored union of nothing", command.SUnionStore("d").Err(), "at least one key"},
	})
}

func TestSetCommandsDecode(t *testing.T) {
	t.Parallel()
	checkReply(t, command.SAdd("k", "a"), number(1), int64(1))
	checkReply(t, command.SCard("k"), number(0), int64(0))
	checkReply(t, command.SDiff("a"), list("x", "y"), []string{"x", "y"})
	checkReply(t, command.SInter("a"), list(), []string{})
	checkReply(t, command.SInterCard(0, "a"), number(3), int64(3))
	checkReply(t, command.SInterStore("d", "a"), number(3), int64(3))
	checkReply(t, command.SIsMember("k", "a"), number(1), true)
	checkReply(t, command.SMembers("k"), list("x"), []string{"x"})
	checkReply(t, command.SMIsMember("k", "a", "b"), list(1, 0), []bool{true, false})
	checkReply(t, command.SMove("a", "b", "m"), number(0), false)
	checkReply(t, command.SPop("k"), text("x"), "x")
	checkReply(t, command.SPop("k"), command.Reply{}, command.ErrNil)
	checkReply(t, command.SPopN("k", 2), list("x", "y"), []string{"x", "y"})
	checkReply(t, command.SRandMember("k"), command.Reply{}, command.ErrNil)
	checkReply(t, command.SRandMemberN("k", -2), list("x", "x"), []string{"x", "x"})
	checkReply(t, command.SRem("k", "a"), number(0), int64(0))
	checkReply(t, command.SScan("k", "", command.MatchOptions{}), list("7", list("x")),
		command.Page[string]{Cursor: "7", Items: []string{"x"}})
	checkReply(t, command.SUnion("a"), list("x"), []string{"x"})
	checkReply(t, command.SUnionStore("d", "a"), number(1), int64(1))
}
