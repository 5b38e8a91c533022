package command

import "strconv"

// bound is one end of a range as it goes over the wire. An open end knows which
// of the two it is, because Over and Under are the same to Redis and say the
// opposite to a reader.
type bound struct {
	word string
	end  end
	err  error
}

type end uint8

const (
	eitherEnd end = iota
	lowEnd
	highEnd
)

// between is a range from low to high.
func between(low, high bound) tail {
	t := tail{words: []string{low.word, high.word}}
	for _, b := range []bound{low, high} {
		if b.err != nil && t.err == nil {
			t.err = b.err
		}
		if b.word == "" && b.err == nil {
			t.refuse("an end of the range is missing: an open one is ScoreMin, ScoreMax, LexMin or LexMax")
		}
	}
	if low.end == highEnd {
		t.refuse("the low end of the range is an Under: use Over")
	}
	if high.end == lowEnd {
		t.refuse("the high end of the range is an Over: use Under")
	}
	return t
}

// swapped is the range in the order of the commands that go downwards.
func (t tail) swapped() tail {
	t.words[0], t.words[1] = t.words[1], t.words[0]
	return t
}

// ScoreBound is one end of a range of scores: [Score], [ScoreOver], [ScoreUnder],
// [ScoreMin] or [ScoreMax].
type ScoreBound struct{ bound bound }

// The scores that leave a range open.
var (
	// ScoreMin is the low end of all scores (-inf).
	ScoreMin = ScoreBound{bound{word: "-inf"}}
	// ScoreMax is the high end of all scores (+inf).
	ScoreMax = ScoreBound{bound{word: "+inf"}}
)

// Score is a low or a high end that belongs to the range.
func Score(score float64) ScoreBound { return scoreBound(eitherEnd, "", score) }

// ScoreOver is a low end that does not belong to the range itself.
func ScoreOver(score float64) ScoreBound { return scoreBound(lowEnd, "(", score) }

// ScoreUnder is a high end that does not belong to the range itself.
func ScoreUnder(score float64) ScoreBound { return scoreBound(highEnd, "(", score) }

func scoreBound(end end, prefix string, score float64) ScoreBound {
	word, err := encodeFloat(score, 64)
	return ScoreBound{bound{word: prefix + word, end: end, err: err}}
}

// LexBound is one end of a range of members in the order of their bytes: [Lex],
// [LexOver], [LexUnder], [LexMin] or [LexMax].
type LexBound struct{ bound bound }

// The members that leave a range open.
var (
	// LexMin is the low end of all members (-).
	LexMin = LexBound{bound{word: "-"}}
	// LexMax is the high end of all members (+).
	LexMax = LexBound{bound{word: "+"}}
)

// Lex is a low or a high end that belongs to the range.
func Lex(member string) LexBound { return LexBound{bound{word: "[" + member}} }

// LexOver is a low end that does not belong to the range itself.
func LexOver(member string) LexBound { return LexBound{bound{word: "(" + member, end: lowEnd}} }

// LexUnder is a high end that does not belong to the range itself.
func LexUnder(member string) LexBound { return LexBound{bound{word: "(" + member, end: highEnd}} }

// RankBound is one end of a range of positions: see [Rank].
type RankBound struct{ bound bound }

// Rank is a position from 0 on, which belongs to the range; negative positions
// count from the end.
func Rank(rank int64) RankBound {
	return RankBound{bound{word: strconv.FormatInt(rank, 10)}}
}

// ZBound is one end of a range that [ZRangeBy] reads: a [ScoreBound], a
// [LexBound] or a [RankBound].
type ZBound interface {
	// zbound returns the end and the word that says what it counts.
	zbound() (b bound, by string)
}

func (b ScoreBound) zbound() (bound, string) { return b.bound, "BYSCORE" }

func (b LexBound) zbound() (bound, string) { return b.bound, "BYLEX" }

func (b RankBound) zbound() (bound, string) { return b.bound, "" }

// Limit takes a part of a result. The zero value is all of it.
type Limit struct {
	Offset int64 // how many to skip
	Count  int64 // how many to return at most; 0 is all the rest
}

func (l Limit) appendTo(t *tail) {
	if l == (Limit{}) {
		return
	}
	count := l.Count
	if count == 0 {
		count = -1
	}
	t.add("LIMIT")
	t.addInt(l.Offset)
	t.addInt(count)
}
