package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

// deprecatedCases are those of the commands that newer ones replace.
//
//nolint:staticcheck // they are executed all the same, as long as they are there
func deprecatedCases() []Case {
	a, b := z("a", 1), z("b", 2)
	low, high := command.ScoreMin, command.ScoreMax
	part := command.Limit{Offset: 1, Count: 1}
	return []Case{
		returns("HMSet", "HSET k a 1", command.HMSet("k", map[string]any{"a": 3, "c": "x"}), ok, left(command.HGetAll("k"), map[string]string{"a": "3", "c": "x"})),
		returns("ZRangeByLex", zlex, command.ZRangeByLex("k", command.LexMin, command.Lex("c"), command.Limit{}), []string{"a", "b", "c"}),
		returns("ZRangeByLex: limit", zlex, command.ZRangeByLex("k", command.LexMin, command.LexMax, part), []string{"b"}),
		returns("ZRangeByScore", zabc, command.ZRangeByScore("k", command.ScoreOver(1), high, command.Limit{}), []string{"b", "c"}),
		returns("ZRangeByScore: limit", zabc, command.ZRangeByScore("k", low, high, command.Limit{Offset: 2}), []string{"c"}),
		returns("ZRangeByScoreWithScores", zabc, command.ZRangeByScoreWithScores("k", low, command.Score(2), command.Limit{}), []command.Z{a, b}),
		returns("ZRangeByScoreWithScores: limit", zabc, command.ZRangeByScoreWithScores("k", low, high, part), []command.Z{b}),
		returns("ZRevRange", zabc, command.ZRevRange("k", 0, 1), []string{"c", "b"}),
		returns("ZRevRangeWithScores", zabc, command.ZRevRangeWithScores("k", 1, -1), []command.Z{b, a}),
		returns("ZRevRangeByLex", zlex, command.ZRevRangeByLex("k", command.LexUnder("d"), command.LexMin, command.Limit{}), []string{"c", "b", "a"}),
		returns("ZRevRangeByLex: limit", zlex, command.ZRevRangeByLex("k", command.LexMax, command.LexMin, part), []string{"c"}),
		returns("ZRevRangeByScore", zabc, command.ZRevRangeByScore("k", high, command.ScoreOver(1), command.Limit{}), []string{"c", "b"}),
		returns("ZRevRangeByScore: limit", zabc, command.ZRevRangeByScore("k", high, low, part), []string{"b"}),
		returns("ZRevRangeByScoreWithScores", zabc, command.ZRevRangeByScoreWithScores("k", command.ScoreUnder(3), low, command.Limit{}), []command.Z{b, a}),
		returns("ZRevRangeByScoreWithScores: limit", zabc, command.ZRevRangeByScoreWithScores("k", high, low, part), []command.Z{b}),
		returns("SubStr", "SET k Hello", command.SubStr("k", 1, 3), "ell"),
		returns("SubStr: absent key", "", command.SubStr("k", 0, -1), ""),
	}
}
