package command

// LPosOptions says where [LPosWith] and [LPosN] look. The zero value is the
// whole list, from its head.
type LPosOptions struct {
	// Rank is which match to begin with: 1, or 0 for short, is the first one,
	// 2 the second; -1 is the last one, and from there on towards the head.
	Rank   int64
	MaxLen int64 // compare no more than so many elements; 0 is all
}

func (o LPosOptions) appendTo(t *tail) {
	if o.Rank != 0 {
		t.add("RANK")
		t.addInt(o.Rank)
	}
	if o.MaxLen < 0 {
		t.refuse("MaxLen must not be negative")
	}
	if o.MaxLen != 0 {
		t.add("MAXLEN")
		t.addInt(o.MaxLen)
	}
}

// LPos returns the position of the first element that equals element; [ErrNil]
// when none does.
func LPos(key string, element any) Cmd[int64] { return read(Reply.Int, "LPOS", key, element) }

// LPosWith is [LPos] with options. Positions count from the head, whatever the
// direction.
func LPosWith(key string, element any, o LPosOptions) Cmd[int64] {
	var t tail
	o.appendTo(&t)
	return read(Reply.Int, "LPOS", key, element, t)
}

// LPosN is [LPosWith] that returns up to count positions, all of them when it is
// 0.
func LPosN(key string, element any, count int64, o LPosOptions) Cmd[[]int64] {
	var t tail
	if count < 0 {
		t.refuse("count must not be negative")
	}
	t.add("COUNT")
	t.addInt(count)
	o.appendTo(&t)
	return read(Reply.Ints, "LPOS", key, element, t)
}
