package command_test

import (
	"math"
	"testing"

	"github.com/seed-9937a0e6/upstash-go/upstash/command"
)

func TestSortedSetAlgebraSends(t *testing.T) {
	t.Parallel()
	sum := command.ZCombine{}
	full := command.ZCombine{Weights: []float64{2, 0.5}, Aggregate: command.ZAggregateMax}
	checkSent(t, []sent{
		{command.ZDiff("a", "b").Args(), "ZDIFF 2 a b", command.ReadOnly},
		{command.ZDiffWithScores("a", "b").Args(), "ZDIFF 2 a b WITHSCORES", command.ReadOnly},
		{command.ZDiffStore("d", "a", "b").Args(), "ZDIFFSTORE d 2 a b", command.Idempotent},
		{command.ZDiffStore("d", "d", "b").Args(), "ZDIFFSTORE d 2 d b", command.Idempotent},
		{command.ZDiffStore("d", "a", "d").Args(), "ZDIFFSTORE d 2 a d", command.Once},
		{command.ZInter(sum, "a", "b").Args(), "ZINTER 2 a b", command.ReadOnly},
		{command.ZInter(full, "a", "b").Args(), "ZINTER 2 a b WEIGHTS 2 0.5 AGGREGATE MAX", command.ReadOnly},
		{command.ZInterWithScores(full, "a", "b").Args(), "ZINTER 2 a b WEIGHTS 2 0.5 AGGREGATE MAX WITHSCORES", command.ReadOnly},
		{command.ZInterCard(0, "a", "b").Args(), "ZINTERCARD 2 a b", command.ReadOnly},
		{command.ZInterCard(10, "a", "b").Args(), "ZINTERCARD 2 a b LIMIT 10", command.ReadOnly},
		{command.ZInterStore("d", sum, "a", "b").Args(), "ZINTERSTORE d 2 a b", command.Once},
		{command.ZInterStore("d", command.ZCombine{Aggregate: command.ZAggregateMin}, "a", "b").Args(), "ZINTERSTORE d 2 a b AGGREGATE MIN", command.Once},
		{command.ZUnion(sum, "a").Args(), "ZUNION 1 a", command.ReadOnly},
		{command.ZUnion(command.ZCombine{Weights: []float64{math.Inf(1)}}, "a").Args(), "ZUNION 1 a WEIGHTS inf", command.ReadOnly},
		{command.ZUnionWithScores(command.ZCombine{Aggregate: command.ZAggregateSum}, "a", "b").Args(), "ZUNION 2 a b AGGREGATE SUM WITHSCORES", command.ReadOnly},
		{command.ZUnionStore("d", full, "a", "b").Args(), "ZUNIONSTORE d 2 a b WEIGHTS 2 0.5 AGGREGATE MAX", command.Once},
	})
}

func TestSortedSetAlgebraRefuses(t *testing.T) {
	t.Parallel()
	one := command.ZCombine{Weights: []float64{1}}
	checkRefused(t, []refused{
		{"difference of nothing", command.ZDiff().Err(), "at least one key"},
		{"difference of nothing with scores", command.ZDiffWithScores().Err(), "at least one key"},
		{"difference of nothing stored", command.ZDiffStore("d").Err(), "at least one key"},
		{"size of nothing", command.ZInterCard(0).Err(), "at least one key"},
		{"intersection of nothing", command.ZInter(command.ZCombine{}).Err(), "at least one key"},
		{"union of nothing", command.ZUnionStore("d", command.ZCombine{}).Err(), "at least one key"},
		{"fewer weights than keys", command.ZInterStore("d", one, "a", "b").Err(), "as many weights as keys"},
		{"more weights than keys", command.ZUnion(command.ZCombine{Weights: []float64{1, 2}}, "a").Err(), "as many weights as keys"},
		{"a weight that is NaN", command.ZUnionWithScores(command.ZCombine{Weights: []float64{math.NaN()}}, "a").Err(), "NaN"},
	})
}

func TestSortedSetAlgebraDecodes(t *testing.T) {
	t.Parallel()
	sum := command.ZCombine{}
	for _, members := range []command.Cmd[[]string]{command.ZDiff("a"), command.ZInter(sum, "a"), command.ZUnion(sum, "a")} {
		checkReply(t, members, list("a", "b"), []string{"a", "b"})
	}
	for _, scored := range []command.Cmd[[]command.Z]{command.ZDiffWithScores("a"), command.ZInterWithScores(sum, "a"), command.ZUnionWithScores(sum, "a")} {
		checkReply(t, scored, list("a", "1"), []command.Z{{Member: "a", Score: 1}})
	}
	for _, count := range []command.Cmd[int64]{command.ZDiffStore("d", "a"), command.ZInterCard(0, "a"), command.ZInterStore("d", sum, "a"), command.ZUnionStore("d", sum, "a")} {
		checkReply(t, count, number(3), int64(3))
	}
}
