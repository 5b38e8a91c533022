package conform

import "github.com/seed-9937a0e6/upstash-go/upstash/command"

func sortedSetAlgebraCases() []Case {
	const two = "ZADD a 1 x 2 y 3 z; ZADD b 10 y 20 z 30 w"
	plain := command.ZCombine{}
	weighted := command.ZCombine{Weights: []float64{2, -0.5}}
	least, greatest := command.ZCombine{Aggregate: command.ZAggregateMin}, command.ZCombine{Aggregate: command.ZAggregateMax}
	all := command.ZCombine{Weights: []float64{2, 1}, Aggregate: command.ZAggregateMax}
	sum := command.ZCombine{Aggregate: command.ZAggregateSum}
	stored := func(members ...command.Z) check { return left(command.ZRangeWithScores("d", 0, -1), members) }
	return []Case{
		returns("ZDiff", two, command.ZDiff("a", "b"), []string{"x"}),
		returns("ZDiff: absent key", two, command.ZDiff("a", "absent"), []string{"x", "y", "z"}),
		returns("ZDiff: of nothing", two, command.ZDiff("absent", "a"), []string{}),
		fails("ZDiff: string", "SET a v", command.ZDiff("a", "b"), "WRONGTYPE"),
		returns("ZDiffWithScores", two, command.ZDiffWithScores("b", "a"), []command.Z{z("w", 30)}),
		returns("ZDiffStore", two, command.ZDiffStore("d", "a", "b"), 1, stored(z("x", 1))),
		returns("ZDiffStore: nothing", two+"; SET d old", command.ZDiffStore("d", "a", "a"), 0, left(command.Exists("d"), 0)),
		returns("ZInter", two, command.ZInter(plain, "a", "b"), []string{"y", "z"}),
		returns("ZInter: absent key", two, command.ZInter(plain, "a", "absent"), []string{}),
		returns("ZInter: of a set", two+"; SADD s y", command.ZInter(plain, "a", "s"), []string{"y"}),
		returns("ZInter: weights", two, command.ZInter(weighted, "a", "b"), []string{"z", "y"}),
		returns("ZInterWithScores", two, command.ZInterWithScores(plain, "a", "b"), []command.Z{z("y", 12), z("z", 23)}),
		returns("ZInterWithScores: weights", two, command.ZInterWithScores(weighted, "a", "b"), []command.Z{z("z", -4), z("y", -1)}),
		returns("ZInterWithScores: ZAggregateMin", two, command.ZInterWithScores(least, "a", "b"), []command.Z{z("y", 2), z("z", 3)}),
		returns("ZInterWithScores: all options", two, command.ZInterWithScores(all, "a", "b"), []command.Z{z("y", 10), z("z", 20)}),
		returns("ZInterWithScores: of a set", two+"; SADD s y", command.ZInterWithScores(sum, "a", "s"), []command.Z{z("y", 3)}),
		returns("ZInterCard", two, command.ZInterCard(0, "a", "b"), 2),
		returns("ZInterCard: limit", two, command.ZInterCard(1, "a", "b"), 1),
		returns("ZInterCard: absent key", two, command.ZInterCard(0, "a", "absent"), 0),
		returns("ZInterStore", two, command.ZInterStore("d", plain, "a", "b"), 2, stored(z("y", 12), z("z", 23))),
		returns("ZInterStore: all options", two, command.ZInterStore("d", all, "a", "b"), 2, stored(z("y", 10), z("z", 20))),
		returns("ZInterStore: nothing", two+"; SET d old", command.ZInterStore("d", plain, "a", "absent"), 0, left(command.Exists("d"), 0)),
		returns("ZUnion", two, command.ZUnion(plain, "a", "b"), []string{"x", "y", "z", "w"}),
		returns("ZUnion: ZAggregateMin", two, command.ZUnion(least, "a", "b"), []string{"x", "y", "z", "w"}),
		returns("ZUnion: absent keys", "", command.ZUnion(plain, "a", "b"), []string{}),
		fails("ZUnion: string", "SET a v", command.ZUnion(plain, "a", "b"), "WRONGTYPE"),
		returns("ZUnionWithScores", two, command.ZUnionWithScores(sum, "a", "b"), []command.Z{z("x", 1), z("y", 12), z("z", 23), z("w", 30)}),
		returns("ZUnionWithScores: weights", two, command.ZUnionWithScores(weighted, "a", "b"), []command.Z{z("w", -15), z("z", -4), z("y", -1), z("x", 2)}),
		returns("ZUnionWithScores: ZAggregateMax", two, command.ZUnionWithScores(greatest, "a", "b"), []command.Z{z("x", 1), z("y", 10), z("z", 20), z("w", 30)}),
		returns("ZUnionStore", two, command.ZUnionStore("d", plain, "a", "b"), 4, stored(z("x", 1), z("y", 12), z("z", 23), z("w", 30))),
		returns("ZUnionStore: all options", two, command.ZUnionStore("d", all, "a", "b"), 4, stored(z("x", 2), z("y", 10), z("z", 20), z("w", 30))),
		returns("ZUnionStore: onto itself", two, command.ZUnionStore("a", least, "a", "b"), 4, left(command.ZScore("a", "y"), 2)),
		fails("ZUnionStore: string", "ZADD d 1 a; SET k v", command.ZUnionStore("d", plain, "k"), "WRONGTYPE", stored(z("a", 1))),
	}
}
