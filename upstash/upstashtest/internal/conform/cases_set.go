package conform

import (
	"time"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func setCases() []Case {
	const abc, two = "SADD k a b c", "SADD a 1 2 3; SADD b 2 3 4"
	members := func(key string, members ...string) check { return left(command.SMembers(key), members) }
	return []Case{
		returns("SAdd", "SADD k a", command.SAdd("k", "a", "b", 3), 2, members("k", "a", "b", "3")),
		fails("SAdd: string", "SET k v", command.SAdd("k", "a"), "WRONGTYPE"),
		returns("SCard", abc, command.SCard("k"), 3),
		returns("SCard: absent key", "", command.SCard("k"), 0),
		returns("SDiff", two, command.SDiff("a", "b"), []string{"1"}),
		returns("SDiff: absent key", two, command.SDiff("absent", "b"), []string{}),
		returns("SDiffStore", two, command.SDiffStore("d", "a", "b"), 1, members("d", "1")),
		returns("SDiffStore: onto itself", two, command.SDiffStore("b", "a", "b"), 1, members("b", "1")),
		returns("SDiffStore: empty", two+"; SET d old", command.SDiffStore("d", "a", "a"), 0, left(command.Exists("d"), 0)),
		returns("SInter", two, command.SInter("a", "b"), []string{"2", "3"}),
		returns("SInter: absent key", two, command.SInter("a", "absent"), []string{}),
		returns("SInterCard", two, command.SInterCard(0, "a", "b"), 2),
		returns("SInterCard: limit", two, command.SInterCard(1, "a", "b"), 1),
		returns("SInterCard: absent key", two, command.SInterCard(0, "a", "absent"), 0),
		returns("SInterStore", two, command.SInterStore("d", "a", "b"), 2, members("d", "2", "3")),
		returns("SInterStore: over a string", two+"; SET d old", command.SInterStore("d", "a", "b"), 2, left(command.Type("d"), "set")),
		returns("SIsMember", abc, command.SIsMember("k", "a"), true),
		returns("SIsMember: another", abc, command.SIsMember("k", "x"), false),
		returns("SMembers", abc, command.SMembers("k"), []string{"a", "b", "c"}),
		returns("SMembers: absent key", "", command.SMembers("k"), []string{}),
		fails("SMembers: string", "SET k v", command.SMembers("k"), "WRONGTYPE"),
		returns("SMIsMember", abc, command.SMIsMember("k", "a", "x", "c"), []bool{true, false, true}),
		returns("SMIsMember: absent key", "", command.SMIsMember("k", "a"), []bool{false}),
		returns("SMove", "SADD a 1 2; SADD b 3", command.SMove("a", "b", "1"), true, members("a", "2"), members("b", "1", "3")),
		returns("SMove: no member", "SADD a 1 2; SADD b 3", command.SMove("a", "b", "x"), false),
		fails("SMove: to a string", "SADD a 1; SET b v", command.SMove("a", "b", "1"), "WRONGTYPE"),
		returns("SPop", "SADD k a", command.SPop("k"), "a", left(command.Exists("k"), 0)),
		nothing("SPop: absent key", "", command.SPop("k")),
		returns("SPopN", abc, command.SPopN("k", 5), []string{"a", "b", "c"}, left(command.Exists("k"), 0)),
		returns("SPopN: none", abc, command.SPopN("k", 0), []string{}, left(command.SCard("k"), 3)),
		returns("SPopN: absent key", "", command.SPopN("k", 5), []string{}),
		returns("SRandMember", "SADD k a", command.SRandMember("k"), "a", left(command.SCard("k"), 1)),
		nothing("SRandMember: absent key", "", command.SRandMember("k")),
		returns("SRandMemberN", abc, command.SRandMemberN("k", 5), []string{"a", "b", "c"}),
		returns("SRandMemberN: repeated", "SADD k a", command.SRandMemberN("k", -3), []string{"a", "a", "a"}),
		returns("SRandMemberN: none", abc, command.SRandMemberN("k", 0), []string{}),
		returns("SRandMemberN: absent key", "", command.SRandMemberN("k", 5), []string{}),
		returns("SRem", abc, command.SRem("k", "a", "b", "x"), 2, members("k", "c")),
		returns("SRem: last member", "SADD k 1", command.SRem("k", 1), 1, left(command.Exists("k"), 0)),
		returns("SScan", abc, command.SScan("k", "", command.MatchOptions{}), whole("a", "b", "c")),
		returns("SScan: options", abc, command.SScan("k", "0", command.MatchOptions{Match: "[ab]", Count: 50}), whole("a", "b")),
		returns("SScan: absent key", "", command.SScan("k", "", command.MatchOptions{}), whole[string]()),
		returns("SUnion", two, command.SUnion("a", "b", "absent"), []string{"1", "2", "3", "4"}),
		returns("SUnionStore", two, command.SUnionStore("a", "a", "b"), 4, members("a", "1", "2", "3", "4")),
		returns("SUnionStore: onto itself", "SADD k a; EXPIRE k 100", command.SUnionStore("k", "k"), 1, left(command.TTL("k"), none[time.Duration]())),
		fails("SUnionStore: string", "SADD d a; SET k v", command.SUnionStore("d", "k"), "WRONGTYPE", members("d", "a")),
	}
}
