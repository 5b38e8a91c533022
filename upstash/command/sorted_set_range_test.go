package command_test

import (
	"math"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestSortedSetRangesSend(t *testing.T) {
	t.Parallel()
	byScore := command.ZRangeArgs{Key: "k", Min: command.Score(1.5), Max: command.ScoreMax}
	byLex := command.ZRangeArgs{Key: "k", Min: command.Lex("a"), Max: command.LexUnder("c")}
	byRank := command.ZRangeArgs{Key: "k", Min: command.Rank(0), Max: command.Rank(-1)}
	down := func(a command.ZRangeArgs) command.ZRangeArgs { a.Rev = true; return a }
	part := func(a command.ZRangeArgs, l command.Limit) command.ZRangeArgs { a.Limit = l; return a }
	all, some, rest := command.Limit{}, command.Limit{Offset: 1, Count: 2}, command.Limit{Offset: 3}
	checkSent(t, []sent{
		{command.ZRange("k", 0, -1).Args(), "ZRANGE k 0 -1", command.ReadOnly},
		{command.ZRangeWithScores("k", 0, 9).Args(), "ZRANGE k 0 9 WITHSCORES", command.ReadOnly},
		{command.ZRangeBy(byScore).Args(), "ZRANGE k 1.5 +inf BYSCORE", command.ReadOnly},
		{command.ZRangeBy(down(byScore)).Args(), "ZRANGE k +inf 1.5 BYSCORE REV", command.ReadOnly},
		{command.ZRangeBy(part(byScore, some)).Args(), "ZRANGE k 1.5 +inf BYSCORE LIMIT 1 2", command.ReadOnly},
		{command.ZRangeBy(part(down(byScore), rest)).Args(), "ZRANGE k +inf 1.5 BYSCORE REV LIMIT 3 -1", command.ReadOnly},
		{command.ZRangeBy(byLex).Args(), "ZRANGE k [a (c BYLEX", command.ReadOnly},
		{command.ZRangeBy(down(byLex)).Args(), "ZRANGE k (c [a BYLEX REV", command.ReadOnly},
		{command.ZRangeBy(part(byLex, command.Limit{Count: 5})).Args(), "ZRANGE k [a (c BYLEX LIMIT 0 5", command.ReadOnly},
		{command.ZRangeBy(byRank).Args(), "ZRANGE k 0 -1", command.ReadOnly},
		{command.ZRangeBy(down(byRank)).Args(), "ZRANGE k 0 -1 REV", command.ReadOnly},
		{command.ZRangeByWithScores(part(down(byScore), some)).Args(), "ZRANGE k +inf 1.5 BYSCORE REV LIMIT 1 2 WITHSCORES", command.ReadOnly},
		{command.ZRangeByWithScores(down(byRank)).Args(), "ZRANGE k 0 -1 REV WITHSCORES", command.ReadOnly},
		{command.ZRangeStore("d", part(down(byScore), some)).Args(), "ZRANGESTORE d k +inf 1.5 BYSCORE REV LIMIT 1 2", command.Once},
		{command.ZRangeStore("d", byLex).Args(), "ZRANGESTORE d k [a (c BYLEX", command.Once},
		{command.ZRangeStore("d", byRank).Args(), "ZRANGESTORE d k 0 -1", command.Once},
		{command.ZRemRangeByLex("k", command.LexMin, command.Lex("c")).Args(), "ZREMRANGEBYLEX k - [c", command.Idempotent},
		{command.ZRemRangeByRank("k", 0, -11).Args(), "ZREMRANGEBYRANK k 0 -11", command.Once},
		{command.ZRemRangeByScore("k", command.ScoreMin, command.ScoreUnder(5)).Args(), "ZREMRANGEBYSCORE k -inf (5", command.Idempotent},
		{command.ZRangeByLex("k", command.LexOver("a"), command.LexMax, all).Args(), "ZRANGEBYLEX k (a +", command.ReadOnly},
		{command.ZRangeByLex("k", command.LexMin, command.LexMax, some).Args(), "ZRANGEBYLEX k - + LIMIT 1 2", command.ReadOnly},
		{command.ZRangeByScore("k", command.ScoreOver(1), command.Score(2), all).Args(), "ZRANGEBYSCORE k (1 2", command.ReadOnly},
		{command.ZRangeByScore("k", command.ScoreMin, command.ScoreMax, some).Args(), "ZRANGEBYSCORE k -inf +inf LIMIT 1 2", command.ReadOnly},
		{command.ZRangeByScoreWithScores("k", command.Score(1), command.ScoreMax, rest).Args(), "ZRANGEBYSCORE k 1 +inf WITHSCORES LIMIT 3 -1", command.ReadOnly},
		{command.ZRevRange("k", 0, 9).Args(), "ZREVRANGE k 0 9", command.ReadOnly},
		{command.ZRevRangeWithScores("k", 0, 9).Args(), "ZREVRANGE k 0 9 WITHSCORES", command.ReadOnly},
		{command.ZRevRangeByLex("k", command.LexMax, command.LexOver("a"), some).Args(), "ZREVRANGEBYLEX k + (a LIMIT 1 2", command.ReadOnly},
		{command.ZRevRangeByScore("k", command.ScoreUnder(5), command.ScoreMin, some).Args(), "ZREVRANGEBYSCORE k (5 -inf LIMIT 1 2", command.ReadOnly},
		{command.ZRevRangeByScoreWithScores("k", command.ScoreMax, command.Score(1), all).Args(), "ZREVRANGEBYSCORE k +inf 1 WITHSCORES", command.ReadOnly},
	})
}

func TestSortedSetRangesRefuse(t *testing.T) {
	t.Parallel()
	checkRefused(t, []refused{
		{"no ends", command.ZRangeBy(command.ZRangeArgs{Key: "k"}).Err(), "needs Min and Max"},
		{"no high end", command.ZRangeStore("d", command.ZRangeArgs{Key: "k", Min: command.ScoreMin}).Err(), "needs Min and Max"},
		{"a rank that is not made", command.ZRangeBy(command.ZRangeArgs{Key: "k", Min: command.RankBound{}, Max: command.Rank(1)}).Err(), "an end of the range is missing"},
		{"score and member", command.ZRangeBy(command.ZRangeArgs{Key: "k", Min: command.ScoreMin, Max: command.LexMax}).Err(), "different kinds"},
		{"rank and score", command.ZRangeBy(command.ZRangeArgs{Key: "k", Min: command.Rank(0), Max: command.Score(1)}).Err(), "different kinds"},
		{"positions with a limit", command.ZRangeBy(command.ZRangeArgs{Key: "k", Min: command.Rank(0), Max: command.Rank(1), Limit: command.Limit{Count: 1}}).Err(), "no Limit"},
		{"members with scores", command.ZRangeByWithScores(command.ZRangeArgs{Key: "k", Min: command.LexMin, Max: command.LexMax}).Err(), "with scores"},
		{"NaN", command.ZRangeBy(command.ZRangeArgs{Key: "k", Min: command.ScoreMin, Max: command.Score(math.NaN())}).Err(), "NaN"},
		{"Min and Max swapped", command.ZRangeBy(command.ZRangeArgs{Key: "k", Min: command.ScoreUnder(2), Max: command.ScoreOver(1), Rev: true}).Err(), "use Over"},
		{"high end first", command.ZRangeByScore("k", command.ScoreUnder(2), command.Score(1), command.Limit{}).Err(), "use Over"},
		{"low end first, downwards", command.ZRevRangeByScore("k", command.ScoreOver(1), command.ScoreMax, command.Limit{}).Err(), "use Under"},
		{"remove without an end", command.ZRemRangeByScore("k", command.ScoreBound{}, command.Score(1)).Err(), "an end of the range is missing"},
	})
}

func TestSortedSetRangesDecode(t *testing.T) {
	t.Parallel()
	a := command.ZRangeArgs{Key: "k", Min: command.ScoreMin, Max: command.ScoreMax}
	for _, members := range []command.Cmd[[]string]{
		command.ZRange("k", 0, -1),
		command.ZRangeBy(a),
		command.ZRangeByLex("k", command.LexMin, command.LexMax, command.Limit{}),
		command.ZRangeByScore("k", command.ScoreMin, command.ScoreMax, command.Limit{}),
		command.ZRevRange("k", 0, -1),
		command.ZRevRangeByLex("k", command.LexMax, command.LexMin, command.Limit{}),
		command.ZRevRangeByScore("k", command.ScoreMax, command.ScoreMin, command.Limit{}),
	} {
		checkReply(t, members, list("a", "b"), []string{"a", "b"})
		checkReply(t, members, list(), []string{})
	}
	for _, scored := range []command.Cmd[[]command.Z]{
		command.ZRangeWithScores("k", 0, -1),
		command.ZRangeByWithScores(a),
		command.ZRangeByScoreWithScores("k", command.ScoreMin, command.ScoreMax, command.Limit{}),
		command.ZRevRangeWithScores("k", 0, -1),
		command.ZRevRangeByScoreWithScores("k", command.ScoreMax, command.ScoreMin, command.Limit{}),
	} {
		checkReply(t, scored, list("a", "1.5", "b", "-inf"), []command.Z{{Member: "a", Score: 1.5}, {Member: "b", Score: math.Inf(-1)}})
		checkReply(t, scored, list(), []command.Z{})
	}
	for _, count := range []command.Cmd[int64]{
		command.ZRangeStore("d", a),
		command.ZRemRangeByLex("k", command.LexMin, command.LexMax),
		command.ZRemRangeByRank("k", 0, -1),
		command.ZRemRangeByScore("k", command.ScoreMin, command.ScoreMax),
	} {
		checkReply(t, count, number(2), int64(2))
	}
}
