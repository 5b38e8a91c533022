package command

// ZRange returns the members at the positions start to stop, both included, from
// the lowest score up; negative positions count from the end.
func ZRange(key string, start, stop int64) Cmd[[]string] {
	return read(Reply.Texts, "ZRANGE", key, start, stop)
}

// ZRangeWithScores is [ZRange] that returns the scores too.
func ZRangeWithScores(key string, start, stop int64) Cmd[[]Z] {
	return read(Reply.Zs, "ZRANGE", key, start, stop, "WITHSCORES")
}

// ZRangeArgs says which members [ZRangeBy] and its relatives read. Key, Min and
// Max are required.
type ZRangeArgs struct {
	Key string
	Min ZBound // the low end, whatever the direction
	Max ZBound // the high end, of the same kind as Min
	Rev bool   // from the high end down; a [Rank] then counts from the highest score
	// Limit takes a part of a range of scores or members. A range of positions
	// has none.
	Limit Limit
}

func (a ZRangeArgs) tail(more ...string) (t tail) {
	if a.Min == nil || a.Max == nil {
		t.refuse("needs Min and Max, for example ScoreMin and ScoreMax")
		return t
	}
	low, by := a.Min.zbound()
	high, byHigh := a.Max.zbound()
	t = between(low, high)
	switch {
	case by != byHigh:
		t.refuse("Min and Max are of different kinds: give two scores, two members or two positions")
	case by == "" && a.Limit != Limit{}:
		t.refuse("a range of positions has no Limit: choose other positions")
	case by == "BYLEX" && len(more) > 0:
		t.refuse("a range of members does not come with scores, which are all the same")
	}
	if by != "" {
		if a.Rev {
			t = t.swapped()
		}
		t.add(by)
	}
	if a.Rev {
		t.add("REV")
	}
	a.Limit.appendTo(&t)
	t.add(more...)
	return t
}

// ZRangeBy returns the members between two scores, two members or two positions.
func ZRangeBy(a ZRangeArgs) Cmd[[]string] { return read(Reply.Texts, "ZRANGE", a.Key, a.tail()) }

// ZRangeByWithScores is [ZRangeBy] that returns the scores too. It is not
// possible between two members.
func ZRangeByWithScores(a ZRangeArgs) Cmd[[]Z] {
	return read(Reply.Zs, "ZRANGE", a.Key, a.tail("WITHSCORES"))
}

// ZRangeStore stores the members that [ZRangeBy] would return at destination,
// whatever was there, and returns how many they are.
func ZRangeStore(destination string, a ZRangeArgs) Cmd[int64] {
	return once(Reply.Int, "ZRANGESTORE", destination, a.Key, a.tail())
}

// ZRemRangeByLex removes the members from low to high, for a set whose members
// all have the same score, and returns how many they were.
func ZRemRangeByLex(key string, low, high LexBound) Cmd[int64] {
	return idempotent(Reply.Int, "ZREMRANGEBYLEX", key, between(low.bound, high.bound))
}

// ZRemRangeByRank removes the members at the positions start to stop, both
// included, and returns how many they were; negative positions count from the end.
func ZRemRangeByRank(key string, start, stop int64) Cmd[int64] {
	return once(Reply.Int, "ZREMRANGEBYRANK", key, start, stop)
}

// ZRemRangeByScore removes the members with a score from low to high and returns
// how many they were.
func ZRemRangeByScore(key string, low, high ScoreBound) Cmd[int64] {
	return idempotent(Reply.Int, "ZREMRANGEBYSCORE", key, between(low.bound, high.bound))
}

// limited is a range with the words that follow it in the older commands.
func limited(t tail, limit Limit, more ...string) tail {
	t.add(more...)
	limit.appendTo(&t)
	return t
}

// ZRangeByLex returns the members from low to high, for a set whose members all
// have the same score.
//
// Deprecated: use [ZRangeBy].
func ZRangeByLex(key string, low, high LexBound, limit Limit) Cmd[[]string] {
	t := between(low.bound, high.bound)
	return read(Reply.Texts, "ZRANGEBYLEX", key, limited(t, limit))
}

// ZRangeByScore returns the members with a score from low to high.
//
// Deprecated: use [ZRangeBy].
func ZRangeByScore(key string, low, high ScoreBound, limit Limit) Cmd[[]string] {
	t := between(low.bound, high.bound)
	return read(Reply.Texts, "ZRANGEBYSCORE", key, limited(t, limit))
}

// ZRangeByScoreWithScores is [ZRangeByScore] that returns the scores too.
//
// Deprecated: use [ZRangeByWithScores].
func ZRangeByScoreWithScores(key string, low, high ScoreBound, limit Limit) Cmd[[]Z] {
	t := between(low.bound, high.bound)
	return read(Reply.Zs, "ZRANGEBYSCORE", key, limited(t, limit, "WITHSCORES"))
}

// ZRevRange returns the members at the positions start to stop, both included,
// from the highest score down.
//
// Deprecated: use [ZRangeBy] with Rev.
func ZRevRange(key string, start, stop int64) Cmd[[]string] {
	return read(Reply.Texts, "ZREVRANGE", key, start, stop)
}

// ZRevRangeWithScores is [ZRevRange] that returns the scores too.
//
// Deprecated: use [ZRangeByWithScores] with Rev.
func ZRevRangeWithScores(key string, start, stop int64) Cmd[[]Z] {
	return read(Reply.Zs, "ZREVRANGE", key, start, stop, "WITHSCORES")
}

// ZRevRangeByLex returns the members from high down to low, for a set whose
// members all have the same score. As in Redis, high comes first.
//
// Deprecated: use [ZRangeBy] with Rev.
func ZRevRangeByLex(key string, high, low LexBound, limit Limit) Cmd[[]string] {
	t := between(low.bound, high.bound).swapped()
	return read(Reply.Texts, "ZREVRANGEBYLEX", key, limited(t, limit))
}

// ZRevRangeByScore returns the members with a score from high down to low. As in
// Redis, high comes first.
//
// Deprecated: use [ZRangeBy] with Rev.
func ZRevRangeByScore(key string, high, low ScoreBound, limit Limit) Cmd[[]string] {
	t := between(low.bound, high.bound).swapped()
	return read(Reply.Texts, "ZREVRANGEBYSCORE", key, limited(t, limit))
}

// ZRevRangeByScoreWithScores is [ZRevRangeByScore] that returns the scores too.
//
// Deprecated: use [ZRangeByWithScores] with Rev.
func ZRevRangeByScoreWithScores(key string, high, low ScoreBound, limit Limit) Cmd[[]Z] {
	t := between(low.bound, high.bound).swapped()
	return read(Reply.Zs, "ZREVRANGEBYSCORE", key, limited(t, limit, "WITHSCORES"))
}
