package command_test

import (
	"math"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestSortedSetCommandsSend(t *testing.T) {
	t.Parallel()
	a, b := command.Z{Member: "a", Score: 1.5}, command.Z{Member: "b", Score: math.Inf(-1)}
	checkSent(t, []sent{
		{command.ZAdd("k", a, b).Args(), "ZADD k 1.5 a -inf b", command.Idempotent},
		{command.ZAddWith("k", command.ZAddOptions{}, a).Args(), "ZADD k 1.5 a", command.Idempotent},
		{command.ZAddWith("k", command.ZAddOptions{If: command.Absent}, a).Args(), "ZADD k NX 1.5 a", command.Once},
		{command.ZAddWith("k", command.ZAddOptions{If: command.Present, Compare: command.ZGreater, Changed: true}, a, b).Args(), "ZADD k XX GT CH 1.5 a -inf b", command.Idempotent},
		{command.ZAddWith("k", command.ZAddOptions{Compare: command.ZLess}, a).Args(), "ZADD k LT 1.5 a", command.Idempotent},
		{command.ZAddIncr("k", command.ZAddOptions{}, a).Args(), "ZADD k INCR 1.5 a", command.Once},
		{command.ZAddIncr("k", command.ZAddOptions{If: command.Present, Compare: command.ZLess}, a).Args(), "ZADD k XX LT INCR 1.5 a", command.Once},
		{command.ZCard("k").Args(), "ZCARD k", command.ReadOnly},
		{command.ZCount("k", command.ScoreMin, command.ScoreMax).Args(), "ZCOUNT k -inf +inf", command.ReadOnly},
		{command.ZCount("k", command.ScoreOver(1), command.ScoreUnder(2.5)).Args(), "ZCOUNT k (1 (2.5", command.ReadOnly},
		{command.ZCount("k", command.Score(math.Inf(-1)), command.Score(math.Inf(1))).Args(), "ZCOUNT k -inf inf", command.ReadOnly},
		{command.ZIncrBy("k", -0.1, "m").Args(), "ZINCRBY k -0.1 m", command.Once},
		{command.ZLexCount("k", command.LexMin, command.LexMax).Args(), "ZLEXCOUNT k - +", command.ReadOnly},
		{command.ZLexCount("k", command.LexOver("a"), command.LexUnder("c")).Args(), "ZLEXCOUNT k (a (c", command.ReadOnly},
		{command.ZMPop(command.ZLowest, 1, "a", "b").Args(), "ZMPOP 2 a b MIN COUNT 1", command.Once},
		{command.ZMPop(command.ZHighest, 5, "a").Args(), "ZMPOP 1 a MAX COUNT 5", command.Once},
		{command.ZMScore("k", "a", "b").Args(), "ZMSCORE k a b", command.ReadOnly},
		{command.ZPopMax("k").Args(), "ZPOPMAX k", command.Once},
		{command.ZPopMaxN("k", 3).Args(), "ZPOPMAX k 3", command.Once},
		{command.ZPopMin("k").Args(), "ZPOPMIN k", command.Once},
		{command.ZPopMinN("k", 3).Args(), "ZPOPMIN k 3", command.Once},
		{command.ZRandMember("k").Args(), "ZRANDMEMBER k", command.ReadOnly},
		{command.ZRandMemberN("k", -3).Args(), "ZRANDMEMBER k -3", command.ReadOnly},
		{command.ZRandMemberWithScores("k", 3).Args(), "ZRANDMEMBER k 3 WITHSCORES", command.ReadOnly},
		{command.ZRank("k", "m").Args(), "ZRANK k m", command.ReadOnly},
		{command.ZRankWithScore("k", "m").Args(), "ZRANK k m WITHSCORE", command.ReadOnly},
		{command.ZRem("k", "a", "b").Args(), "ZREM k a b", command.Idempotent},
		{command.ZRevRank("k", "m").Args(), "ZREVRANK k m", command.ReadOnly},
		{command.ZRevRankWithScore("k", "m").Args(), "ZREVRANK k m WITHSCORE", command.ReadOnly},
		{command.ZScan("k", "", command.MatchOptions{}).Args(), "ZSCAN k 0", command.ReadOnly},
		{command.ZScan("k", "9223372036854775808", command.MatchOptions{Match: "a*", Count: 100}).Args(), "ZSCAN k 9223372036854775808 MATCH a* COUNT 100", command.ReadOnly},
		{command.ZScore("k", "m").Args(), "ZSCORE k m", command.ReadOnly},
	})
}

func TestSortedSetCommandsRefuse(t *testing.T) {
	t.Parallel()
	nan := command.Z{Member: "m", Score: math.NaN()}
	one := command.Z{Member: "m", Score: 1}
	checkRefused(t, []refused{
		{"nothing to add", command.ZAdd("k").Err(), "at least one member"},
		{"a score that is NaN", command.ZAdd("k", nan).Err(), "NaN"},
		{"nothing to add with options", command.ZAddWith("k", command.ZAddOptions{}).Err(), "at least one member"},
		{"a condition on a value", command.ZAddWith("k", command.ZAddOptions{If: command.Equals("v")}, one).Err(), "only the conditions Absent and Present"},
		{"absent and greater", command.ZAddWith("k", command.ZAddOptions{If: command.Absent, Compare: command.ZGreater}, one).Err(), "nothing to compare"},
		{"absent and less, increment", command.ZAddIncr("k", command.ZAddOptions{If: command.Absent, Compare: command.ZLess}, one).Err(), "nothing to compare"},
		{"increment and count", command.ZAddIncr("k", command.ZAddOptions{Changed: true}, one).Err(), "leave out Changed"},
		{"increment by NaN", command.ZAddIncr("k", command.ZAddOptions{}, nan).Err(), "NaN"},
		{"increment alone by NaN", command.ZIncrBy("k", math.NaN(), "m").Err(), "NaN"},
		{"no low end", command.ZCount("k", command.ScoreBound{}, command.ScoreMax).Err(), "an end of the range is missing"},
		{"no high end", command.ZLexCount("k", command.LexMin, command.LexBound{}).Err(), "an end of the range is missing"},
		{"low end that is NaN", command.ZCount("k", command.ScoreOver(math.NaN()), command.ScoreMax).Err(), "NaN"},
		{"under a low end", command.ZCount("k", command.ScoreUnder(1), command.ScoreMax).Err(), "use Over"},
		{"over a high end", command.ZLexCount("k", command.LexMin, command.LexOver("m")).Err(), "use Under"},
		{"pop from no keys", command.ZMPop(command.ZLowest, 1).Err(), "at least one key"},
		{"pop from no side", command.ZMPop("", 1, "k").Err(), "needs a side"},
		{"pop nothing", command.ZMPop(command.ZLowest, 0, "k").Err(), "at least 1"},
		{"no members to score", command.ZMScore("k").Err(), "at least one member"},
		{"no members to remove", command.ZRem("k").Err(), "at least one member"},
		{"negative scan count", command.ZScan("k", "", command.MatchOptions{Count: -1}).Err(), "must not be negative"},
	})
}

func TestSortedSetCommandsDecode(t *testing.T) {
	t.Parallel()
	null := command.Reply{}
	zs := []command.Z{{Member: "a", Score: 1.5}, {Member: "b", Score: math.Inf(1)}}
	flat := list("a", "1.5", "b", "inf")

	checkReply(t, command.ZAdd("k", zs...), number(2), int64(2))
	checkReply(t, command.ZAddWith("k", command.ZAddOptions{}, zs...), number(0), int64(0))
	checkReply(t, command.ZAddIncr("k", command.ZAddOptions{}, zs[0]), null, command.Null[float64]{})
	checkReply(t, command.ZAddIncr("k", command.ZAddOptions{}, zs[0]), text("3"), command.Null[float64]{V: 3, Valid: true})
	checkReply(t, command.ZCard("k"), number(0), int64(0))
	checkReply(t, command.ZCount("k", command.ScoreMin, command.ScoreMax), number(2), int64(2))
	checkReply(t, command.ZIncrBy("k", 1, "m"), text("1e+21"), 1e21)
	checkReply(t, command.ZLexCount("k", command.LexMin, command.LexMax), number(2), int64(2))
	checkReply(t, command.ZMPop(command.ZLowest, 2, "k"), null, command.ErrNil)
	checkReply(t, command.ZMPop(command.ZLowest, 2, "k"), list("k", list(list("a", "1.5"), list("b", "inf"))), command.ZMPopped{Key: "k", Members: zs})
	checkReply(t, command.ZMScore("k", "a", "b"), list("1.5", nil), []command.Null[float64]{{V: 1.5, Valid: true}, {}})
	for _, pop := range []command.Cmd[command.Z]{command.ZPopMin("k"), command.ZPopMax("k")} {
		checkReply(t, pop, list("a", "1.5"), zs[0])
		checkReply(t, pop, list(), command.ErrNil)
		checkReply(t, pop, null, command.ErrNil)
	}
	for _, pop := range []command.Cmd[[]command.Z]{command.ZPopMinN("k", 2), command.ZPopMaxN("k", 2), command.ZRandMemberWithScores("k", 2)} {
		checkReply(t, pop, flat, zs)
		checkReply(t, pop, list(), []command.Z{})
	}
	checkReply(t, command.ZRandMember("k"), text("a"), "a")
	checkReply(t, command.ZRandMember("k"), null, command.ErrNil)
	checkReply(t, command.ZRandMemberN("k", 2), list("a", "b"), []string{"a", "b"})
	for _, rank := range []command.Cmd[int64]{command.ZRank("k", "m"), command.ZRevRank("k", "m")} {
		checkReply(t, rank, number(0), int64(0))
		checkReply(t, rank, null, command.ErrNil)
	}
	for _, rank := range []command.Cmd[command.RankScore]{command.ZRankWithScore("k", "m"), command.ZRevRankWithScore("k", "m")} {
		checkReply(t, rank, list(4, "1.5"), command.RankScore{Rank: 4, Score: 1.5})
		checkReply(t, rank, null, command.ErrNil)
	}
	checkReply(t, command.ZRem("k", "m"), number(1), int64(1))
	checkReply(t, command.ZScan("k", "", command.MatchOptions{}), list("17", flat), command.Page[command.Z]{Cursor: "17", Items: zs})
	checkReply(t, command.ZScore("k", "m"), text("-inf"), math.Inf(-1))
	checkReply(t, command.ZScore("k", "m"), null, command.ErrNil)
}

func TestSortedSetRepliesOfAnotherShape(t *testing.T) {
	t.Parallel()
	checkMismatch(t, command.ZPopMin("k"), list("a", "1", "b", "2"), "one member and its score")
	checkMismatch(t, command.ZPopMin("k"), list("a"), "flat pairs")
	checkMismatch(t, command.ZPopMin("k"), list("a", nil), "a value inside the list")
	checkMismatch(t, command.ZPopMin("k"), list(nil, "1"), "a value inside the list")
	checkMismatch(t, command.ZPopMin("k"), list("a", "high"), "number")
	checkMismatch(t, command.ZPopMinN("k", 1), text("a"), "array")
	checkMismatch(t, command.ZMPop(command.ZLowest, 1, "k"), text("k"), "array")
	checkMismatch(t, command.ZMPop(command.ZLowest, 1, "k"), list("k"), "a key and its members")
	checkMismatch(t, command.ZMPop(command.ZLowest, 1, "k"), list(nil, list()), "a value inside the list")
	checkMismatch(t, command.ZMPop(command.ZLowest, 1, "k"), list("k", list("a", "1")), "array")
	checkMismatch(t, command.ZMPop(command.ZLowest, 1, "k"), list("k", list(list())), "a value inside the list")
	checkMismatch(t, command.ZRankWithScore("k", "m"), number(1), "array")
	checkMismatch(t, command.ZRankWithScore("k", "m"), list(1), "a rank and a score")
	checkMismatch(t, command.ZRankWithScore("k", "m"), list(nil, "1"), "a value inside the list")
	checkMismatch(t, command.ZRankWithScore("k", "m"), list(1, nil), "a value inside the list")
}
