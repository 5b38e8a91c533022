package conform

import (
	"math"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

const zabc = "ZADD k 1 a 2 b 3 c"

func sortedSetCases() []Case {
	scores := func(zs ...command.Z) check { return left(command.ZRangeWithScores("k", 0, -1), zs) }
	add := func(o command.ZAddOptions) command.Cmd[int64] {
		return command.ZAddWith("k", o, z("a", 5), z("b", 0), z("d", 9))
	}
	incr := func(o command.ZAddOptions, member string) command.Cmd[command.Null[float64]] {
		return command.ZAddIncr("k", o, z(member, 5))
	}
	a, b, c := z("a", 1), z("b", 2), z("c", 3)
	return []Case{
		returns("ZAdd", "ZADD k 7 a", command.ZAdd("k", a, b), 1, scores(a, b)),
		returns("ZAdd: infinite", "", command.ZAdd("k", z("x", math.Inf(1)), z("y", math.Inf(-1)), z("z", 0.1)), 3, scores(z("y", math.Inf(-1)), z("z", 0.1), z("x", math.Inf(1)))),
		returns("ZAdd: extreme scores", "", command.ZAdd("k", z("s", 1e-7), z("l", 1e21), z("n", -1.5e300), z("i", 1<<53)), 4, scores(z("n", -1.5e300), z("s", 1e-7), z("i", 1<<53), z("l", 1e21))),
		fails("ZAdd: string", "SET k v", command.ZAdd("k", a), "WRONGTYPE"),
		returns("ZAddWith", zabc, add(command.ZAddOptions{}), 1, scores(z("b", 0), c, z("a", 5), z("d", 9))),
		returns("ZAddWith: Absent", zabc, add(command.ZAddOptions{If: command.Absent}), 1, scores(a, b, c, z("d", 9))),
		returns("ZAddWith: Present", zabc, add(command.ZAddOptions{If: command.Present}), 0, scores(z("b", 0), c, z("a", 5))),
		returns("ZAddWith: ZGreater", zabc, add(command.ZAddOptions{Compare: command.ZGreater}), 1, scores(b, c, z("a", 5), z("d", 9))),
		returns("ZAddWith: ZLess", zabc, add(command.ZAddOptions{Compare: command.ZLess}), 1, scores(z("b", 0), a, c, z("d", 9))),
		returns("ZAddWith: Changed", zabc, add(command.ZAddOptions{Changed: true}), 3),
		returns("ZAddWith: all options", zabc, add(command.ZAddOptions{If: command.Present, Compare: command.ZGreater, Changed: true}), 1, scores(b, c, z("a", 5))),
		returns("ZAddWith: a member twice", zabc, command.ZAddWith("k", command.ZAddOptions{Compare: command.ZGreater, Changed: true}, z("d", 5), z("d", 4), z("d", 6)), 2, scores(a, b, c, z("d", 6))),
		returns("ZAddIncr", zabc, incr(command.ZAddOptions{}, "a"), some(6.0)),
		returns("ZAddIncr: Absent, exists", zabc, incr(command.ZAddOptions{If: command.Absent}, "a"), none[float64](), scores(a, b, c)),
		returns("ZAddIncr: Absent", zabc, incr(command.ZAddOptions{If: command.Absent}, "d"), some(5.0)),
		returns("ZAddIncr: Present, absent member", zabc, incr(command.ZAddOptions{If: command.Present}, "d"), none[float64](), scores(a, b, c)),
		returns("ZAddIncr: ZLess", zabc, incr(command.ZAddOptions{Compare: command.ZLess}, "a"), none[float64](), scores(a, b, c)),
		returns("ZAddIncr: ZGreater", zabc, incr(command.ZAddOptions{Compare: command.ZGreater}, "a"), some(6.0)),
		returns("ZCard", zabc, command.ZCard("k"), 3),
		returns("ZCard: absent key", "", command.ZCard("k"), 0),
		returns("ZCount", zabc, command.ZCount("k", command.Score(1), command.ScoreUnder(3)), 2),
		returns("ZCount: open", zabc, command.ZCount("k", command.ScoreOver(1), command.ScoreMax), 2),
		returns("ZIncrBy", zabc, command.ZIncrBy("k", 2.5, "a"), 3.5),
		returns("ZIncrBy: absent member", zabc, command.ZIncrBy("k", -1, "d"), -1),
		returns("ZLexCount", "ZADD k 0 a 0 b 0 c", command.ZLexCount("k", command.LexOver("a"), command.Lex("c")), 2),
		returns("ZLexCount: open", "ZADD k 0 a 0 b 0 c", command.ZLexCount("k", command.LexMin, command.LexMax), 3),
		returns("ZMPop: ZLowest", zabc, command.ZMPop(command.ZLowest, 2, "absent", "k"), command.ZMPopped{Key: "k", Members: []command.Z{a, b}}, scores(c)),
		returns("ZMPop: ZHighest", zabc, command.ZMPop(command.ZHighest, 2, "k"), command.ZMPopped{Key: "k", Members: []command.Z{c, b}}, scores(a)),
		nothing("ZMPop: absent key", "", command.ZMPop(command.ZLowest, 1, "k")),
		fails("ZMPop: set", "ZADD k 1 a; ZPOPMIN k; SADD k a", command.ZMPop(command.ZLowest, 1, "k"), "WRONGTYPE"),
		returns("ZMScore", zabc, command.ZMScore("k", "c", "absent", "a"), []command.Null[float64]{some(3.0), {}, some(1.0)}),
		returns("ZMScore: absent key", "", command.ZMScore("k", "a"), []command.Null[float64]{{}}),
		returns("ZPopMax", zabc, command.ZPopMax("k"), c, scores(a, b)),
		nothing("ZPopMax: absent key", "", command.ZPopMax("k")),
		returns("ZPopMaxN", zabc, command.ZPopMaxN("k", 2), []command.Z{c, b}, scores(a)),
		returns("ZPopMaxN: absent key", "", command.ZPopMaxN("k", 2), []command.Z{}),
		returns("ZPopMaxN: none", zabc, command.ZPopMaxN("k", 0), []command.Z{}, scores(a, b, c)),
		returns("ZPopMin", zabc, command.ZPopMin("k"), a, scores(b, c)),
		nothing("ZPopMin: absent key", "", command.ZPopMin("k")),
		returns("ZPopMinN", zabc, command.ZPopMinN("k", 5), []command.Z{a, b, c}, left(command.Exists("k"), 0)),
		returns("ZPopMinN: none", zabc, command.ZPopMinN("k", 0), []command.Z{}, scores(a, b, c)),
		returns("ZRandMember", "ZADD k 1 a", command.ZRandMember("k"), "a"),
		nothing("ZRandMember: absent key", "", command.ZRandMember("k")),
		returns("ZRandMemberN", zabc, command.ZRandMemberN("k", 5), []string{"a", "b", "c"}),
		returns("ZRandMemberN: repeated", "ZADD k 1 a", command.ZRandMemberN("k", -2), []string{"a", "a"}),
		returns("ZRandMemberN: absent key", "", command.ZRandMemberN("k", 2), []string{}),
		returns("ZRandMemberWithScores", zabc, command.ZRandMemberWithScores("k", 5), []command.Z{a, b, c}),
		returns("ZRandMemberWithScores: repeated", "ZADD k 1 a", command.ZRandMemberWithScores("k", -2), []command.Z{a, a}),
		returns("ZRank", zabc, command.ZRank("k", "b"), 1),
		nothing("ZRank: absent member", zabc, command.ZRank("k", "absent")),
		nothing("ZRank: absent key", "", command.ZRank("k", "a")),
		returns("ZRankWithScore", zabc, command.ZRankWithScore("k", "c"), command.RankScore{Rank: 2, Score: 3}),
		nothing("ZRankWithScore: absent member", zabc, command.ZRankWithScore("k", "absent")),
		returns("ZRem", zabc, command.ZRem("k", "a", "absent"), 1, scores(b, c)),
		returns("ZRevRank", zabc, command.ZRevRank("k", "a"), 2),
		nothing("ZRevRank: absent member", zabc, command.ZRevRank("k", "absent")),
		returns("ZRevRankWithScore", zabc, command.ZRevRankWithScore("k", "c"), command.RankScore{Rank: 0, Score: 3}),
		nothing("ZRevRankWithScore: absent key", "", command.ZRevRankWithScore("k", "a")),
		returns("ZScan", zabc, command.ZScan("k", "", command.MatchOptions{}), whole(a, b, c)),
		returns("ZScan: options", zabc, command.ZScan("k", "0", command.MatchOptions{Match: "[bc]", Count: 50}), whole(b, c)),
		returns("ZScan: absent key", "", command.ZScan("k", "", command.MatchOptions{}), whole[command.Z]()),
		returns("ZScore", "ZADD k 1.25 a", command.ZScore("k", "a"), 1.25),
		returns("ZScore: infinite", "ZADD k -inf a", command.ZScore("k", "a"), math.Inf(-1)),
		nothing("ZScore: absent member", zabc, command.ZScore("k", "absent")),
	}
}
