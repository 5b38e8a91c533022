package command

// Z is a member of a sorted set and its score.
type Z struct {
	Member string
	Score  float64
}

// Zs decodes flat pairs of members and scores, in the order of the reply. A nil
// list is empty.
func (r Reply) Zs() ([]Z, error) {
	return pairs(r, func(member string, score Reply) (Z, error) {
		f, err := inside(score, Reply.Float)
		return Z{Member: member, Score: f}, err
	})
}

// oneZ decodes exactly one pair; an empty list is [ErrNil].
func oneZ(r Reply) (Z, error) {
	zs, err := r.Zs()
	switch {
	case err != nil:
		return Z{}, err
	case len(zs) == 0:
		return Z{}, ErrNil
	case len(zs) > 1:
		return Z{}, r.mismatch("one member and its score")
	}
	return zs[0], nil
}

// ZCompare makes [ZAddWith] depend on the score that a member has.
type ZCompare string

// The comparisons of the new score with the old one. Members that are not there
// yet are added in either case; the zero value compares nothing.
const (
	ZGreater ZCompare = "GT" // update only if the new score is greater
	ZLess    ZCompare = "LT" // update only if the new score is less
)

// ZAddOptions changes what ZADD does. [Absent] excludes Compare; the zero value
// is the plain command.
type ZAddOptions struct {
	If      Condition // [Absent]: only add new members; [Present]: only update members
	Compare ZCompare  // only update in that direction
	Changed bool      // count the updated members too, not only the added ones
}

func (o ZAddOptions) tail() (t tail) {
	if o.If.has {
		t.refuse("takes only the conditions Absent and Present")
	}
	if o.If.word == Absent.word && o.Compare != "" {
		t.refuse("Absent never updates a member, so there is nothing to compare: leave out If or Compare")
	}
	o.If.appendTo(&t)
	if o.Compare != "" {
		t.add(string(o.Compare))
	}
	if o.Changed {
		t.add("CH")
	}
	return t
}

func scored(members []Z) (t tail) {
	if len(members) == 0 {
		t.refuse("needs at least one member")
	}
	for _, z := range members {
		t.addValue(z.Score)
		t.add(z.Member)
	}
	return t
}

// ZAdd adds members or updates their scores and returns how many were added.
// Infinite scores are possible, NaN is refused.
func ZAdd(key string, members ...Z) Cmd[int64] {
	return idempotent(Reply.Int, "ZADD", key, scored(members))
}

// ZAddWith adds or updates members as the options say and returns how many were
// added, or with Changed how many were added or updated.
func ZAddWith(key string, o ZAddOptions, members ...Z) Cmd[int64] {
	return onceIf(o.If.word == Absent.word,
		idempotent(Reply.Int, "ZADD", key, o.tail(), scored(members)))
}

// ZAddIncr adds the score of member to the one that it has and returns the new
// score, which is absent when the options did not let it happen. [ZIncrBy] does
// the same without options; Changed makes no sense here and is refused.
func ZAddIncr(key string, o ZAddOptions, member Z) Cmd[Null[float64]] {
	t := o.tail()
	if o.Changed {
		t.refuse("returns a score, not a count: leave out Changed")
	}
	t.add("INCR")
	return once(Reply.NullFloat, "ZADD", key, t, member.Score, member.Member)
}

// ZCard returns the number of members, 0 when there is no such key.
func ZCard(key string) Cmd[int64] { return read(Reply.Int, "ZCARD", key) }

// ZCount returns the number of members with a score from low to high.
func ZCount(key string, low, high ScoreBound) Cmd[int64] {
	return read(Reply.Int, "ZCOUNT", key, between(low.bound, high.bound))
}

// ZIncrBy adds increment to the score of member, which is 0 if it is not there
// yet, and returns the new score.
func ZIncrBy(key string, increment float64, member string) Cmd[float64] {
	return once(Reply.Float, "ZINCRBY", key, increment, member)
}

// ZLexCount returns the number of members from low to high, for a set whose
// members all have the same score.
func ZLexCount(key string, low, high LexBound) Cmd[int64] {
	return read(Reply.Int, "ZLEXCOUNT", key, between(low.bound, high.bound))
}

// ZSide is an end of a sorted set.
type ZSide string

// The ends of a sorted set.
const (
	ZLowest  ZSide = "MIN" // the members with the lowest scores
	ZHighest ZSide = "MAX" // the members with the highest scores
)

// ZMPopped is what [ZMPop] removed and from where.
type ZMPopped struct {
	Key     string
	Members []Z
}

// zmPopped decodes a key and pairs that are lists of their own.
func zmPopped(r Reply) (ZMPopped, error) {
	items, err := r.Array()
	if err != nil {
		return ZMPopped{}, err
	}
	if len(items) != 2 {
		return ZMPopped{}, r.mismatch("a key and its members")
	}
	key, err := inside(items[0], Reply.Text)
	if err != nil {
		return ZMPopped{}, err
	}
	members, err := each(items[1], oneZ)
	if err != nil {
		return ZMPopped{}, err
	}
	return ZMPopped{Key: key, Members: members}, nil
}

// ZMPop removes up to count members from one side of the first of the keys that
// is not empty and returns them; [ErrNil] when all are empty.
func ZMPop(side ZSide, count int64, keys ...string) Cmd[ZMPopped] {
	t := counted("key", keys)
	if side == "" {
		t.refuse("needs a side: ZLowest or ZHighest")
	}
	if count < 1 {
		t.refuse("count must be at least 1")
	}
	t.add(string(side), "COUNT")
	t.addInt(count)
	return once(zmPopped, "ZMPOP", t)
}

// ZMScore returns one score for each member, in their order.
func ZMScore(key string, members ...string) Cmd[[]Null[float64]] {
	return read(Reply.NullFloats, "ZMSCORE", key, many("member", members))
}

// ZPopMax removes the member with the highest score and returns it; [ErrNil]
// when the set is empty.
func ZPopMax(key string) Cmd[Z] { return once(oneZ, "ZPOPMAX", key) }

// ZPopMaxN removes up to count members with the highest scores and returns them,
// the highest first.
func ZPopMaxN(key string, count int64) Cmd[[]Z] { return once(Reply.Zs, "ZPOPMAX", key, count) }

// ZPopMin removes the member with the lowest score and returns it; [ErrNil] when
// the set is empty.
func ZPopMin(key string) Cmd[Z] { return once(oneZ, "ZPOPMIN", key) }

// ZPopMinN removes up to count members with the lowest scores and returns them,
// the lowest first.
func ZPopMinN(key string, count int64) Cmd[[]Z] { return once(Reply.Zs, "ZPOPMIN", key, count) }

// ZRandMember returns a random member, or [ErrNil] when the set is empty.
func ZRandMember(key string) Cmd[string] { return read(Reply.Text, "ZRANDMEMBER", key) }

// ZRandMemberN returns up to count different random members. A negative count
// is exactly that many, in which a member may come more than once.
func ZRandMemberN(key string, count int64) Cmd[[]string] {
	return read(Reply.Texts, "ZRANDMEMBER", key, count)
}

// ZRandMemberWithScores is [ZRandMemberN] that returns the scores too.
func ZRandMemberWithScores(key string, count int64) Cmd[[]Z] {
	return read(Reply.Zs, "ZRANDMEMBER", key, count, "WITHSCORES")
}

// RankScore is the position of a member, from 0 on, and its score.
type RankScore struct {
	Rank  int64
	Score float64
}

func rankScore(r Reply) (RankScore, error) {
	items, err := r.Array()
	if err != nil {
		return RankScore{}, err
	}
	if len(items) != 2 {
		return RankScore{}, r.mismatch("a rank and a score")
	}
	rank, err := inside(items[0], Reply.Int)
	if err != nil {
		return RankScore{}, err
	}
	score, err := inside(items[1], Reply.Float)
	if err != nil {
		return RankScore{}, err
	}
	return RankScore{Rank: rank, Score: score}, nil
}

// ZRank returns the position of member, the lowest score being 0, or [ErrNil]
// when it is not there.
func ZRank(key, member string) Cmd[int64] { return read(Reply.Int, "ZRANK", key, member) }

// ZRankWithScore is [ZRank] that returns the score too.
func ZRankWithScore(key, member string) Cmd[RankScore] {
	return read(rankScore, "ZRANK", key, member, "WITHSCORE")
}

// ZRem removes members and returns how many were there.
func ZRem(key string, members ...string) Cmd[int64] {
	return idempotent(Reply.Int, "ZREM", key, many("member", members))
}

// ZRevRank returns the position of member, the highest score being 0, or
// [ErrNil] when it is not there.
func ZRevRank(key, member string) Cmd[int64] { return read(Reply.Int, "ZREVRANK", key, member) }

// ZRevRankWithScore is [ZRevRank] that returns the score too.
func ZRevRankWithScore(key, member string) Cmd[RankScore] {
	return read(rankScore, "ZREVRANK", key, member, "WITHSCORE")
}

// ZScan returns some members with their scores and the cursor for the next call.
// Start with the cursor "" and go on until [Page.Done]. A member may come twice;
// one that is there all along comes at least once.
func ZScan(key, cursor string, o MatchOptions) Cmd[Page[Z]] {
	return read(page(Reply.Zs), "ZSCAN", key, from(cursor), o.tail())
}

// ZScore returns the score of member, or [ErrNil] when it is not there.
func ZScore(key, member string) Cmd[float64] { return read(Reply.Float, "ZSCORE", key, member) }
