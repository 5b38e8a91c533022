package command

import "slices"

// ZAggregate says what becomes of the scores of a member that is in several sets.
type ZAggregate string

// The ways to make one score of several; the zero value is the sum.
const (
	ZAggregateSum ZAggregate = "SUM"
	ZAggregateMin ZAggregate = "MIN"
	ZAggregateMax ZAggregate = "MAX"
)

// ZCombine says how the scores of several sets become one. The zero value is
// their plain sum.
type ZCombine struct {
	Weights   []float64  // one factor for each key, in their order; none is 1 for all
	Aggregate ZAggregate // the sum, the least or the greatest of the weighted scores
}

func (o ZCombine) tail(keys []string, more ...string) tail {
	t := counted("key", keys)
	if len(o.Weights) > 0 {
		if len(o.Weights) != len(keys) {
			t.refuse("needs as many weights as keys")
		}
		t.add("WEIGHTS")
		for _, weight := range o.Weights {
			t.addValue(weight)
		}
	}
	if o.Aggregate != "" {
		t.add("AGGREGATE", string(o.Aggregate))
	}
	t.add(more...)
	return t
}

// ZDiff returns the members of the first key that none of the others has.
func ZDiff(keys ...string) Cmd[[]string] {
	return read(Reply.Texts, "ZDIFF", counted("key", keys))
}

// ZDiffWithScores is [ZDiff] that returns the scores too.
func ZDiffWithScores(keys ...string) Cmd[[]Z] {
	return read(Reply.Zs, "ZDIFF", counted("key", keys), "WITHSCORES")
}

// ZDiffStore stores what [ZDiffWithScores] would return at destination, whatever
// was there, and returns the number of members.
func ZDiffStore(destination string, keys ...string) Cmd[int64] {
	// A destination that is itself subtracted is another set the second time.
	subtracted := len(keys) > 0 && slices.Contains(keys[1:], destination)
	return onceIf(subtracted,
		idempotent(Reply.Int, "ZDIFFSTORE", destination, counted("key", keys)))
}

// ZInter returns the members that all keys have, from the lowest combined score up.
func ZInter(o ZCombine, keys ...string) Cmd[[]string] {
	return read(Reply.Texts, "ZINTER", o.tail(keys))
}

// ZInterWithScores is [ZInter] that returns the combined scores too.
func ZInterWithScores(o ZCombine, keys ...string) Cmd[[]Z] {
	return read(Reply.Zs, "ZINTER", o.tail(keys, "WITHSCORES"))
}

// ZInterCard returns the number of members that all keys have, and stops
// counting at limit unless it is 0.
func ZInterCard(limit int64, keys ...string) Cmd[int64] {
	t := counted("key", keys)
	if limit != 0 {
		t.add("LIMIT")
		t.addInt(limit)
	}
	return read(Reply.Int, "ZINTERCARD", t)
}

// ZInterStore stores what [ZInterWithScores] would return at destination,
// whatever was there, and returns the number of members.
func ZInterStore(destination string, o ZCombine, keys ...string) Cmd[int64] {
	return once(Reply.Int, "ZINTERSTORE", destination, o.tail(keys))
}

// ZUnion returns the members that any of the keys has, from the lowest combined
// score up.
func ZUnion(o ZCombine, keys ...string) Cmd[[]string] {
	return read(Reply.Texts, "ZUNION", o.tail(keys))
}

// ZUnionWithScores is [ZUnion] that returns the combined scores too.
func ZUnionWithScores(o ZCombine, keys ...string) Cmd[[]Z] {
	return read(Reply.Zs, "ZUNION", o.tail(keys, "WITHSCORES"))
}

// ZUnionStore stores what [ZUnionWithScores] would return at destination,
// whatever was there, and returns the number of members.
func ZUnionStore(destination string, o ZCombine, keys ...string) Cmd[int64] {
	return once(Reply.Int, "ZUNIONSTORE", destination, o.tail(keys))
}
