package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

const zlex = "ZADD k 0 a 0 b 0 c 0 d"

func sortedSetRangeCases() []Case {
	type by = command.ZRangeArgs
	a, b, c := z("a", 1), z("b", 2), z("c", 3)
	low, high := command.ScoreMin, command.ScoreMax
	part := command.Limit{Offset: 1, Count: 1}
	stored := func(members ...command.Z) check { return left(command.ZRangeWithScores("d", 0, -1), members) }
	remains := func(members ...string) check { return left(command.ZRange("k", 0, -1), members) }
	return []Case{
		returns("ZRange", zabc, command.ZRange("k", 0, -1), []string{"a", "b", "c"}),
		returns("ZRange: part", zabc, command.ZRange("k", -2, 5), []string{"b", "c"}),
		returns("ZRange: nothing", zabc, command.ZRange("k", 2, 1), []string{}),
		returns("ZRange: same scores", "ZADD k 1 b 1 a 1 B 1 ab", command.ZRange("k", 0, -1), []string{"B", "a", "ab", "b"}),
		returns("ZRange: absent key", "", command.ZRange("k", 0, -1), []string{}),
		fails("ZRange: string", "SET k v", command.ZRange("k", 0, -1), "WRONGTYPE"),
		returns("ZRangeWithScores", zabc, command.ZRangeWithScores("k", 0, 1), []command.Z{a, b}),
		returns("ZRangeBy: scores", zabc, command.ZRangeBy(by{Key: "k", Min: command.Score(2), Max: high}), []string{"b", "c"}),
		returns("ZRangeBy: scores, reverse", zabc, command.ZRangeBy(by{Key: "k", Min: command.ScoreOver(1), Max: high, Rev: true}), []string{"c", "b"}),
		returns("ZRangeBy: scores, limit", zabc, command.ZRangeBy(by{Key: "k", Min: low, Max: high, Limit: part}), []string{"b"}),
		returns("ZRangeBy: scores, offset", zabc, command.ZRangeBy(by{Key: "k", Min: low, Max: high, Limit: command.Limit{Offset: 1}}), []string{"b", "c"}),
		returns("ZRangeBy: scores, reverse, limit", zabc, command.ZRangeBy(by{Key: "k", Min: low, Max: command.ScoreUnder(3), Rev: true, Limit: part}), []string{"a"}),
		returns("ZRangeBy: members", zlex, command.ZRangeBy(by{Key: "k", Min: command.Lex("b"), Max: command.LexUnder("d")}), []string{"b", "c"}),
		returns("ZRangeBy: members, reverse, limit", zlex, command.ZRangeBy(by{Key: "k", Min: command.LexMin, Max: command.LexMax, Rev: true, Limit: part}), []string{"c"}),
		returns("ZRangeBy: positions", zabc, command.ZRangeBy(by{Key: "k", Min: command.Rank(1), Max: command.Rank(-1)}), []string{"b", "c"}),
		returns("ZRangeBy: positions, reverse", zabc, command.ZRangeBy(by{Key: "k", Min: command.Rank(0), Max: command.Rank(1), Rev: true}), []string{"c", "b"}),
		returns("ZRangeByWithScores", zabc, command.ZRangeByWithScores(by{Key: "k", Min: command.Score(2), Max: high}), []command.Z{b, c}),
		returns("ZRangeByWithScores: reverse, limit", zabc, command.ZRangeByWithScores(by{Key: "k", Min: low, Max: high, Rev: true, Limit: part}), []command.Z{b}),
		returns("ZRangeByWithScores: positions", zabc, command.ZRangeByWithScores(by{Key: "k", Min: command.Rank(0), Max: command.Rank(0), Rev: true}), []command.Z{c}),
		returns("ZRangeStore", zabc, command.ZRangeStore("d", by{Key: "k", Min: command.Rank(0), Max: command.Rank(1)}), 2, stored(a, b)),
		returns("ZRangeStore: scores, limit", zabc, command.ZRangeStore("d", by{Key: "k", Min: low, Max: high, Limit: part}), 1, stored(b)),
		returns("ZRangeStore: scores, reverse", zabc, command.ZRangeStore("d", by{Key: "k", Min: command.Score(2), Max: high, Rev: true, Limit: command.Limit{Count: 1}}), 1, stored(c)),
		returns("ZRangeStore: members", zlex, command.ZRangeStore("d", by{Key: "k", Min: command.LexOver("b"), Max: command.LexMax}), 2, stored(z("c", 0), z("d", 0))),
		returns("ZRangeStore: nothing", zabc+"; SET d old", command.ZRangeStore("d", by{Key: "absent", Min: low, Max: high}), 0, left(command.Exists("d"), 0)),
		returns("ZRemRangeByLex", zlex, command.ZRemRangeByLex("k", command.Lex("b"), command.LexUnder("d")), 2, remains("a", "d")),
		returns("ZRemRangeByRank", zabc, command.ZRemRangeByRank("k", 0, -2), 2, remains("c")),
		returns("ZRemRangeByScore", zabc, command.ZRemRangeByScore("k", low, command.ScoreUnder(3)), 2, remains("c")),
		returns("ZRemRangeByScore: all", zabc, command.ZRemRangeByScore("k", low, high), 3, left(command.Exists("k"), 0)),
	}
}
